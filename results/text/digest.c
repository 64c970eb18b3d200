// SPDX-License-Identifier: GPL-2.0-or-later
// FNV-1a of 128 bits. Entry: digest_make().
#include "digest.h"

#include <inttypes.h>
#include <stdio.h>

void digest_make(const void *bytes, size_t size, char text[DIGEST_SIZE])
{
	// Offset and prime as FNV's authors give them.
	const unsigned __int128 prime = (unsigned __int128)1 << 88 | 0x13b;
	unsigned __int128 hash = (unsigned __int128)0x6c62272e07bb0142U << 64 | 0x62b821756295c58dU;
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ byte[i]) * prime;
	(void)snprintf(text, DIGEST_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)(hash >> 64),
		(uint64_t)hash);
}
