// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a projection and what they make of a source. Entry: projection_make(). Which sessions
// then count is sides.c's business.
#include "projection.h"

#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

#define KEYS_TEXT "config, commit, session, machine, compiler, workload, name, /PARAMETER"

enum { VALUE_SIZE = 512, PREFIX_MIN = 4 };

// A source that is asked for its values, with room for those that are made.
struct asked {
	const struct store_source *source;
	char text[VALUE_SIZE];
};

// The keys that are texts of the source, and benchstat's names for two of them.
static const struct key {
	const char *name;
	const char *alias;
	size_t offset;
} KEYS[] = {
	{"config", NULL, offsetof(struct store_source, config)},
	{"commit", NULL, offsetof(struct store_source, commit)},
	{"machine", NULL, offsetof(struct store_source, machine)},
	{"compiler", NULL, offsetof(struct store_source, compiler)},
	{"workload", ".name", offsetof(struct store_source, workload)},
	{"name", ".fullname", offsetof(struct store_source, name)},
};

static const struct key *key_find(const char *name)
{
	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		if (strcmp(KEYS[i].name, name) == 0 ||
			(KEYS[i].alias && strcmp(KEYS[i].alias, name) == 0))
			return &KEYS[i];
	}
	return NULL;
}

static bool key_check(const char *key, struct problem *problem)
{
	return key_find(key) || strcmp(key, "session") == 0 || (key[0] == '/' && key[1]) ||
	       problem_set(problem, EXIT_WRONG_USE, "there is no key '%s'; there are %s", key,
		       KEYS_TEXT);
}

bool key_is_of_name(const char *key)
{
	return key[0] == '/' || strcmp(key, "name") == 0 || strcmp(key, ".fullname") == 0;
}

// ---- values

// Of "pair/size:192/threads:2" the part that sets this parameter; NULL: none does.
static const char *parameter_find(const char *name, const char *parameter, size_t *length)
{
	size_t wanted = strlen(parameter);

	for (const char *part = strchr(name, '/'); part; part = strchr(part, '/')) {
		part++;
		*length = strcspn(part, "/");
		if (*length > wanted && strncmp(part, parameter, wanted) == 0 &&
			part[wanted] == ':') {
			*length -= wanted + 1;
			return part + wanted + 1;
		}
	}
	return NULL;
}

static const char *parameter_value(struct asked *asked, const char *parameter)
{
	size_t length;
	const char *value = parameter_find(asked->source->name, parameter, &length);

	if (!value)
		return NULL;
	(void)snprintf(asked->text, sizeof(asked->text), "%.*s", (int)length, value);
	return asked->text;
}

// For filter.h, hence the types. NULL: nothing was recorded, or the benchmark has no such
// parameter.
static const char *value_of(const void *thing, const char *key, bool *is_known)
{
	struct asked *asked = (struct asked *)thing; // its text is scratch
	const struct key *text = key_find(key);

	if (key_is_of_name(key) && !asked->source->name) {
		*is_known = false;
		return NULL;
	}
	if (text)
		return *(const char *const *)((const char *)asked->source + text->offset);
	if (key[0] == '/')
		return parameter_value(asked, key + 1);
	(void)snprintf(asked->text, sizeof(asked->text), "%lld", (long long)asked->source->session);
	return asked->text;
}

// The length of a commit without the word that says it had changes on top.
static size_t clean_length(const char *commit)
{
	static const char DIRTY[] = "-dirty";
	size_t length = strlen(commit);
	size_t tail = sizeof(DIRTY) - 1;

	return length > tail && strcmp(commit + length - tail, DIRTY) == 0 ? length - tail : length;
}

static bool begins(const char *value, const char *word, size_t length)
{
	return length >= PREFIX_MIN && strncmp(value, word, length) == 0;
}

// A build with changes on top of a commit is not that commit's.
static bool commit_is_named(const char *commit, const char *word)
{
	size_t length = clean_length(word);
	bool is_dirty = commit[clean_length(commit)] != '\0';

	return is_dirty == (word[length] != '\0') && begins(commit, word, length) &&
	       length <= clean_length(commit);
}

bool key_value_is_named(const char *key, const char *value, const char *word)
{
	if (strcmp(value, word) == 0)
		return true;
	if (strcmp(key, "commit") == 0)
		return commit_is_named(value, word);
	return strcmp(key, "machine") == 0 && begins(value, word, strlen(word));
}

bool key_values_settle(struct store_names *named, const char *word)
{
	for (size_t i = 0; i < named->count; i++) {
		char *value = named->items[i];

		if (strcmp(value, word) != 0)
			continue;
		named->items[i] = named->items[0];
		named->items[0] = value;
		while (named->count > 1)
			free(named->items[--named->count]);
	}
	return named->count == 1;
}

static const struct filter_keys FILTER_KEYS = {
	.check = key_check, .value = value_of, .is_named = key_value_is_named};

enum filter_answer projection_filter(
	const struct projection *projection, const struct store_source *source)
{
	struct asked asked = {.source = source};

	return filter_match(projection->filter, &asked);
}

