-- Makes references.txt, on PostgreSQL 15: psql -At -F ' ' -f references.sql
SELECT fktable, array_to_string(fkcols, ','), pktable, array_to_string(pkcols, ','), is_array FROM pg_get_catalog_foreign_keys();
