// SPDX-License-Identifier: GPL-2.0-or-later
// The fingerprint: a digest of what a machine *is*, by which the store knows it again. Pure. The
// measured programs write it with what they see; the store makes it anew of what older programs
// wrote.
#ifndef RESULTS_FINGERPRINT_H
#define RESULTS_FINGERPRINT_H

#include <stdbool.h>

enum { FINGERPRINT_SIZE = 17 }; // 16 digits: enough to tell machines apart, short enough to read

// Of the facts "cpu_model" and "topology_digest", as they stand in the context of a result.
void fingerprint_make(
	const char *cpu_model, const char *topology_digest, char text[FINGERPRINT_SIZE]);

// Whether `recorded` is a fingerprint that an older slabmark made: another one than today's of the
// same facts, which `text` then is. What no slabmark made (a name that somebody gave, facts that
// are missing; any of the three may be NULL) stays as it is.
bool fingerprint_is_former(const char *recorded, const char *cpu_model, const char *topology_digest,
	char text[FINGERPRINT_SIZE]);

#endif
