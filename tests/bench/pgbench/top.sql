SELECT k, total FROM totals ORDER BY total DESC LIMIT 10;
