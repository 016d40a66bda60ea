SELECT k % 10 AS g, count(*), sum(total) FROM totals GROUP BY k % 10;
