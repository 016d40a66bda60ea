CREATE TABLE item (id bigint PRIMARY KEY, k bigint NOT NULL, v bigint NOT NULL);
INSERT INTO item SELECT i, 1 + i % 100000, i * 7 FROM generate_series(0, 199999) AS g (i);
CREATE TABLE totals (k bigint PRIMARY KEY, n bigint, total numeric);
INSERT INTO totals SELECT k, count(*), sum(v) FROM item GROUP BY k;
VACUUM ANALYZE totals;
