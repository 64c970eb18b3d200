// SPDX-License-Identifier: GPL-2.0-or-later
// The pattern of a checked object: byte i is byte i % 8 of its tag, mixed so that neighbouring tags
// differ in most bytes.
#include "pattern.h"

// kmalloc's promise, and a cache's default: ARCH_SLAB_MINALIGN of a 64-bit kernel.
enum { ALIGNMENT_MIN = 8 };

// An odd multiplier is a bijection: different tags stay different.
static uint64_t mixed(uint64_t tag)
{
	return (tag + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static unsigned char pattern_byte(uint64_t mixed_tag, size_t index)
{
	return (unsigned char)(mixed_tag >> (index % 8 * 8));
}

static bool broken(struct workload_context *context)
{
	context->failed_check = true;
	return false;
}

bool pattern_write(
	struct workload_context *context, void *object, size_t size, size_t room, uint64_t tag)
{
	unsigned char *bytes = object;
	uint64_t mixed_tag = mixed(tag);

	if ((uintptr_t)object % (size >= ALIGNMENT_MIN ? ALIGNMENT_MIN : 1) != 0) {
		workload_fail(context, "verify: object %p of %zu bytes isn't aligned to %d", object,
			size, ALIGNMENT_MIN);
		return broken(context);
	}
	if (room < size) {
		workload_fail(
			context, "verify: object %p of %zu bytes has only %zu", object, size, room);
		return broken(context);
	}
	for (size_t i = 0; i < size; i++)
		bytes[i] = pattern_byte(mixed_tag, i);
	return true;
}

bool pattern_check(struct workload_context *context, const void *object, size_t size, uint64_t tag)
{
	const unsigned char *bytes = object;
	uint64_t mixed_tag = mixed(tag);

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == pattern_byte(mixed_tag, i))
			continue;
		workload_fail(context,
			"verify: byte %zu of object %p (%zu bytes) was overwritten while it was in "
			"use",
			i, object, size);
		return broken(context);
	}
	return true;
}
