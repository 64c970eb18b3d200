// SPDX-License-Identifier: GPL-2.0-or-later
// Flags by their names, and numbers by their digits. Entries: cache_flags_parse, gfp_flags_parse,
// number_parse.
#include "inspect/flags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct flag_name {
	const char *name;
	unsigned flag;
};

static const struct flag_name cache_flag_names[] = {
	{"CONSISTENCY_CHECKS", SLAB_CONSISTENCY_CHECKS},
	{"RED_ZONE", SLAB_RED_ZONE},
	{"POISON", SLAB_POISON},
	{"HWCACHE_ALIGN", SLAB_HWCACHE_ALIGN},
	{"CACHE_DMA", SLAB_CACHE_DMA},
	{"CACHE_DMA32", SLAB_CACHE_DMA32},
	{"STORE_USER", SLAB_STORE_USER},
	{"RECLAIM_ACCOUNT", SLAB_RECLAIM_ACCOUNT},
	{"PANIC", SLAB_PANIC},
	{"TYPESAFE_BY_RCU", SLAB_TYPESAFE_BY_RCU},
	{"MEM_SPREAD", SLAB_MEM_SPREAD},
	{"TRACE", SLAB_TRACE},
	{"NOLEAKTRACE", SLAB_NOLEAKTRACE},
	{NULL, 0},
};

static const struct flag_name gfp_flag_names[] = {
	{"DMA", __GFP_DMA},
	{"RECLAIMABLE", __GFP_RECLAIMABLE},
	{NULL, 0},
};

bool number_parse(const char *text, uint64_t max, uint64_t *value)
{
	bool is_hexadecimal = strncmp(text, "0x", 2) == 0;
	const char *digits = is_hexadecimal ? text + 2 : text;
	char *end;

	if (!*digits ||
		digits[strspn(digits, is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789")])
		return false;
	errno = 0;
	*value = strtoull(digits, &end, is_hexadecimal ? 16 : 10);
	return !errno && *value <= max;
}

static bool flag_find(
	const struct flag_name *names, const char *word, size_t length, unsigned *flags)
{
	for (; names->name; names++)
		if (strlen(names->name) == length && strncmp(names->name, word, length) == 0) {
			*flags |= names->flag;
			return true;
		}
	return false;
}

static bool bits_find(const char *word, size_t length, unsigned *flags)
{
	char copy[32];
	uint64_t bits;

	if (length >= sizeof(copy) || strncmp(word, "0x", 2) != 0)
		return false;
	memcpy(copy, word, length);
	copy[length] = '\0';
	if (!number_parse(copy, UINT32_MAX, &bits))
		return false;
	*flags |= (unsigned)bits;
	return true;
}

static bool flags_parse(const struct flag_name *names, const char *text, bool may_be_bits,
	unsigned *flags, const char **bad)
{
	*flags = 0;
	for (;;) {
		size_t length = strcspn(text, "|");

		*bad = text;
		if (!flag_find(names, text, length, flags) &&
			!(may_be_bits && bits_find(text, length, flags)))
			return false;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

bool cache_flags_parse(const char *text, slab_flags_t *flags, const char **bad)
{
	*flags = 0;
	if (strcmp(text, "none") == 0 || strcmp(text, "0") == 0)
		return true;
	return flags_parse(cache_flag_names, text, true, flags, bad);
}

bool gfp_flags_parse(const char *text, gfp_t *flags, const char **bad)
{
	return flags_parse(gfp_flag_names, text, false, flags, bad);
}
