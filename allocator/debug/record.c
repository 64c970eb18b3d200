// SPDX-License-Identifier: GPL-2.0-or-later
// The bits of the debug config's record: a word holds those of 64 neighbours, which may belong to
// several slabs and locks, so each changes in one atomic step.
#include "debug/record.h"

#include "types.h"

#if CONFIG_DEBUG_SLAB

#include "host/report.h"
#include "host/reserve.h"

// No two strides begin within the same sixteen bytes.
#define BYTES_A_BIT OBJECT_SIZE_MIN
#define BITS_A_WORD 64

// Written by record_start() alone; the words are atomic.
static struct {
	const char *base; // of the arenas it was made for
	uint64_t *word[RECORD_BITS]; // NULL where the system gave no room
} record;

static size_t words_count(void)
{
	return page_map.bytes / ((size_t)BYTES_A_BIT * BITS_A_WORD);
}

static uint64_t *words_make(size_t bytes)
{
	uint64_t *words = reserve(bytes, PAGE_SIZE);

	if (words && reserve_commit(words, bytes))
		return words;
	if (words)
		reserve_release(words, bytes);
	return NULL;
}

void record_start(void)
{
	size_t bytes = words_count() * sizeof(uint64_t) * RECORD_BITS;
	uint64_t *words;

	if (record.base == page_map.base)
		return;
	words = words_make(bytes);
	record.base = page_map.base;
	for (unsigned bit = 0; bit < RECORD_BITS; bit++)
		record.word[bit] = words ? words + bit * words_count() : NULL;
	if (!words)
		report("no %zu bytes of address space for the record of objects in use; a second "
		       "free of an object without red zones will not be seen, nor an overwritten "
		       "freelist",
			bytes);
}

bool record_exists(void)
{
	return record.word[0] != NULL;
}

// A bit's place.
struct mark {
	uint64_t *word;
	uint64_t bit;
};

static struct mark mark_of(enum record_bit bit, const void *object)
{
	size_t number = (size_t)((const char *)object - page_map.base) / BYTES_A_BIT;

	return (struct mark){
		&record.word[bit][number / BITS_A_WORD], UINT64_C(1) << number % BITS_A_WORD};
}

bool record_has(enum record_bit bit, const void *object)
{
	struct mark mark;

	if (!record_exists())
		return false;
	mark = mark_of(bit, object);
	return __atomic_load_n(mark.word, __ATOMIC_RELAXED) & mark.bit;
}

bool record_set(enum record_bit bit, const void *object)
{
	struct mark mark = mark_of(bit, object);

	return __atomic_fetch_or(mark.word, mark.bit, __ATOMIC_RELAXED) & mark.bit;
}

bool record_clear(enum record_bit bit, const void *object)
{
	struct mark mark = mark_of(bit, object);

	return __atomic_fetch_and(mark.word, ~mark.bit, __ATOMIC_RELAXED) & mark.bit;
}

#endif
