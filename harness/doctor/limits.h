// SPDX-License-Identifier: GPL-2.0-or-later
// What this process's control groups allow, of version 1 and 2. Whoever exceeds the CPU quota stands
// still until the period is over; whoever exceeds the memory is killed.
#ifndef HARNESS_DOCTOR_LIMITS_H
#define HARNESS_DOCTOR_LIMITS_H

enum { LIMIT_FILE_SIZE = 1024 };

// A limit that is not there is 0, and its file empty.
struct limits {
	double microseconds; // of CPU time in each period
	double period; // microseconds
	char quota_file[LIMIT_FILE_SIZE]; // that says so
	double bytes; // of memory
	char memory_file[LIMIT_FILE_SIZE];
};

// The tightest limits on the way from the process's own group up to the root, below `root`: "" or a
// test's folder.
void limits_read(const char *root, struct limits *limits);

#endif
