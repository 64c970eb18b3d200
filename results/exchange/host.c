// SPDX-License-Identifier: GPL-2.0-or-later
// Makes a machine of host_name, num_cpus, mhz_per_cpu and caches. Entry: host_document().
//
// The fingerprint is of the host's name, the number of its CPUs and its caches. Google Benchmark
// measures the clock anew each time, so it would tell a machine from itself; it counts only where
// the host has no name, as before version 1.5.
#include "host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/fingerprint.h"

static const char *name_of(const json_t *context)
{
	const char *name = json_string_value(json_object_get(context, "host_name"));

	return name && *name ? name : NULL;
}

static void caches_print(FILE *output, const json_t *caches)
{
	const json_t *cache;
	size_t i;

	json_array_foreach(caches, i, cache)
	{
		const char *type = json_string_value(json_object_get(cache, "type"));

		fprintf(output, ", L%lld %s %lld KiB (%lld CPUs)",
			(long long)json_integer_value(json_object_get(cache, "level")),
			type ? type : "cache",
			(long long)json_integer_value(json_object_get(cache, "size")) / 1024,
			(long long)json_integer_value(json_object_get(cache, "num_sharing")));
	}
}

// "2 CPUs, L1 Data 32 KiB (1 CPUs)"; the caller's, NULL: no memory.
static char *arrangement_of(const json_t *context, bool with_clock)
{
	const json_t *clock = json_object_get(context, "mhz_per_cpu");
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);

	if (!output)
		return NULL;
	fprintf(output, "%lld CPUs",
		(long long)json_integer_value(json_object_get(context, "num_cpus")));
	if (with_clock && json_is_number(clock))
		fprintf(output, " of %.0f MHz", json_number_value(clock));
	caches_print(output, json_object_get(context, "caches"));
	return fclose(output) == 0 ? text : NULL;
}

static bool is_known(const json_t *context)
{
	return json_object_get(context, "machine") || // as it says
	       (!name_of(context) && !json_is_integer(json_object_get(context, "num_cpus")));
}

static bool machine_add(json_t *context)
{
	const char *name = name_of(context);
	char *arrangement = arrangement_of(context, !name);
	char *summary = arrangement_of(context, true);
	char machine[FINGERPRINT_SIZE];
	bool is_good = arrangement && summary;

	if (is_good) {
		fingerprint_make(name ? name : "", arrangement, machine);
		json_object_set_new(context, "machine", json_string(machine));
		if (!json_object_get(context, "topology_summary"))
			json_object_set_new(context, "topology_summary", json_string(summary));
	}
	free(arrangement);
	free(summary);
	return is_good;
}

json_t *host_document(const json_t *document, const char *digest)
{
	json_t *copy = json_copy((json_t *)document); // copying changes nothing
	json_t *context = json_copy(json_object_get(document, "context"));
	bool is_good =
		copy && context && json_object_set(copy, "context", context) == 0 &&
		(is_known(context) || machine_add(context)) &&
		(!digest || json_object_set_new(context, IMPORT_DIGEST, json_string(digest)) == 0);

	json_decref(context);
	if (is_good)
		return copy;
	json_decref(copy);
	return NULL;
}
