-- key: id
-- Spark's row_number is for windows of time only. The least of what row_number would order by is the same row.
SELECT id, item_name, description, initial_bid, reserve, date_time, expires, seller, category, extra,
  id AS auction, best.bidder, -best.minus_price AS price, best.date_time AS bid_date_time, best.extra AS bid_extra
FROM (
  SELECT A.*, min(struct(-B.price AS minus_price, B.date_time, B.bidder, B.extra)) AS best
  FROM auction A, bid B
  WHERE A.id = B.auction AND B.date_time BETWEEN A.date_time AND A.expires
  GROUP BY ALL
)