// ---- labels

void key_value_write(FILE *output, const char *key, const struct store_source *source)
{
	struct asked asked = {.source = source};
	bool is_known = true;
	const char *value = value_of(&asked, key, &is_known);

	(void)fputs(value ? value : key[0] == '/' ? "none" : "unknown", output);
}

void projection_write_side(
	const struct projection *projection, const struct store_source *source, FILE *output)
{
	const struct store_names *columns = &projection->columns;
	const char *separator = "";

	for (size_t i = 0; i < columns->count; i++) {
		if (!source->name && key_is_of_name(columns->items[i]))
			continue;
		(void)fputs(separator, output);
		if (columns->count > 1)
			fprintf(output, "%s:", columns->items[i]);
		key_value_write(output, columns->items[i], source);
		separator = " ";
	}
}

static bool is_parameter_of(const struct store_names *columns, const char *part, size_t length)
{
	for (size_t i = 0; i < columns->count; i++) {
		const char *key = columns->items[i];
		size_t wanted = strlen(key) - 1; // behind the slash

		if (key[0] == '/' && length > wanted && strncmp(part, key + 1, wanted) == 0 &&
			part[wanted] == ':')
			return true;
	}
	return false;
}

static void write_name_without(const struct store_names *columns, const char *name, FILE *output)
{
	for (const char *part = name; *part;) {
		size_t length = strcspn(part, "/");

		if (part == name || !is_parameter_of(columns, part, length))
			fprintf(output, "%s%.*s", part == name ? "" : "/", (int)length, part);
		part += length + (part[length] == '/');
	}
}

void projection_write_row(const struct projection *projection, const struct store_source *source,
	const struct store_names *constant, FILE *output)
{
	const char *separator = "";

	if (!names_have(&projection->columns, "name")) {
		write_name_without(&projection->columns, source->name, output);
		separator = " ";
	}
	for (size_t i = 0; i < projection->rows.count; i++) {
		const char *key = projection->rows.items[i];

		if (strcmp(key, "name") == 0 || names_have(constant, key))
			continue;
		fprintf(output, "%s%s:", separator, key);
		key_value_write(output, key, source);
		separator = " ";
	}
}

// ---- reading

// Takes the key under its own name, not its alias.
static bool keys_add(
	struct store_names *keys, const char *option, const char *key, struct problem *problem)
{
	const struct key *found = key_find(key);
	const char *name = found ? found->name : key;

	if (!key_check(key, problem))
		return problem_locate(problem, option);
	if (names_have(keys, name))
		return problem_set(
			problem, EXIT_WRONG_USE, "%s: the key '%s' is named twice", option, key);
	return names_add(keys, name, problem);
}

static bool keys_read(
	struct store_names *keys, const char *option, const char *text, struct problem *problem)
{
	char *copy = strdup(text);
	char *rest = copy;
	bool is_good = copy || no_memory(problem, "the comparison");

	for (char *key; is_good && (key = strsep(&rest, ","));) {
		key += strspn(key, " ");
		key[strcspn(key, " ")] = '\0';
		is_good = keys_add(keys, option, key, problem);
	}
	free(copy);
	return is_good;
}

// Rows are the benchmarks, config by config where configs are not what is compared.
static bool rows_default(struct projection *projection, struct problem *problem)
{
	static const char *const USUAL[] = {"name", "config"};

	for (size_t i = 0; i < 2; i++) {
		if (!names_have(&projection->columns, USUAL[i]) &&
			!keys_add(&projection->rows, "--row", USUAL[i], problem))
			return false;
	}
	return true;
}

static bool rows_check(const struct projection *projection, struct problem *problem)
{
	for (size_t i = 0; i < projection->rows.count; i++) {
		if (names_have(&projection->columns, projection->rows.items[i]))
			return problem_set(problem, EXIT_WRONG_USE,
				"the key '%s' is in --row and in --col; it can only tell rows or "
				"columns apart",
				projection->rows.items[i]);
	}
	return names_have(&projection->rows, "name") || names_have(&projection->columns, "name") ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "--row: 'name' is missing; without it a row would mix benchmarks");
}

bool projection_make(struct projection *projection, const struct compare_options *options,
	struct problem *problem)
{
	bool is_good;

	*projection = (struct projection){0};
	is_good = filter_parse(options->filter, &FILTER_KEYS, &projection->filter, problem) &&
		  keys_read(&projection->columns, "--col",
			  options->columns ? options->columns : "config", problem) &&
		  (options->rows ? keys_read(&projection->rows, "--row", options->rows, problem)
				 : rows_default(projection, problem)) &&
		  rows_check(projection, problem);
	if (!is_good)
		projection_free(projection);
	else
		projection->names_session =
			options->session || filter_mentions(projection->filter, "session") ||
			(options->sides_count > 0 && names_have(&projection->columns, "session"));
	return is_good;
}

void projection_free(struct projection *projection)
{
	filter_free(projection->filter);
	store_names_free(&projection->rows);
	store_names_free(&projection->columns);
	*projection = (struct projection){0};
}
