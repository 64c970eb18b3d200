// SPDX-License-Identifier: GPL-2.0-or-later
// What the reader and the writer of recordings share: numbers as bytes (seven bits each, the lowest
// first; the eighth says that more follow, as in LEB128), and the bits of an event's first byte.
#ifndef WORKLOADS_RECORDING_VARINT_H
#define WORKLOADS_RECORDING_VARINT_H

#include <stddef.h>
#include <stdint.h>

enum { VARINT_BYTES_MAX = 10 };

enum {
	RECORDING_VERB = 3, // a mask: enum recording_verb
	RECORDING_HAS_THREAD = 1 << 2, // another than the event before
	RECORDING_HAS_CPU = 1 << 3,
	RECORDING_OF_CACHE = 1 << 4,
	RECORDING_ZEROED = 1 << 5,
	RECORDING_HAS_NODE = 1 << 6,
	RECORDING_HAS_ALIGN = 1 << 7,
};

// Returns how many bytes were written, at most VARINT_BYTES_MAX.
static inline size_t varint_put(unsigned char *bytes, uint64_t number)
{
	size_t used = 0;

	for (; number >= 0x80; number >>= 7)
		bytes[used++] = (unsigned char)(number | 0x80);
	bytes[used++] = (unsigned char)number;
	return used;
}

// Returns how many of `size` bytes the number took; 0: they are no number of at most 64 bits in
// its shortest form.
static inline size_t varint_get(const unsigned char *bytes, size_t size, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < size && i < VARINT_BYTES_MAX; i++) {
		*number |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
		if (bytes[i] & 0x80)
			continue;
		return (i > 0 && bytes[i] == 0) || (i == VARINT_BYTES_MAX - 1 && bytes[i] > 1)
			       ? 0
			       : i + 1;
	}
	return 0;
}

#endif
