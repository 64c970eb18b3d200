// SPDX-License-Identifier: GPL-2.0-or-later
// Asks each inspecting program for the geometry of caches of kmalloc's sizes. Entry: geometries_ask().
// A program that does not answer is left out: the site then has less to draw.
#include "geometries.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/process/process.h"
#include "harness/run/programs.h"

enum { OUTPUT_MAX = 1 << 20, TIMEOUT_S = 20 };

static const unsigned SIZES[] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 27, 100, 640, 1500, 3000};

// Powers of two lie at multiples of themselves, as kmalloc() promises.
static void print_requests(FILE *output)
{
	fputs("size\talign\tflags\tctor\n", output);
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		unsigned size = SIZES[i];

		fprintf(output, "%u\t%u\tnone\t0\n", size, (size & (size - 1)) == 0 ? size : 8);
	}
}

// A file without a name that holds the requests; -1: none could be made.
static int requests_open(void)
{
	int descriptor = memfd_create("requests", MFD_CLOEXEC);
	FILE *output = descriptor >= 0 ? fdopen(dup(descriptor), "w") : NULL;

	if (!output)
		return descriptor;
	print_requests(output);
	(void)fclose(output);
	return descriptor;
}

static json_t *fields_json(char *line)
{
	json_t *fields = json_array();

	for (char *rest = line, *field; (field = strsep(&rest, "\t"));)
		json_array_append_new(fields, json_string(field));
	return fields;
}

static json_t *table_json(const char *config, char *text)
{
	char *rest = text;
	char *head = strsep(&rest, "\n");
	json_t *table = json_pack(
		"{s:s, s:o, s:[]}", "config", config, "columns", fields_json(head), "rows");

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (*line)
			json_array_append_new(json_object_get(table, "rows"), fields_json(line));
	}
	return table;
}

static void program_take(json_t *tables, const struct program *program, const char *requests)
{
	const char *const arguments[] = {program->path, "geometry", "--", requests, NULL};
	const struct process_request request = {
		.arguments = arguments, .output_bytes_max = OUTPUT_MAX, .timeout_s = TIMEOUT_S};
	struct process_outcome outcome = {0};

	if (!process_run(&request, &outcome, NULL))
		return;
	if (outcome.end == PROCESS_EXITED && outcome.code == 0 && outcome.output)
		json_array_append_new(tables, table_json(program->config, outcome.output));
	process_outcome_free(&outcome);
}

json_t *geometries_ask(void)
{
	struct programs programs;
	json_t *tables = json_array();
	int descriptor = requests_open();
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), descriptor);
	if (descriptor >= 0 && programs_find(&programs, PROGRAM_INSPECT, NULL)) {
		for (size_t i = 0; i < programs.count; i++)
			program_take(tables, &programs.items[i], path);
		programs_free(&programs);
	}
	if (descriptor >= 0)
		close(descriptor);
	if (json_array_size(tables) > 0)
		return tables;
	json_decref(tables);
	return NULL;
}
