SELECT B.auction, B.bidder, B.price, B.date_time, S.value
FROM bid B JOIN (SELECT id AS key, CAST(id AS STRING) AS value FROM range(10000)) S ON mod(B.auction, 10000) = S.key
