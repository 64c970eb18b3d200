// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: the environment variable SLAB_OPTIONS. Whatever it holds, it is read to options that
// are in range, or refused; and each word by itself means the same through slab_options_set().
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"

// What the environment says is read once a process; we start it over.
#include "host/options.c"

#define BYTES_MAX (WORDS_BYTES_MAX - 1) // longer ones are refused whole

static void check_accepted(const struct slab_options *options)
{
	if (options_check(options))
		fuzz_fail("options were accepted that are out of range");
	if (options->topology && !*options->topology)
		fuzz_fail("an empty topology was accepted");
}

static void read_again(const char *words)
{
	// setenv() would keep every value for ever.
	static char variable[sizeof("SLAB_OPTIONS=") + BYTES_MAX] = "SLAB_OPTIONS=";

	memset(&environment, 0, sizeof(environment));
	strcpy(strchr(variable, '=') + 1, words);
	putenv(variable);
	read_environment();
	if (environment.error == 0)
		check_accepted(&environment.options);
}

static bool are_same(const struct slab_options *one, const struct slab_options *other)
{
	bool same_text = one->topology && other->topology
				 ? strcmp(one->topology, other->topology) == 0
				 : one->topology == other->topology;

	return same_text && one->slab_nomerge == other->slab_nomerge &&
	       one->slab_max_order == other->slab_max_order &&
	       one->noaliencache == other->noaliencache &&
	       one->init_on_alloc == other->init_on_alloc &&
	       one->init_on_free == other->init_on_free && one->backing == other->backing &&
	       one->return_memory == other->return_memory && one->cache_line == other->cache_line &&
	       one->arena_size == other->arena_size;
}

// The words set one by one, in a text without quotes: the same options and the same verdict come
// out.
static void set_one_by_one(char *words)
{
	struct slab_options options = {.slab_max_order = -1};
	bool is_refused = false;

	for (char *word = strtok(words, " \t\n"); word; word = strtok(NULL, " \t\n")) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		if (slab_options_set(&options, word, value))
			is_refused = true;
		else
			check_accepted(&options);
	}
	if (is_refused != (environment.error != 0))
		fuzz_fail("the words were %s together and %s one by one",
			environment.error ? "refused" : "accepted",
			is_refused ? "refused" : "accepted");
	if (!are_same(&options, &environment.options))
		fuzz_fail("the words mean one thing together and another one by one");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char words[BYTES_MAX + 1];

	if (size > BYTES_MAX)
		return 0;
	memcpy(words, data, size);
	words[size] = '\0';
	read_again(words);
	if (!strchr(words, '"'))
		set_one_by_one(words);
	return 0;
}
