-- Average selling price of a seller: of the last eleven auctions won. The Nexmark project has it, and Flink refuses it.
SELECT q.seller, trunc(avg(q.price) OVER (PARTITION BY q.seller ORDER BY q.bid_time, q.id ROWS BETWEEN 10 PRECEDING AND CURRENT ROW))::bigint
  AS average
FROM (
  SELECT a.id, a.seller, b.price, b.date_time AS bid_time,
    row_number() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.date_time) AS rownum
  FROM auction AS a, bid AS b
  WHERE a.id = b.auction AND b.date_time BETWEEN a.date_time AND a.expires
) AS q
WHERE q.rownum <= 1
