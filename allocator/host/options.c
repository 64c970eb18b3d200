// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel reads from its boot command line: one structure, one environment variable with
// the same words. The table below is the only place that knows the names.
#include "host/options.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

enum option_kind {
	OPTION_SWITCH,
	OPTION_NUMBER,
	OPTION_LINE,
	OPTION_SIZE,
	OPTION_TEXT,
	OPTION_WORD,
};

struct option {
	const char *name;
	enum option_kind kind;
	size_t offset; // of the field in struct slab_options
	long long min, max;
	const char *const *words; // of OPTION_WORD: the enum's values in order
};

static const char *const backing_words[] = {"system", "4k", "thp", "hugetlb", NULL};
static const char *const return_words[] = {"never", "reap", "now", "idle", NULL};
static const char *const percpu_words[] = {"auto", "rseq", "locked", NULL};

#define FIELD(name) offsetof(struct slab_options, name)

static const struct option table[] = {
	{"slab_nomerge", OPTION_SWITCH, FIELD(slab_nomerge), 0, 1, NULL},
	{"slab_max_order", OPTION_NUMBER, FIELD(slab_max_order), -1, 10, NULL},
	{"noaliencache", OPTION_SWITCH, FIELD(noaliencache), 0, 1, NULL},
	{"init_on_alloc", OPTION_SWITCH, FIELD(init_on_alloc), 0, 1, NULL},
	{"init_on_free", OPTION_SWITCH, FIELD(init_on_free), 0, 1, NULL},
	{"reaper", OPTION_SWITCH, FIELD(reaper), 0, 1, NULL},
	{"backing", OPTION_WORD, FIELD(backing), 0, 0, backing_words},
	{"return", OPTION_WORD, FIELD(return_memory), 0, 0, return_words},
	{"cache_line", OPTION_LINE, FIELD(cache_line), 16, 4096, NULL},
	{"arena_size", OPTION_SIZE, FIELD(arena_size), 1 << 26, 1LL << 44, NULL},
	{"topology", OPTION_TEXT, FIELD(topology), 0, 0, NULL},
	{"percpu", OPTION_WORD, FIELD(percpu), 0, 0, percpu_words},
};

#define OPTIONS_COUNT (sizeof(table) / sizeof(table[0]))

const char *const *slab_option_names(void)
{
	static const char
		*names[OPTIONS_COUNT + 1]; // filled with the same values by whoever comes first

	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		__atomic_store_n(&names[i], table[i].name, __ATOMIC_RELAXED);
	return names;
}

static const struct option *option_find(const char *name)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static bool is_power_of_two(long long value)
{
	return value > 0 && (value & (value - 1)) == 0;
}

static int parse_number(const char *value, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(value, &end, 0);
	if (errno || end == value || *end)
		return -EINVAL;
	return 0;
}

static int store_word(const struct option *option, void *field, const char *value)
{
	for (int i = 0; value && option->words[i]; i++)
		if (strcmp(option->words[i], value) == 0) {
			*(int *)field = i;
			return 0;
		}
	return -EINVAL;
}

static int option_store(
	const struct option *option, struct slab_options *options, const char *value)
{
	void *field = (char *)options + option->offset;
	long long number;

	if (option->kind == OPTION_TEXT) {
		if (!value || !*value)
			return -EINVAL;
		*(const char **)field = value;
		return 0;
	}
	if (option->kind == OPTION_WORD)
		return store_word(option, field, value);
	if (option->kind == OPTION_SWITCH && (!value || !*value))
		value = "1";
	if (!value || parse_number(value, &number) || number < option->min || number > option->max)
		return -EINVAL;

	switch (option->kind) {
	case OPTION_SWITCH:
		*(bool *)field = number;
		return 0;
	case OPTION_NUMBER:
		*(int *)field = (int)number;
		return 0;
	case OPTION_LINE:
		if (!is_power_of_two(number))
			return -EINVAL;
		*(unsigned *)field = (unsigned)number;
		return 0;
	default:
		if (!is_power_of_two(number))
			return -EINVAL;
		*(size_t *)field = (size_t)number;
		return 0;
	}
}

int slab_options_set(struct slab_options *options, const char *name, const char *value)
{
	const struct option *option = option_find(name);

	return option ? option_store(option, options, value) : -ENOENT;
}

