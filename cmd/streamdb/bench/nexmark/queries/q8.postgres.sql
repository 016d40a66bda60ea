SELECT p.id, p.name, p.starttime
FROM (SELECT DISTINCT id, name, date_bin('10 seconds', date_time, 'epoch') AS starttime FROM person) AS p
JOIN (SELECT DISTINCT seller, date_bin('10 seconds', date_time, 'epoch') AS starttime FROM auction) AS a
ON p.id = a.seller AND p.starttime = a.starttime
