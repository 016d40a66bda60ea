CREATE TABLE item (id bigint PRIMARY KEY, k bigint NOT NULL, v bigint NOT NULL);
CREATE VIEW totals AS SELECT k, count(*) AS n, sum(v) AS total FROM item GROUP BY k;
INSERT INTO item SELECT i, 1 + i % 100000, i * 7 FROM generate_series(0, 199999) AS g (i);
