SELECT B.auction, B.price, B.bidder, B.date_time, B.extra
FROM bid B
JOIN (
  SELECT max(price) AS maxprice, window
  FROM bid
  GROUP BY window(date_time, '10 seconds')
) B1
ON B.price = B1.maxprice AND B.date_time BETWEEN B1.window.end - INTERVAL '10' SECOND AND B1.window.end
