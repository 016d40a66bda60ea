-- The bounded table that q13 looks up in: 10,000 keys, as the Nexmark project's side input has.
CREATE TABLE side_input (key BIGINT PRIMARY KEY, value TEXT);
INSERT INTO side_input SELECT i, i::text FROM generate_series(0, 9999) AS g(i);
