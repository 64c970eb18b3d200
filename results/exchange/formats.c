// SPDX-License-Identifier: GPL-2.0-or-later
// Tells the formats of other programs' files apart. Entry: formats_read().
#include "formats_internal.h"

#include <string.h>

#include "asv_document.h"
#include "results/document/benchmark_file.h"
#include "results/text/memory.h"

json_t *format_row(const char *name, size_t repetition, double seconds)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:f, s:s}", "name", name, "run_name", name,
		"run_type", "iteration", "repetition_index", (json_int_t)repetition, "real_time",
		seconds * 1e9, "time_unit", "ns");
}

json_t *format_row_failed(const char *name, const char *reason)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", name, "run_name", name, "run_type",
		"iteration", "error_occurred", 1, "error_message", reason);
}

static json_t *one_document(json_t *document)
{
	json_t *documents = json_array();

	json_array_append(documents, document);
	return documents;
}

// A results file without its tree: units and names of parameters are not known.
static json_t *asv_documents(const json_t *json, struct problem *problem)
{
	static const struct asv_beside NOTHING;
	size_t others = 0;
	json_t *document = asv_document(json, &NOTHING, &others);
	json_t *documents = document ? one_document(document) : NULL;

	json_decref(document);
	if (!documents)
		(void)no_memory(problem, "the import");
	return documents;
}

static json_t *json_documents(json_t *json, struct problem *problem)
{
	if (hyperfine_is(json))
		return hyperfine_read(json, problem);
	if (pyperf_is(json))
		return pyperf_read(json, problem);
	if (asv_is_results(json))
		return asv_documents(json, problem);
	return one_document(json);
}

json_t *formats_read(char *text, size_t size, const char *path, struct problem *problem)
{
	json_t *documents;
	json_t *json;

	if (benchmark_csv_is(text)) {
		documents = benchmark_csv_read(text, size, problem);
	} else {
		json = benchmark_file_parse(text, size, path, 1, problem);
		if (!json)
			return NULL;
		documents = json_documents(json, problem);
		json_decref(json);
	}
	if (!documents)
		(void)problem_locate(problem, path);
	return documents;
}
