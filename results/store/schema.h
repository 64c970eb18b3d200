// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of the store and how older files become current ones: a list of SQL steps, of which
// step N leads from version N to version N + 1 (PRAGMA user_version; in PostgreSQL the table
// slabmark_store). Nothing else knows of a step: a new table is a new step at the end, and
// migration_test.c leads a store of each earlier version through it.
#ifndef RESULTS_STORE_SCHEMA_H
#define RESULTS_STORE_SCHEMA_H

#define SCHEMA_APPLICATION_ID                                                                      \
	0x534c4d4b // "SLMK", PRAGMA application_id: tells our files from other applications'

// The version that this build reads and writes.
int schema_version(void);

enum schema_kind { SCHEMA_SQLITE, SCHEMA_POSTGRES };

// The SQL that leads from `version` to the next one, in the words of a kind of database. version is
// below schema_version(). The caller's to free; NULL: no memory.
char *schema_step(int version, enum schema_kind kind);

#endif
