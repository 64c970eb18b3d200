// SPDX-License-Identifier: GPL-2.0-or-later
// Go's benchmark text: one line a process, so that benchstat's samples are processes. `benchstat
// -col /config` then compares our configs.
#include <ctype.h>
#include <stdlib.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/document/facts.h"
#include "results/text/memory.h"

// A benchmark's name there is one word, begins with a letter that is not lower case, and has its
// parameters as key=value.
static void print_name(FILE *output, const char *name)
{
	fputs("Benchmark", output);
	fputc(toupper((unsigned char)*name), output);
	for (name += *name != '\0'; *name; name++) {
		unsigned char c = (unsigned char)*name;

		fputc(c <= ' ' || c == 0x7f ? '_' : c == ':' ? '=' : c, output);
	}
}

static void print_word(FILE *output, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text <= ' ' || *text == 0x7f ? '_' : *text, output);
}

// The line's first word, the caller's; NULL: no memory. What several names would become is told
// apart as Go's own tests do: "#01".
static char *word_make(const struct export_series *series, json_t *words)
{
	char *word = NULL;
	size_t size;
	FILE *output = open_memstream(&word, &size);
	json_int_t twins;

	if (!output)
		return NULL;
	print_name(output, series->name);
	fputs("/config=", output);
	print_word(output, series->config);
	(void)fflush(output);
	twins = json_integer_value(json_object_get(words, word));
	json_object_set_new(words, word, json_integer(twins + 1));
	if (twins > 0)
		fprintf(output, "#%02lld", (long long)twins);
	return fclose(output) == 0 ? word : NULL;
}

static bool series_print(const struct export_series *series, json_t *words, FILE *output)
{
	char *word = word_make(series, words);

	// Behind the last dash Go puts how many processors it used; a name must not be taken for
	// that.
	for (size_t k = 0; word && k < series->processes; k++)
		fprintf(output, "%s-1 1 %.12g ns/op\n", word, series->process_ns[k]);
	free(word);
	return word;
}

static void print_line_text(FILE *output, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, output);
	fputc('\n', output);
}

static void print_fact(FILE *output, const char *key, const char *text)
{
	fprintf(output, "%s: ", key);
	print_line_text(output, text);
}

bool export_gobench(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	FILE *output = request->output;
	struct export_session session;
	json_t *words;
	bool is_good;

	if (!export_session_read(store, request, &session, problem))
		return false;
	words = json_object();
	is_good = words != NULL;
	print_fact(output, "goos", "linux");
	print_fact(output, "pkg", "slabmark");
	print_fact(output, "cpu", context_fact(session.builds.items[0].context, "cpu_model"));
	print_fact(output, "commit", context_fact(session.builds.items[0].context, "commit"));
	fprintf(output, "session: %lld\nUnit ns/op better=lower\n", (long long)session.id);
	for (size_t i = 0; is_good && i < session.series_count; i++)
		is_good = series_print(&session.series[i], words, output);
	json_decref(words);
	export_session_free(&session);
	return is_good || no_memory(problem, "the export");
}
