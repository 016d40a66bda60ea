SELECT AuctionBids.auction, AuctionBids.num
FROM (
  SELECT auction, count(*) AS num, window
  FROM bid
  GROUP BY auction, window(date_time, '10 seconds', '2 seconds')
) AS AuctionBids
JOIN (
  SELECT max(CountBids.num) AS maxn, CountBids.window
  FROM (
    SELECT count(*) AS num, window
    FROM bid
    GROUP BY auction, window(date_time, '10 seconds', '2 seconds')
  ) AS CountBids
  GROUP BY CountBids.window
) AS MaxBids
ON AuctionBids.window = MaxBids.window AND AuctionBids.num >= MaxBids.maxn
