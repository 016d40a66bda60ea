\set id random(1, 100000)
SELECT k, n, total FROM totals WHERE k = :id;
