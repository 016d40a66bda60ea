-- The ten highest bids of each auction.
SELECT *
FROM (
  SELECT *, row_number() OVER (PARTITION BY auction ORDER BY price DESC, date_time, bidder, channel, url, extra) AS rank_number
  FROM bid
) AS ranked
WHERE rank_number <= 10
