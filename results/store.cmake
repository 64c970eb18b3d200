# The store: what every kind of database has in common, then SQLite, then PostgreSQL.
target_sources(results PRIVATE
  counters_text.c schema.c statement.c store.c store_machines.c store_prune.c store_read.c store_size.c store_verify.c store_write.c store_writer.c
  schema_sqlite.c statement_sqlite.c store_sqlite.c
  copy_rows.c statement_postgres.c store_postgres.c)
