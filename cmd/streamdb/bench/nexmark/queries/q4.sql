-- Average price of a category: of the winning bids of its auctions. An average of Flink's bigints is a bigint, rounded down.
SELECT q.category, trunc(avg(q.final))::bigint AS final
FROM (
  SELECT max(b.price) AS final, a.category
  FROM auction AS a, bid AS b
  WHERE a.id = b.auction AND b.date_time BETWEEN a.date_time AND a.expires
  GROUP BY a.id, a.category
) AS q
GROUP BY q.category
