SELECT * FROM delay_by_airport ORDER BY iata;
SELECT * FROM flights_per_day ORDER BY day;
SELECT * FROM busiest_routes ORDER BY flights DESC, origin, destination;
