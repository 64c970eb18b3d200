// SPDX-License-Identifier: GPL-2.0-or-later
// What a measured program says of its options, its workloads and their parameters. Entry:
// measured_options_print_help().
#include <stdio.h>

#include "options_table.h"

static void print_parameters(FILE *file, const struct workload *workload)
{
	for (const struct workload_parameter *parameter = workload->parameters; parameter->name;
		parameter++) {
		char least[32];
		char most[32];
		char initial[32];

		workload_value_text(parameter, parameter->initial, initial, sizeof(initial));
		fprintf(file, "      %s.%s=", workload->name, parameter->name);
		for (size_t i = 0; parameter->value_names && parameter->value_names[i]; i++)
			fprintf(file, "%s%s", i > 0 ? "|" : "", parameter->value_names[i]);
		if (parameter->value_names)
			fprintf(file, "  %s (%s)\n", parameter->summary, initial);
		else
			fprintf(file, "%s…%s  %s, in %s (%s)\n",
				workload_value_text(
					parameter, parameter->minimum, least, sizeof(least)),
				workload_value_text(
					parameter, parameter->maximum, most, sizeof(most)),
				parameter->summary, parameter->unit, initial);
	}
	for (const struct workload_role *role = workload->roles; role->name; role++)
		fprintf(file, "      %s.%s=1…%u  threads of this role (%u)\n", workload->name,
			role->plural, role->maximum > 0 ? role->maximum : MEASURED_THREADS_MAX,
			role->threads);
}

void measured_options_print_help(FILE *file, const char *program)
{
	fprintf(file,
		"Usage: %s [OPTION…]\nMeasures one allocator config; one JSON document a "
		"process with --benchmark_format=json.\n\n",
		program);
	for (size_t i = 0; i < measured_options_count; i++) {
		const struct measured_option *option = &measured_options_table[i];
		char left[64];

		if (!option->help)
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", option->name, option->argument ? "=" : "",
			option->argument ? option->argument : "");
		fprintf(file, "  %-42s %s\n", left, option->help);
	}
	fputs("\nWorkloads, and their parameters for --slabmark_set:\n", file);
	for (size_t i = 0; workload_table[i]; i++) {
		fprintf(file, "  %s: %s\n", workload_table[i]->name, workload_table[i]->summary);
		print_parameters(file, workload_table[i]);
	}
	fputs("\nExit status: 0 measured, 1 a check failed, 2 wrong use, 3 not measured.\n\n",
		file);
	fputs("Google Benchmark's own options:\n", file);
	fflush(file);
}
