-- key: auction, bidder
-- Spark's row_number is for windows of time only. The least of what row_number would order by is the same row.
SELECT auction, bidder, -last.minus_price AS price, last.channel, last.url, timestamp_micros(-last.minus_time) AS date_time, last.extra
FROM (
  SELECT auction, bidder,
    min(struct(-unix_micros(date_time) AS minus_time, -price AS minus_price, channel, url, extra)) AS last
  FROM bid
  GROUP BY auction, bidder
)
