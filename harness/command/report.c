// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark report`: the site, as a folder or as one file, and parts of it for other places. Entry:
// report_command. All of it is made by results/site/report.c; here are the options, and what only
// programs know: how the configs lay caches out, and how an SVG becomes a PNG.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "geometries.h"
#include "harness/measured/build_info.h"
#include "harness/process/process.h"
#include "results/exchange/export.h"
#include "results/site/report.h"
#include "results/store/store.h"
#include "results/text/output_file.h"
#include "rows.h"

enum { PNG_MAX = 64 << 20, PNG_TIMEOUT_S = 60 };

static int64_t now_unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct report_options options_of(const struct command_call *call)
{
	return (struct report_options){
		.base = call_has(call, "base") ? call_text(call, "base") : NULL,
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.version = build_info.version,
		.now_unix_ns = now_unix_ns(),
	};
}

// ---- the site

static bool site_write(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	struct report_options options = options_of(call);
	json_t *geometries = geometries_ask();
	bool is_good;

	options.geometries = geometries;
	if (call_has(call, "single-file"))
		options.single_file = call_text(call, "single-file");
	else
		options.folder = call_text(call, "site");
	is_good = report_write(store, &options, problem);
	json_decref(geometries);
	if (is_good && options.folder)
		fprintf(call->output, "%s/index.html\n", options.folder);
	return is_good;
}

// ---- one chart

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool converter_failed(const struct process_outcome *outcome, struct problem *problem)
{
	return problem_set(problem, EXIT_NOT_MEASURED, "rsvg-convert made no PNG of the chart: %s",
		*outcome->errors ? outcome->errors : "it said nothing");
}

// Hands the SVG to rsvg-convert, whose output is the PNG.
static bool png_write(const char *svg, size_t length, FILE *output, struct problem *problem)
{
	int descriptor = memfd_create("chart.svg", MFD_CLOEXEC);
	char path[64];
	const char *const arguments[] = {"/usr/bin/rsvg-convert", "-z", "2", path, NULL};
	const struct process_request request = {
		.arguments = arguments, .output_bytes_max = PNG_MAX, .timeout_s = PNG_TIMEOUT_S};
	struct process_outcome outcome = {0};
	bool is_good;

	if (access(arguments[0], X_OK) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s is missing, which makes PNG of SVG; Debian's package librsvg2-bin "
			"installs it, or name a file that ends in .svg",
			arguments[0]);
	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), descriptor);
	is_good = descriptor >= 0 && write(descriptor, svg, length) == (ssize_t)length
			  ? process_run(&request, &outcome, problem)
			  : problem_set(problem, EXIT_NOT_MEASURED, "no memory left for the chart");
	if (is_good)
		is_good = (outcome.end == PROCESS_EXITED && outcome.code == 0) ||
			  converter_failed(&outcome, problem);
	if (is_good)
		(void)fwrite(outcome.output, 1, outcome.output_size, output);
	process_outcome_free(&outcome);
	if (descriptor >= 0)
		close(descriptor);
	return is_good;
}

static bool chart_write(
	const struct command_call *call, struct store *store, FILE *output, struct problem *problem)
{
	const struct report_options options = options_of(call);
	const char *file = call_text(call, "out");
	char *text = NULL;
	size_t length = 0;
	FILE *svg = open_memstream(&text, &length);
	bool is_good = svg && report_chart(store, &options, call_text(call, "chart"), svg, problem);

	if (svg)
		(void)fclose(svg);
	if (is_good && file && ends_with(file, ".png"))
		is_good = png_write(text, length, output, problem);
	else if (is_good)
		(void)fwrite(text, 1, length, output);
	free(text);
	return is_good;
}

// ---- other forms

static bool other_print(
	const struct command_call *call, struct store *store, FILE *output, struct problem *problem)
{
	const struct report_options options = options_of(call);
	const struct export_request metrics = {.format = "openmetrics",
		.session = options.session,
		.round = -1,
		.base = call_text(call, "base"),
		.output = output};

	if (call_has(call, "chart"))
		return chart_write(call, store, output, problem);
	if (strcmp(call_text(call, "format"), "openmetrics") == 0)
		return export_write(store, &metrics, problem);
	return report_summary(store, &options, output, problem);
}

static bool is_site(const struct command_call *call)
{
	return !call_has(call, "chart") && strcmp(call_text(call, "format"), "site") == 0;
}

static bool is_grafana(const struct command_call *call)
{
	return !call_has(call, "chart") && strcmp(call_text(call, "format"), "grafana") == 0;
}

static bool report_print(const struct command_call *call, FILE *output, struct problem *problem)
{
	struct store *store;
	bool is_good;

	if (is_grafana(call)) {
		report_grafana(output);
		return true;
	}
	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return false;
	is_good = is_site(call) ? site_write(call, store, problem)
				: other_print(call, store, output, problem);
	store_close(store);
	return is_good;
}

static bool file_write(const struct command_call *call, struct problem *problem)
{
	struct output_file file;

	return output_file_begin(&file, call_text(call, "out"), problem) &&
	       output_file_end(&file, report_print(call, file.stream, problem), problem);
}

// What was asked for must be one thing.
static bool check(const struct command_call *call, struct problem *problem)
{
	if (call_has(call, "chart") && call_has(call, "format"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--chart is SVG or PNG, by the name of its file; --format is of the whole");
	if (is_site(call) && call_has(call, "out"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--out names a file, for --chart and --format; --site names the folder "
			"of the site, --single-file the site as one file");
	if (call_has(call, "site") + call_has(call, "single-file") + !is_site(call) > 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"--site, --single-file, --chart and another --format are four things; ask "
			"for one at a time");
	return true;
}

static int report_run(const struct command_call *call, struct problem *problem)
{
	bool is_good = check(call, problem) &&
		       (call_has(call, "out") ? file_write(call, problem)
					      : report_print(call, call->output, problem));

	return is_good ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	ROW_DB_FILLED,
	{.name = "site",
		.kind = OPTION_TEXT,
		.argument = "DIR",
		.default_text = "site",
		.help = "The folder of the site; made when missing, refused when it holds "
			"something else."},
	{.name = "single-file",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Writes the site as one HTML file instead, to send or to keep; without "
			"the figures of each process in the histories."},
	ROW_SESSION("The session to show in place of its machine's newest one."),
	ROW_BASE("The config that ratios refer to, where a session has it; else its first one."),
	{.name = "chart",
		.kind = OPTION_TEXT,
		.argument = "NAME",
		.choices = "configs|configs:|history:",
		.help = "Draws one chart instead: configs (every config to the base), "
			"configs:CONFIG (one, benchmark by benchmark), history:ID (a series over "
			"time; the page History has the ID in its address)."},
	ROW_FORMAT("site|markdown|grafana|openmetrics", "site",
		"What to write: the site; what moved, for a pull request; a dashboard for Grafana "
		"over a store in PostgreSQL; the newest times for Prometheus."),
	{.name = "out",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "The file for --chart (its name ends in .svg or .png) and for --format; "
			"without it or with '-' standard output."},
	{.name = NULL},
};

const struct command report_command = {
	.name = "report",
	.summary = "Write the site: what changed last night, the configs, every series over time.",
	.description =
		"Writes index.html and what it needs into a folder. The site opens from the file "
		"system, from any web server, and makes no request elsewhere. Its path is "
		"printed.\n\n"
		"It is about the newest session of each machine: held against the seven before it, "
		"series by series; every config to every other; and where each series changed its "
		"level. Each page has an address that stays.",
	.options = OPTIONS,
	.run = report_run,
};
