// SPDX-License-Identifier: GPL-2.0-or-later
// From "WORKLOAD.PARAMETER=VALUES" to values. Entry: settings_take().
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "results/text/nearest.h"

enum { OPTION_SIZE = 160, OFFER_SIZE = 512 };

static bool refuse_workload(const char *name, struct problem *problem)
{
	const char *names[MEASURED_WORKLOADS_MAX];
	char offer[OFFER_SIZE];
	size_t count = 0;

	while (workload_table[count]) {
		names[count] = workload_table[count]->name;
		count++;
	}
	return problem_set(problem, EXIT_WRONG_USE, "--slabmark_set: unknown workload '%s'; %s",
		name, nearest_offer(offer, sizeof(offer), name, names, count));
}

static bool refuse_parameter(
	const struct workload *workload, const char *name, struct problem *problem)
{
	const char *names[WORKLOAD_PARAMETERS_MAX + WORKLOAD_ROLES_MAX];
	char offer[OFFER_SIZE];
	size_t count = workload_parameters_count(workload);

	for (size_t i = 0; i < count; i++)
		names[i] = workload->parameters[i].name;
	for (const struct workload_role *role = workload->roles; role->name; role++)
		names[count++] = role->plural;
	return problem_set(problem, EXIT_WRONG_USE,
		"--slabmark_set: workload '%s' has no parameter '%s'; %s", workload->name, name,
		nearest_offer(offer, sizeof(offer), name, names, count));
}

static bool take_values(struct settings *settings, size_t row, size_t index, const char *text,
	struct problem *problem)
{
	const struct workload *workload = workload_table[row];
	const struct workload_parameter *parameter = &workload->parameters[index];
	char option[OPTION_SIZE];
	const struct sweep_range range = {
		.option = option,
		.unit = parameter->unit,
		.minimum = parameter->minimum,
		.maximum = parameter->maximum,
		.scale = parameter->scale,
		.words = parameter->value_names,
	};

	snprintf(option, sizeof(option), "--slabmark_set=%s.%s", workload->name, parameter->name);
	return sweep_read(&settings->values[row][index], text, &range, problem);
}

bool settings_threads_read(struct sweep *sweep, size_t row, size_t role, const char *text,
	size_t cpus, struct problem *problem)
{
	const struct workload *workload = workload_table[row];
	unsigned maximum = workload->roles[role].maximum;
	char option[OPTION_SIZE];
	const struct sweep_range range = {
		.option = option,
		.unit = "threads",
		.minimum = 1,
		.maximum = maximum > 0 ? maximum : MEASURED_THREADS_MAX,
		.all = maximum > 0 && maximum < cpus ? maximum : (int64_t)cpus,
	};

	snprintf(option, sizeof(option), "--slabmark_set=%s.%s", workload->name,
		workload->roles[role].plural);
	return sweep_read(sweep, text, &range, problem);
}

static bool take_named(struct settings *settings, size_t row, const char *name, const char *text,
	struct problem *problem)
{
	const struct workload *workload = workload_table[row];

	for (size_t i = 0; i < workload_parameters_count(workload); i++)
		if (strcmp(workload->parameters[i].name, name) == 0)
			return take_values(settings, row, i, text, problem);
	for (size_t i = 0; workload->roles[i].name; i++) {
		if (strcmp(workload->roles[i].plural, name) != 0)
			continue;
		settings->threads[row][i] = text;
		return true;
	}
	return refuse_parameter(workload, name, problem);
}

bool settings_take(struct settings *settings, const char *text, struct problem *problem)
{
	char workload_name[64] = "";
	char parameter_name[64] = "";
	int used = 0;
	size_t row = 0;

	if (sscanf(text, "%63[^.=].%63[^.=]=%n", workload_name, parameter_name, &used) != 2 ||
		used == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_set=%s: must be WORKLOAD.PARAMETER=VALUE, such as "
			"pair.size=256",
			text);
	while (workload_table[row] && strcmp(workload_table[row]->name, workload_name) != 0)
		row++;
	return workload_table[row] ? take_named(settings, row, parameter_name, text + used, problem)
				   : refuse_workload(workload_name, problem);
}

// ---- all of them

struct sweep settings_values(
	const struct settings *settings, size_t row, size_t parameter, int64_t *initial)
{
	struct sweep sweep = settings->values[row][parameter];

	*initial = workload_table[row]->parameters[parameter].initial;
	return sweep.count > 0 ? sweep : (struct sweep){.values = initial, .count = 1};
}

bool settings_check(const struct settings *settings, struct problem *problem)
{
	for (size_t row = 0; workload_table[row]; row++) {
		const struct workload *workload = workload_table[row];
		int64_t values[WORKLOAD_PARAMETERS_MAX];
		const char *why = NULL;
		bool has_several = false;

		for (size_t i = 0; i < workload_parameters_count(workload); i++) {
			int64_t initial;
			struct sweep sweep = settings_values(settings, row, i, &initial);

			values[i] = sweep.values[0];
			has_several = has_several || sweep.count > 1;
		}
		if (!has_several && workload->check && !workload->check(values, &why))
			return problem_set(problem, EXIT_WRONG_USE, "--slabmark_set=%s…: %s",
				workload->name, why);
	}
	return true;
}

void settings_free(struct settings *settings)
{
	for (size_t row = 0; row < MEASURED_WORKLOADS_MAX; row++)
		for (size_t i = 0; i < WORKLOAD_PARAMETERS_MAX; i++)
			sweep_free(&settings->values[row][i]);
}
