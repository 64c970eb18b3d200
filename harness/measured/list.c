// SPDX-License-Identifier: GPL-2.0-or-later
// Builds the JSON of --slabmark_list from the workload table and the process's benchmarks.
#include "list.h"

#include <slab/slab.h>
#include <stdio.h>

#include "harness/place/topology.h"

// Not assert(): the appends must also happen where assertions are off.
static void append(json_t *array, json_t *value)
{
	json_array_append_new(array, value);
}

static json_t *parameter_value(const struct workload_parameter *parameter, int64_t value)
{
	if (parameter->value_names)
		return json_string(parameter->value_names[value - parameter->minimum]);
	return parameter->scale > 0 ? json_real((double)value / (double)parameter->scale)
				    : json_integer(value);
}

// As a number even where values are words.
static json_t *bound(const struct workload_parameter *parameter, int64_t value)
{
	return parameter->value_names ? json_integer(value) : parameter_value(parameter, value);
}

// One value, or several as an array.
static json_t *values_set(const struct workload_parameter *parameter, const struct sweep *sweep)
{
	json_t *values;

	if (sweep->count == 1)
		return parameter_value(parameter, sweep->values[0]);
	values = json_array();
	for (size_t i = 0; i < sweep->count; i++)
		append(values, parameter_value(parameter, sweep->values[i]));
	return values;
}

static json_t *describe_parameter(
	const struct workload_parameter *parameter, const struct sweep *sweep)
{
	json_t *row = json_pack("{ss ss ss so so so so}", "name", parameter->name, "summary",
		parameter->summary, "unit", parameter->unit, "default",
		parameter_value(parameter, parameter->initial), "min",
		bound(parameter, parameter->minimum), "max", bound(parameter, parameter->maximum),
		"value", values_set(parameter, sweep));

	if (!parameter->value_names)
		return row;
	json_t *names = json_array();
	for (size_t i = 0; parameter->value_names[i]; i++)
		append(names, json_string(parameter->value_names[i]));
	json_object_set_new(row, "values", names);
	return row;
}

static json_t *describe_threads(const struct workload_role *role)
{
	char summary[96];

	snprintf(summary, sizeof(summary), "threads in the role of a %s", role->name);
	return json_pack("{ss ss ss si si si}", "name", role->plural, "summary", summary, "unit",
		"threads", "default", (int)role->threads, "min", 1, "max",
		(int)(role->maximum > 0 ? role->maximum : MEASURED_THREADS_MAX));
}

static json_t *describe_parameters(const struct settings *settings, size_t index)
{
	const struct workload *workload = workload_table[index];
	json_t *rows = json_array();

	for (size_t i = 0; i < workload_parameters_count(workload); i++) {
		int64_t initial;
		struct sweep sweep = settings_values(settings, index, i, &initial);

		append(rows, describe_parameter(&workload->parameters[i], &sweep));
	}
	for (size_t i = 0; workload->roles[i].name; i++)
		append(rows, describe_threads(&workload->roles[i]));
	return rows;
}

static json_t *describe_roles(const struct workload *workload)
{
	json_t *rows = json_array();

	for (const struct workload_role *role = workload->roles; role->name; role++)
		append(rows, json_pack("{ss ss si}", "name", role->name, "plural", role->plural,
				     "threads", (int)role->threads));
	return rows;
}

static json_t *describe_benchmarks(
	const struct measured_process *process, const struct workload *workload)
{
	json_t *names = json_array();

	for (size_t i = 0; i < process->benchmarks_count; i++) {
		const struct measured_benchmark *benchmark = process->benchmarks[i];

		if (benchmark->workload == workload && benchmark->reason[0] == '\0')
			append(names, json_string(benchmark->name));
	}
	return names;
}

// How many operations the smallest loop of each of them does, in the same order.
static json_t *describe_operations(
	const struct measured_process *process, const struct workload *workload)
{
	json_t *numbers = json_array();

	for (size_t i = 0; i < process->benchmarks_count; i++) {
		const struct measured_benchmark *benchmark = process->benchmarks[i];

		if (benchmark->workload == workload && benchmark->reason[0] == '\0')
			append(numbers, json_integer(workload_operations(workload,
							     benchmark->values, benchmark->counts) *
						     benchmark->placement.threads_count));
	}
	return numbers;
}

static json_t *describe_skipped(
	const struct measured_process *process, const struct workload *workload)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < process->benchmarks_count; i++) {
		const struct measured_benchmark *benchmark = process->benchmarks[i];

		if (benchmark->workload == workload && benchmark->reason[0] != '\0')
			append(rows, json_pack("{ss ss}", "name", benchmark->name, "reason",
					     benchmark->reason));
	}
	return rows;
}

json_t *measured_list(const struct measured_process *process)
{
	json_t *workloads = json_array();

	for (size_t row = 0; workload_table[row]; row++) {
		const struct workload *workload = workload_table[row];

		append(workloads,
			json_pack("{ss ss ss ss so so so so so}", "name", workload->name, "summary",
				workload->summary, "stresses", workload->stresses, "published",
				workload->published, "roles", describe_roles(workload),
				"parameters", describe_parameters(&process->options->settings, row),
				"benchmarks", describe_benchmarks(process, workload), "operations",
				describe_operations(process, workload), "skipped",
				describe_skipped(process, workload)));
	}
	return json_pack("{ss ss ss ss* so}", "config", slab_config_name(), "description",
		slab_config_description(), "cpu_mode", slab_cpu_mode(), "simulated",
		machine_topology_variable(), "workloads", workloads);
}
