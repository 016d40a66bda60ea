SELECT auction, count(*) AS bids, sum(price) AS total, max(date_time) AS newest FROM bid GROUP BY auction
