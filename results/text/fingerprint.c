// SPDX-License-Identifier: GPL-2.0-or-later
// Makes fingerprints of facts. Entry: fingerprint_make().
//
// Only facts that every store holds go into it, so that a stored machine and the same machine
// measured today have one fingerprint: the processor's name, and the digest of its topology, which
// stands for the count and arrangement of the processors, the caches, and the nodes with their
// distances. Amounts of memory, kernel, microcode and settings change on one machine; they are
// facts of their own.
#include "fingerprint.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// FNV-1a, of the text and its terminating zero.
static uint64_t hashed(uint64_t hash, const char *text)
{
	do {
		hash ^= (unsigned char)*text;
		hash *= 1099511628211U;
	} while (*text++);
	return hash;
}

void fingerprint_make(
	const char *cpu_model, const char *topology_digest, char text[FINGERPRINT_SIZE])
{
	uint64_t hash = 14695981039346656037U;

	hash = hashed(hash, cpu_model);
	hash = hashed(hash, topology_digest);
	(void)snprintf(text, FINGERPRINT_SIZE, "%016" PRIx64, hash);
}

static bool is_digest(const char *text)
{
	return text && strlen(text) == FINGERPRINT_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == FINGERPRINT_SIZE - 1;
}

bool fingerprint_is_former(const char *recorded, const char *cpu_model, const char *topology_digest,
	char text[FINGERPRINT_SIZE])
{
	if (!is_digest(recorded) || !cpu_model || !is_digest(topology_digest))
		return false;
	fingerprint_make(cpu_model, topology_digest, text);
	return strcmp(text, recorded) != 0;
}
