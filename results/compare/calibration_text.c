// SPDX-License-Identifier: GPL-2.0-or-later
// Calibrations for readers and for programs. Entries: calibrations_text(), calibrations_json().
#include "calibration.h"

#include <math.h>

#include "results/text/width.h"

enum { KIND_OF_SENTENCE = 2 }; // 20 rounds

static int name_width(const struct calibrations *calibrations)
{
	int width = text_width("series");

	for (size_t i = 0; i < calibrations->count; i++) {
		int taken = text_width(calibrations->items[i].series);

		width = taken > width ? taken : width;
	}
	return width;
}

static void print_share(FILE *output, int width, double share)
{
	if (isnan(share))
		(void)fprintf(output, "  %*s", width, "-");
	else
		(void)fprintf(output, "  %*.2f", width, 100 * share);
}

// What a reader wants to know of all this: "with 20 rounds you can see 10 % here".
static void print_sentence(const struct calibrations *calibrations, FILE *output)
{
	double least = INFINITY;
	double most = 0;

	for (size_t i = 0; i < calibrations->count; i++) {
		least = fmin(least, calibrations->items[i].smallest[KIND_OF_SENTENCE]);
		most = fmax(most, calibrations->items[i].smallest[KIND_OF_SENTENCE]);
	}
	if (most <= 0)
		return;
	(void)fprintf(output, "\nWith %zu rounds you can see a slowdown of %.2g %% here",
		calibration_rounds[KIND_OF_SENTENCE], 100 * most);
	if (calibrations->count > 1)
		(void)fprintf(output, ", and of %.2g %% in the quietest series", 100 * least);
	(void)fputs(".\n", output);
}

static bool is_any_loaded(const struct calibrations *calibrations)
{
	for (size_t i = 0; i < calibrations->count; i++) {
		if (calibrations->items[i].is_loaded)
			return true;
	}
	return false;
}

void calibrations_text(const struct calibrations *calibrations, FILE *output)
{
	int width = name_width(calibrations);

	(void)fprintf(output, "%-*s  rounds  spread  layout", width, "series");
	for (size_t kind = 0; kind < CALIBRATION_KINDS; kind++)
		(void)fprintf(output, "  seen by %zu", calibration_rounds[kind]);
	(void)fputs("  margin\n", output);
	for (size_t i = 0; i < calibrations->count; i++) {
		const struct calibration *calibration = &calibrations->items[i];

		print_padded(output, calibration->series, width);
		(void)fprintf(output, "  %6zu", calibration->rounds);
		print_share(output, 6, calibration->spread);
		print_share(output, 6, calibration->layout);
		for (size_t kind = 0; kind < CALIBRATION_KINDS; kind++)
			print_share(output, calibration_rounds[kind] < 10 ? 9 : 10,
				calibration->smallest[kind]);
		print_share(output, 6, calibration->margin);
		(void)fputc('\n', output);
	}
	(void)fputs("\nall in %; spread: standard deviation of a round's ratio of equal programs; "
		    "layout: how far other builds lie at least, beyond the noise; seen by N: the "
		    "slowdown that N "
		    "rounds call changed in 80 of 100 cases; margin: what compare and gate take "
		    "for too little to care about\n",
		output);
	if (is_any_loaded(calibrations))
		(void)fputs(
			"\n! Other programs were running meanwhile, so that their noise is in "
			"these "
			"figures. compare and gate say so beside the margin; calibrate again when "
			"the machine is quiet.\n",
			output);
	print_sentence(calibrations, output);
}

static json_t *share_json(double share)
{
	return isnan(share) ? json_null() : json_real(share);
}

json_t *calibrations_json(const struct calibrations *calibrations)
{
	json_t *array = json_array();

	for (size_t i = 0; i < calibrations->count; i++) {
		const struct calibration *calibration = &calibrations->items[i];
		json_t *smallest = json_object();

		for (size_t kind = 0; kind < CALIBRATION_KINDS; kind++) {
			char rounds[24];

			(void)snprintf(rounds, sizeof(rounds), "%zu", calibration_rounds[kind]);
			json_object_set_new(
				smallest, rounds, share_json(calibration->smallest[kind]));
		}
		json_array_append_new(array,
			json_pack("{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:b}", "machine",
				calibration->machine, "series", calibration->series, "config",
				calibration->config, "session", (json_int_t)calibration->session,
				"rounds", (json_int_t)calibration->rounds, "spread",
				share_json(calibration->spread), "layout",
				share_json(calibration->layout), "smallest", smallest, "margin",
				share_json(calibration->margin), "loaded", calibration->is_loaded));
	}
	return array;
}
