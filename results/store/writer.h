// SPDX-License-Identifier: GPL-2.0-or-later
// Who writes a session, so that one whose writer died can be told from one that runs: a process,
// named in a way that outlives it.
#ifndef RESULTS_STORE_WRITER_H
#define RESULTS_STORE_WRITER_H

#include <stdbool.h>

enum { WRITER_SIZE = 256 };

// Writes this process' name, "HOST BOOT NAMESPACE PID START", and returns it; NULL where /proc does
// not tell.
const char *writer_name(char name[WRITER_SIZE]);

// Whether the process of that name has certainly ended. is_local: it ran on this machine, because
// what it wrote is a file here. False whenever it cannot be known: of another host, of another
// container, of a name that is none.
bool writer_is_gone(const char *name, bool is_local);

#endif
