-- Processing-time windows: how many bids a person made in each ten seconds of the server's clock.
SELECT bidder, count(*) AS bid_count, window_start AS starttime, window_end AS endtime
FROM TUMBLE((SELECT *, proctime() AS p_time FROM bid), p_time, INTERVAL '10 seconds')
GROUP BY bidder, window_start, window_end
