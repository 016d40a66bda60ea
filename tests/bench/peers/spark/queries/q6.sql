SELECT Q.seller, AVG(Q.price) OVER (PARTITION BY Q.seller ORDER BY Q.bid_time ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS average
FROM (
  SELECT A.id, A.seller, B.price, B.date_time AS bid_time,
    ROW_NUMBER() OVER (PARTITION BY A.id ORDER BY B.price DESC, B.date_time) AS rownum
  FROM auction A, bid B
  WHERE A.id = B.auction AND B.date_time BETWEEN A.date_time AND A.expires
) Q
WHERE Q.rownum <= 1
