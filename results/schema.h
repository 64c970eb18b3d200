// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of the store and how older files become current ones: a list of SQL steps, of which step N leads from
// version N to version N + 1 (PRAGMA user_version).
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#define SCHEMA_APPLICATION_ID                                                                      \
	0x534c4d4b // "SLMK", PRAGMA application_id: tells our files from other applications'

// The version that this build reads and writes.
int schema_version(void);

// The SQL that leads from `version` to the next one; static storage. version is below schema_version().
const char *schema_step(int version);

#endif
