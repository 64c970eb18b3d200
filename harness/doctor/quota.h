// SPDX-License-Identifier: GPL-2.0-or-later
// The CPU quota of this process's control groups, of version 1 and 2: whoever exceeds it stands
// still until the period is over.
#ifndef HARNESS_DOCTOR_QUOTA_H
#define HARNESS_DOCTOR_QUOTA_H

#include <stdbool.h>
#include <stddef.h>

struct quota {
	double microseconds; // of a period
	double period; // microseconds
	char file[1024]; // that says so
};

// The tightest quota on the way from the process's own group up to the root, below `root`: "" or a
// test's folder. False: there is none to be seen.
bool quota_read(const char *root, struct quota *quota);

#endif
