// SPDX-License-Identifier: GPL-2.0-or-later
// Builds the JSON of --slabmark_list from the workload table and the process's benchmarks.
#include "list.h"

#include <slab/slab.h>
#include <stdio.h>

// Not assert(): the appends must also happen where assertions are off.
static void append(json_t *array, json_t *value)
{
	json_array_append_new(array, value);
}

static json_t *parameter_value(const struct workload_parameter *parameter, int64_t value)
{
	return parameter->value_names
		       ? json_string(parameter->value_names[value - parameter->minimum])
		       : json_integer(value);
}

static json_t *describe_parameter(const struct workload_parameter *parameter, int64_t value)
{
	json_t *row = json_pack("{ss ss ss so sI sI so}", "name", parameter->name, "summary",
		parameter->summary, "unit", parameter->unit, "default",
		parameter_value(parameter, parameter->initial), "min",
		(json_int_t)parameter->minimum, "max", (json_int_t)parameter->maximum, "value",
		parameter_value(parameter, value));

	if (!parameter->value_names)
		return row;
	json_t *names = json_array();
	for (size_t i = 0; parameter->value_names[i]; i++)
		append(names, json_string(parameter->value_names[i]));
	json_object_set_new(row, "values", names);
	return row;
}

static json_t *describe_threads(const struct workload_role *role, unsigned count)
{
	char summary[96];

	snprintf(summary, sizeof(summary), "threads in the role of a %s", role->name);
	return json_pack("{ss ss ss si si si si}", "name", role->plural, "summary", summary, "unit",
		"threads", "default", (int)role->threads, "min", 1, "max",
		(int)(role->maximum > 0 ? role->maximum : MEASURED_THREADS_MAX), "value",
		(int)count);
}

static json_t *describe_parameters(
	const struct workload *workload, const int64_t *values, const unsigned *counts)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < workload_parameters_count(workload); i++)
		append(rows, describe_parameter(&workload->parameters[i], values[i]));
	for (size_t i = 0; workload->roles[i].name; i++)
		append(rows, describe_threads(&workload->roles[i], counts[i]));
	return rows;
}

static json_t *describe_roles(const struct workload *workload, const unsigned *counts)
{
	json_t *rows = json_array();

	for (size_t i = 0; workload->roles[i].name; i++) {
		const struct workload_role *role = &workload->roles[i];

		append(rows, json_pack("{ss ss si}", "name", role->name, "plural", role->plural,
				     "threads", (int)counts[i]));
	}
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
			json_pack("{ss ss ss ss so so so so}", "name", workload->name, "summary",
				workload->summary, "stresses", workload->stresses, "published",
				workload->published, "roles",
				describe_roles(workload, process->options->counts[row]),
				"parameters",
				describe_parameters(workload, process->options->values[row],
					process->options->counts[row]),
				"benchmarks", describe_benchmarks(process, workload), "skipped",
				describe_skipped(process, workload)));
	}
	return json_pack("{ss ss ss so}", "config", slab_config_name(), "description",
		slab_config_description(), "cpu_mode", slab_cpu_mode(), "workloads", workloads);
}
