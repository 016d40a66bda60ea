SELECT count(*), sum(n), sum(total) FROM totals;
