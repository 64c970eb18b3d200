// SPDX-License-Identifier: GPL-2.0-or-later
// Go's benchmark text: one line a process, so that benchstat's samples are processes. `benchstat
// -col /config` then compares our configs.
#include <ctype.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/store/facts.h"

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

	if (!export_session_read(store, request, &session, problem))
		return false;
	print_fact(output, "goos", "linux");
	print_fact(output, "pkg", "slabmark");
	print_fact(output, "cpu", build_fact(&session.builds.items[0], "cpu_model"));
	print_fact(output, "commit", build_fact(&session.builds.items[0], "commit"));
	fprintf(output, "session: %lld\nUnit ns/op better=lower\n", (long long)session.id);
	for (size_t i = 0; i < session.series_count; i++) {
		const struct export_series *series = &session.series[i];

		for (size_t k = 0; k < series->processes; k++) {
			print_name(output, series->name);
			fputs("/config=", output);
			print_word(output, series->config);
			// Behind the last dash Go puts how many processors it used; a name must not
			// be taken for that.
			fprintf(output, "-1 1 %.12g ns/op\n", series->process_ns[k]);
		}
	}
	export_session_free(&session);
	return true;
}
