-- Makes columns.txt, on PostgreSQL 15 as initdb leaves it: psql -At -F ' ' -f columns.sql
SELECT n.nspname || '.' || c.relname, c.oid, c.relkind,
  string_agg(a.attname || ' ' || CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END
    || CASE WHEN a.attnotnull THEN '!' ELSE '' END, ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v') AND a.attnum > 0
GROUP BY n.nspname, c.relname, c.oid, c.relkind ORDER BY n.nspname, c.relname COLLATE "C";
