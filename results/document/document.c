// SPDX-License-Identifier: GPL-2.0-or-later
// Reads Google Benchmark's JSON. A member of the wrong type is never skipped: the document is
// refused with its name.
#include "document.h"

#include <math.h>
#include <string.h>

#include "facts.h"

// Numbers of a benchmark that have a meaning of their own; every other number is a counter.
static const char *const STANDARD_NUMBERS[] = {
	"family_index",
	"per_family_instance_index",
	"repetitions",
	"repetition_index",
	"threads",
	"iterations",
	"real_time",
	"cpu_time",
	"items_per_second",
	"bytes_per_second",
};

bool document_check(const json_t *document, struct problem *problem)
{
	const json_t *context = json_object_get(document, "context");

	if (!json_is_object(document))
		return problem_set(
			problem, EXIT_WRONG_USE, "the benchmark document is no JSON object");
	if (!json_is_object(context))
		return problem_set(problem, EXIT_WRONG_USE,
			"the benchmark document's \"context\" is %s, not an object",
			context ? "something else" : "missing");
	// What the measured programs add: all texts, all optional.
	for (size_t i = 0; i < facts_count; i++) {
		const json_t *value = json_object_get(context, facts[i].name);

		if (value && !json_is_string(value) && !fact_is(&facts[i], FACT_FOREIGN))
			return problem_set(problem, EXIT_WRONG_USE,
				"the benchmark document's \"context\".\"%s\" is not a text",
				facts[i].name);
	}
	return document_check_benchmarks(document, problem);
}

bool document_check_benchmarks(const json_t *document, struct problem *problem)
{
	const json_t *benchmarks = json_object_get(document, "benchmarks");

	if (!json_is_object(document))
		return problem_set(
			problem, EXIT_WRONG_USE, "the benchmark document is no JSON object");
	if (!json_is_array(benchmarks))
		return problem_set(problem, EXIT_WRONG_USE,
			"the benchmark document's \"benchmarks\" is %s, not an array",
			benchmarks ? "something else" : "missing");
	if (json_array_size(benchmarks) == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"the benchmark document's \"benchmarks\" is empty: nothing was measured");
	return true;
}

const char *document_fact(const json_t *document, const char *name)
{
	return json_string_value(json_object_get(json_object_get(document, "context"), name));
}

bool document_is_former(const json_t *document, char today[FINGERPRINT_SIZE])
{
	return fingerprint_is_former(document_fact(document, "machine"),
		document_fact(document, "cpu_model"), document_fact(document, "topology_digest"),
		today);
}

const char *document_simulator(const json_t *document)
{
	const char *simulated = document_fact(document, "simulated");

	return simulated && strcmp(simulated, "no") != 0 ? simulated : NULL;
}

bool document_is_timeless(const char *simulator)
{
	static const char *const TOOLS[] = {"callgrind", "valgrind"};

	for (size_t i = 0; simulator && i < sizeof(TOOLS) / sizeof(TOOLS[0]); i++) {
		if (strncmp(simulator, TOOLS[i], strlen(TOOLS[i])) == 0)
			return true;
	}
	return false;
}

// What the readers below share: the benchmark, where it stands, and the first problem.
struct reading {
	const json_t *benchmark;
	size_t index;
	struct problem *problem;
	bool is_good;
	bool is_foreign; // only what a comparison needs must be there
};

static void refuse(struct reading *reading, const char *member, const char *expected)
{
	if (reading->is_good)
		problem_set(reading->problem, EXIT_WRONG_USE,
			"the benchmark document's \"benchmarks\"[%zu].\"%s\" is not %s",
			reading->index, member, expected);
	reading->is_good = false;
}

static const char *read_text(struct reading *reading, const char *member)
{
	const json_t *value = json_object_get(reading->benchmark, member);

	if (value && !json_is_string(value))
		refuse(reading, member, "a text");
	return json_string_value(value);
}

static int64_t read_count(struct reading *reading, const char *member)
{
	const json_t *value = json_object_get(reading->benchmark, member);

	if (!value)
		return DOCUMENT_ABSENT;
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		refuse(reading, member, "a whole number from 0");
	return json_integer_value(value);
}

static double read_number(struct reading *reading, const char *member)
{
	const json_t *value = json_object_get(reading->benchmark, member);

	if (!value)
		return NAN;
	if (!json_is_number(value) || !isfinite(json_number_value(value)))
		refuse(reading, member, "a finite number");
	return json_number_value(value);
}

