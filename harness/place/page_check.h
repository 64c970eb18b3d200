// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a thread's memory lay where its placement wanted it, looked at after a timed loop: a fresh
// page, which shows the thread's own policy, and some objects of the allocator, which may come from any
// thread of the benchmark.
#ifndef HARNESS_PLACE_PAGE_CHECK_H
#define HARNESS_PLACE_PAGE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "memory_policy.h"
#include "placement.h"

enum { PAGE_CHECK_OBJECTS = 8 }; // so many are looked at

// The fresh page of a thread on this site. False: it lies elsewhere, reason says where.
bool page_check_fresh(const struct memory_policy *policy, const struct site *site, char *reason,
	size_t reason_size);

// Objects that the calling thread was given and has written to. False: one lies on a node of no thread
// of the placement, or of none of the policy's.
bool page_check_objects(const struct memory_policy *policy, const struct placement *placement,
	void *const *objects, size_t count, char *reason, size_t reason_size);

#endif
