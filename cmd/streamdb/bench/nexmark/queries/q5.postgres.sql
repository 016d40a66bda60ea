WITH hops AS (
  SELECT auction, count(*) AS num, w AS starttime
  FROM bid, LATERAL (SELECT date_bin('2 seconds', date_time, 'epoch') - k * INTERVAL '2 seconds' AS w FROM generate_series(0, 4) AS k) AS windows
  GROUP BY auction, w
)
SELECT auction, num
FROM hops JOIN (SELECT max(num) AS maxn, starttime FROM hops GROUP BY starttime) AS max_bids USING (starttime)
WHERE num >= maxn
