-- Spark 4.3 finds no pairs when it joins an aggregate with an aggregate of aggregates. The counts that are equal to the window's greatest
-- are taken from a list instead.
SELECT item.auction, item.num
FROM (
  SELECT explode(filter(items, item -> item.num >= maxn)) AS item
  FROM (
    SELECT max(num) AS maxn, collect_list(struct(auction, num)) AS items
    FROM (
      SELECT auction, count(*) AS num, window
      FROM bid
      GROUP BY auction, window(date_time, '10 seconds', '2 seconds')
    ) AS CountBids
    GROUP BY window
  ) AS MaxBids
)