static double read_unit_ns(struct reading *reading)
{
	static const struct {
		const char *name;
		double ns;
	} UNITS[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	const char *name = read_text(reading, "time_unit");

	for (size_t i = 0; name && i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		if (strcmp(name, UNITS[i].name) == 0)
			return UNITS[i].ns;
	}
	refuse(reading, "time_unit", "one of ns, us, ms, s");
	return NAN;
}

// An aggregate in percent (the coefficient of variation) is no time, and a complexity fit has none.
static bool has_times(struct reading *reading, const struct document_sample *sample)
{
	const char *unit = read_text(reading, "aggregate_unit");

	if (sample->failed)
		return false;
	if (strcmp(sample->run_type, "iteration") == 0)
		return true;
	return json_object_get(reading->benchmark, "real_time") &&
	       !(unit && strcmp(unit, "percentage") == 0);
}

static void read_times(struct reading *reading, struct document_sample *sample)
{
	double unit_ns = read_unit_ns(reading);
	double real_time_ns = read_number(reading, "real_time") * unit_ns;
	double cpu_time_ns = read_number(reading, "cpu_time") * unit_ns;
	bool is_iteration = strcmp(sample->run_type, "iteration") == 0;
	bool may_lack_cpu_time = reading->is_foreign && isnan(cpu_time_ns);

	// Ratios of logarithms need a time above zero; a standard deviation may well be zero.
	if (!isfinite(real_time_ns) || real_time_ns < 0 || (is_iteration && real_time_ns == 0))
		refuse(reading, "real_time", "a finite time above 0");
	if (!may_lack_cpu_time && (!isfinite(cpu_time_ns) || cpu_time_ns < 0))
		refuse(reading, "cpu_time", "a finite time from 0");
	if (is_iteration && sample->iterations < 1 &&
		!(reading->is_foreign && sample->iterations == DOCUMENT_ABSENT))
		refuse(reading, "iterations", "a whole number from 1");
	sample->real_time_ns = real_time_ns;
	sample->cpu_time_ns = cpu_time_ns;
}

static bool is_standard_number(const char *member)
{
	for (size_t i = 0; i < sizeof(STANDARD_NUMBERS) / sizeof(STANDARD_NUMBERS[0]); i++) {
		if (strcmp(member, STANDARD_NUMBERS[i]) == 0)
			return true;
	}
	return false;
}

static json_t *read_counters(struct reading *reading)
{
	json_t *counters = json_object();
	const char *member;
	json_t *value;

	json_object_foreach((json_t *)reading->benchmark, member, value)
	{
		if (json_is_number(value) && !is_standard_number(member))
			json_object_set(counters, member, value);
	}
	return counters;
}

static void read_failure(struct reading *reading, struct document_sample *sample)
{
	const json_t *failed = json_object_get(reading->benchmark, "error_occurred");
	const json_t *skipped = json_object_get(reading->benchmark, "skipped");

	if (failed && !json_is_boolean(failed))
		refuse(reading, "error_occurred", "true or false");
	if (skipped && !json_is_boolean(skipped))
		refuse(reading, "skipped", "true or false");
	sample->failed = json_is_true(failed) || json_is_true(skipped);
	sample->error_message = read_text(reading, "error_message");
	if (!sample->error_message && json_is_true(skipped))
		sample->error_message = read_text(reading, "skip_message");
}

static void read_run_type(struct reading *reading, struct document_sample *sample)
{
	const char *run_type = read_text(reading, "run_type");

	sample->run_type =
		run_type ? run_type : "iteration"; // Google Benchmark before 1.5 does not say
	if (strcmp(sample->run_type, "iteration") != 0 &&
		strcmp(sample->run_type, "aggregate") != 0)
		refuse(reading, "run_type", "\"iteration\" or \"aggregate\"");
}

static bool sample_read(const json_t *document, size_t index, bool is_foreign,
	struct document_sample *sample, struct problem *problem)
{
	struct reading reading = {
		.index = index, .problem = problem, .is_good = true, .is_foreign = is_foreign};

	*sample = (struct document_sample){.real_time_ns = NAN, .cpu_time_ns = NAN};
	reading.benchmark = json_array_get(json_object_get(document, "benchmarks"), index);
	if (!json_is_object(reading.benchmark))
		return problem_set(problem, EXIT_WRONG_USE,
			"the benchmark document's \"benchmarks\"[%zu] is not an object", index);
	sample->name = read_text(&reading, "name");
	if (!sample->name || !*sample->name)
		refuse(&reading, "name", "a text");
	read_run_type(&reading, sample);
	read_failure(&reading, sample);
	sample->aggregate_name = read_text(&reading, "aggregate_name");
	sample->label = read_text(&reading, "label");
	sample->repetition = read_count(&reading, "repetition_index");
	sample->repetitions = read_count(&reading, "repetitions");
	sample->threads = read_count(&reading, "threads");
	sample->iterations = read_count(&reading, "iterations");
	sample->items_per_second = read_number(&reading, "items_per_second");
	sample->bytes_per_second = read_number(&reading, "bytes_per_second");
	if (has_times(&reading, sample))
		read_times(&reading, sample);
	sample->counters = read_counters(&reading);
	return reading.is_good;
}

bool document_sample_read(const json_t *document, size_t index, struct document_sample *sample,
	struct problem *problem)
{
	return sample_read(document, index, false, sample, problem);
}

bool document_sample_read_foreign(const json_t *document, size_t index,
	struct document_sample *sample, struct problem *problem)
{
	return sample_read(document, index, true, sample, problem);
}

void document_sample_clear(struct document_sample *sample)
{
	json_decref(sample->counters);
	sample->counters = NULL;
}
