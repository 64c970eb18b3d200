-- SPDX-License-Identifier: GPL-2.0-or-later
-- A view for Apache Otava's PostgreSQL source, over a store in PostgreSQL (slabmark … --db=postgresql://…). Install it with
--
--   psql postgresql://HOST/DATABASE --file=otava.sql
--
-- as whoever owns the store, in the search_path that the store is in. It lies in a schema of its own, so that the store's
-- own schema holds the store alone; after a newer slabmark has changed the tables, install it again. Nothing is copied.
--
-- A row is one benchmark of one config on one machine in one session. Its figures are geometric means over processes, each
-- process counting once, as in `slabmark export --format=otava`. Failed samples, aggregates, simulated times, calibrations and
-- second rounds of a gate are left out.

BEGIN;
SET LOCAL client_min_messages = warning; -- that the schema is there is no news
CREATE SCHEMA IF NOT EXISTS slabmark_otava;
DROP VIEW IF EXISTS slabmark_otava.figures;

CREATE VIEW slabmark_otava.figures AS
WITH by_process AS (
  SELECT p.session_id, p.machine_id, p.build_id, p.config, s.name, p.id,
    avg(ln(s.real_time_ns)) AS real_log,
    avg(CASE WHEN s.cpu_time_ns > 0 THEN ln(s.cpu_time_ns) END) AS cpu_log
  FROM samples AS s
  JOIN processes AS p ON p.id = s.process_id
  WHERE s.run_type = 'iteration' AND s.failed = 0 AND p.simulated = 0
    AND p.session_id NOT IN (SELECT id FROM sessions WHERE plan LIKE '%"purpose":%')
  GROUP BY p.session_id, p.machine_id, p.build_id, p.config, s.name, p.id
)
SELECT
  to_timestamp(session.started_unix_ns / 1e9) AS time, -- when the session began
  coalesce(build."commit", 'unknown') AS "commit",
  coalesce(machine.fingerprint, 'unknown') AS machine,
  by_process.session_id AS session,
  by_process.config,
  by_process.name AS benchmark,
  exp(avg(by_process.real_log)) AS real_time_ns, -- an operation
  exp(avg(by_process.cpu_log)) AS cpu_time_ns,
  count(*) AS processes -- that the figures rest on
FROM by_process
JOIN sessions AS session ON session.id = by_process.session_id
JOIN builds AS build ON build.id = by_process.build_id
LEFT JOIN machines AS machine ON machine.id = by_process.machine_id
GROUP BY session.started_unix_ns, build."commit", machine.fingerprint, by_process.session_id, by_process.config,
  by_process.name;
COMMIT;
