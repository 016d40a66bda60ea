-- The same for PostgreSQL: the streams are tables and the windows are spelled out.
CREATE TABLE airport (iata TEXT PRIMARY KEY, name TEXT, city TEXT, state TEXT, country TEXT,
    latitude DOUBLE PRECISION, longitude DOUBLE PRECISION);
CREATE TABLE flight (date TIMESTAMP, delay BIGINT, distance BIGINT, origin TEXT, destination TEXT);
CREATE VIEW delay_by_airport AS
  SELECT a.iata, a.city, count(*) AS flights, round(avg(f.delay), 2) AS average_delay, max(f.delay) AS worst
  FROM flight f JOIN airport a ON a.iata = f.origin GROUP BY a.iata, a.city;
CREATE VIEW flights_per_day AS
  SELECT date_trunc('day', date) AS day, count(*) AS flights, count(*) FILTER (WHERE delay > 15) AS late, sum(distance) AS miles
  FROM flight GROUP BY 1;
CREATE VIEW busiest_routes AS
  SELECT origin, destination, count(*) AS flights, min(distance) AS distance
  FROM flight GROUP BY origin, destination ORDER BY flights DESC, origin, destination LIMIT 20;
\copy airport FROM 'airports.csv' WITH (FORMAT csv, HEADER)
\copy flight FROM 'flights.csv' WITH (FORMAT csv, HEADER)