// Writes what an option takes, as the end of a sentence.
static void describe_values(const struct option *option, char *text, size_t size)
{
	size_t used = 0;

	switch (option->kind) {
	case OPTION_WORD:
		for (int i = 0; option->words[i] && used < size; i++)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
				i == 0 ? "one of " : ", ", option->words[i]);
		return;
	case OPTION_TEXT:
		snprintf(text, size, "a text");
		return;
	case OPTION_LINE:
	case OPTION_SIZE:
		snprintf(text, size, "a power of two from %lld to %lld", option->min, option->max);
		return;
	default:
		snprintf(text, size, "a number from %lld to %lld", option->min, option->max);
	}
}

static void report_value(const char *name, const char *value)
{
	char wanted[128] = "";

	describe_values(option_find(name), wanted, sizeof(wanted));
	fprintf(stderr, "slab: SLAB_OPTIONS: '%s' is no value for %s, which takes %s\n",
		value ? value : "", name, wanted);
}

// One "name" or "name=value" of the environment variable.
static int set_word(struct slab_options *options, char *word)
{
	char *value = strchr(word, '=');
	int error;

	if (value)
		*value++ = '\0';
	error = slab_options_set(options, word, value);
	if (error == -ENOENT)
		fprintf(stderr, "slab: SLAB_OPTIONS: no option is called '%s'\n", word);
	else if (error)
		report_value(word, value);
	return error;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

// Cuts the next word off *rest, as the kernel cuts its command line: blanks part words except
// inside double quotes, which vanish. NULL at the end.
static char *next_word(char **rest)
{
	char *from = *rest, *to, *word;
	bool is_quoted = false;

	while (is_blank(*from))
		from++;
	if (!*from)
		return NULL;
	word = to = from;
	for (; *from && (is_quoted || !is_blank(*from)); from++) {
		if (*from == '"')
			is_quoted = !is_quoted;
		else
			*to++ = *from;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

// As many bytes as the kernel takes of its command line on x86, and the final zero.
#define WORDS_BYTES_MAX 2048

// What the environment says, read once: a text option points into the copy for as long as the
// process lives. No memory is asked for, because malloc may be this very allocator.
static struct {
	pthread_once_t once;
	char words[WORDS_BYTES_MAX];
	struct slab_options options;
	int error;
} environment = {.once = PTHREAD_ONCE_INIT};

static void read_environment(void)
{
	const char *words = secure_getenv("SLAB_OPTIONS");
	char *rest = environment.words;

	environment.options.slab_max_order = -1;
	environment.options.init_on_free = IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON);
	if (IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC))
		environment.options.return_memory = SLAB_RETURN_IDLE;
	if (!words)
		return;
	if (strlen(words) >= WORDS_BYTES_MAX) {
		fprintf(stderr, "slab: SLAB_OPTIONS: %zu bytes are too long; at most %d are read\n",
			strlen(words), WORDS_BYTES_MAX - 1);
		environment.error = -EINVAL;
		return;
	}
	strcpy(environment.words, words);
	for (char *word = next_word(&rest); word; word = next_word(&rest))
		if (set_word(&environment.options, word))
			environment.error = -EINVAL;
}

int slab_options_default(struct slab_options *options)
{
	pthread_once(&environment.once, read_environment);
	*options = environment.options;
	return environment.error;
}

static bool in_range(const char *name, long long value)
{
	const struct option *option = option_find(name);

	return option && value >= option->min && value <= option->max;
}

static int words_count(const char *const *words)
{
	int count = 0;

	while (words[count])
		count++;
	return count;
}

int options_check(const struct slab_options *options)
{
	if (!in_range("slab_max_order", options->slab_max_order))
		return -EINVAL;
	if (options->cache_line && !(in_range("cache_line", options->cache_line) &&
					   is_power_of_two(options->cache_line)))
		return -EINVAL;
	if (options->arena_size && !(in_range("arena_size", (long long)options->arena_size) &&
					   is_power_of_two((long long)options->arena_size)))
		return -EINVAL;
	if ((unsigned)options->percpu >= (unsigned)words_count(percpu_words))
		return -EINVAL;
	if ((unsigned)options->backing >= (unsigned)words_count(backing_words) ||
		(unsigned)options->return_memory >= (unsigned)words_count(return_words))
		return -EINVAL;
	return 0;
}
