// SPDX-License-Identifier: GPL-2.0-or-later
// Every sample of a session as one line of CSV, with its place in the plan. Counters stay one JSON
// object.
#include <math.h>
#include <stdlib.h>

#include "export_internal.h"
#include "results/document/document.h"
#include "results/store/stored_process.h"
#include "results/text/csv.h"

static void print_count(FILE *output, int64_t count)
{
	if (count == DOCUMENT_ABSENT)
		fputc(',', output);
	else
		csv_next_integer(output, count);
}

static void print_sample(FILE *output, const struct store_process *place, const json_t *document,
	const struct document_sample *sample)
{
	char *counters = json_dumps(sample->counters, JSON_COMPACT);

	fprintf(output, "%lld", (long long)place->session);
	csv_next_integer(output, place->round);
	csv_next_integer(output, place->position);
	csv_next_text(output, place->config);
	csv_next_text(output, place->workload);
	csv_next_text(output, document_fact(document, "commit"));
	csv_next_text(output, document_fact(document, "machine"));
	csv_next_text(output, sample->name);
	csv_next_text(output, sample->run_type);
	csv_next_text(output, sample->aggregate_name);
	print_count(output, sample->repetition);
	print_count(output, sample->threads);
	print_count(output, sample->iterations);
	csv_next_real(output, sample->real_time_ns);
	csv_next_real(output, sample->cpu_time_ns);
	csv_next_real(output, sample->items_per_second);
	csv_next_real(output, sample->bytes_per_second);
	csv_next_text(output, sample->label);
	fputs(sample->failed ? ",1" : ",0", output);
	csv_next_text(output, sample->error_message);
	csv_next_text(output, counters);
	fputs("\r\n", output);
	free(counters);
}

static bool print_process(
	const struct stored_process *process, void *context, struct problem *problem)
{
	size_t count = json_array_size(json_object_get(process->document, "benchmarks"));
	bool is_good = true;

	for (size_t i = 0; is_good && i < count; i++) {
		struct document_sample sample;

		is_good = document_sample_read_foreign(process->document, i, &sample, problem);
		if (is_good)
			print_sample(context, &process->place, process->document, &sample);
		document_sample_clear(&sample);
	}
	return is_good;
}

bool export_csv(struct store *store, const struct export_request *request, struct problem *problem)
{
	fputs("session,round,position,config,workload,commit,machine,name,run_type,aggregate_name,"
	      "repetition,threads,iterations,real_time_ns,cpu_time_ns,items_per_second,"
	      "bytes_per_second,label,failed,error_message,counters\r\n",
		request->output);
	return stored_processes_visit(
		store, request->session, request->config, print_process, request->output, problem);
}
