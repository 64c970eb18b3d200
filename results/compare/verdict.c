// SPDX-License-Identifier: GPL-2.0-or-later
// What a row comes to, in one vocabulary for compare, gate, page and exports; and the margin that it
// rests on. Entries: verdict_of(), verdict_words(), margins_text().
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "internal.h"
#include "results/statistics/selection.h"
#include "results/text/timestamp.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const NAMES[] = {"changed", "equivalent", "undecided", "no verdict"};

	return NAMES[verdict];
}

enum verdict verdict_of(double ratio_low, double ratio_high, bool is_reached, double q,
	const struct compare_options *options)
{
	if (!is_reached)
		return VERDICT_UNDECIDED;
	// The margin comes first: a difference may be certain and still too small to care about. In
	// logs the margin is symmetric, so that the verdict does not depend on which side is the
	// base.
	if (ratio_low >= 1 / (1 + options->margin) && ratio_high <= 1 + options->margin)
		return VERDICT_EQUIVALENT;
	if (q <= options->alpha && (ratio_low > 1 || ratio_high < 1))
		return VERDICT_CHANGED;
	return VERDICT_UNDECIDED;
}

bool verdict_is_beyond(double ratio_low, double ratio_high, double margin)
{
	return ratio_low > 1 + margin || ratio_high < 1 / (1 + margin);
}

const char *verdict_words(const struct compare_row *row, char *text, size_t size)
{
	if (row->verdict != VERDICT_CHANGED)
		(void)snprintf(text, size, "%s", verdict_name(row->verdict));
	else if (verdict_is_beyond(row->ratio_low, row->ratio_high, row->margin))
		(void)snprintf(text, size, "changed, %s", compare_direction(row));
	else
		(void)snprintf(text, size, "changed, %s, perhaps by less than %.3g %%",
			compare_direction(row), 100 * row->margin);
	return text;
}

double unselected_of(const struct compare_row *row, double alpha)
{
	double width = log(row->ratio_high) - log(row->ratio_low);
	double error = width / (2 * gsl_cdf_ugaussian_Pinv((1 + COMPARE_CONFIDENCE) / 2));

	if (row->verdict != VERDICT_CHANGED || !(row->q > 0) || !(error > 0))
		return NAN;
	// What p had to be below, at the row's rank among all rows.
	return exp(selected_estimate(log(row->ratio), error, fmin(alpha, alpha * row->p / row->q)));
}

const char *compare_direction(const struct compare_row *row)
{
	if (isnan(row->ratio))
		return "unknown";
	if (row->ratio == 1)
		return "same";
	return row->ratio > 1 ? "slower" : "faster";
}

// ---- margins

// The calibration of the row's series that its margin comes from; NULL: none.
static const struct calibration *calibration_of(
	const struct comparison *comparison, const struct compare_row *row)
{
	const struct calibrations *calibrations = &comparison->calibrations;

	for (size_t i = 0; row->series && i < calibrations->count; i++) {
		const struct calibration *calibration = &calibrations->items[i];

		if (strcmp(row->series, calibration->series) == 0 && calibration->margin > 0)
			return calibration;
	}
	return NULL;
}

void margin_set(const struct comparison *comparison, struct compare_row *row)
{
	const struct calibration *calibration = calibration_of(comparison, row);

	row->margin = calibration ? calibration->margin : comparison->margin;
	row->margin_from = calibration                   ? "calibration"
			   : comparison->is_margin_given ? "given"
							 : "default";
}

const char *margin_source_words(const char *margin_from)
{
	if (margin_from && strcmp(margin_from, "calibration") == 0)
		return "this machine's own";
	return margin_from && strcmp(margin_from, "given") == 0 ? "as asked for" : "the default";
}

// What the margins of some rows are: all, or those of one source.
struct margins {
	double least, most;
	size_t rows;
	int64_t newest_unix_ns; // calibration
	bool is_loaded; // one was made under load
};

static struct margins margins_of(const struct comparison *comparison, bool of_calibration)
{
	struct margins margins = {.least = INFINITY};

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		const struct calibration *calibration = calibration_of(comparison, row);

		if ((calibration != NULL) != of_calibration || row->is_timeless)
			continue;
		margins.rows++;
		margins.least = fmin(margins.least, 100 * row->margin);
		margins.most = fmax(margins.most, 100 * row->margin);
		if (!calibration)
			continue;
		margins.is_loaded |= calibration->is_loaded;
		if (calibration->created_unix_ns > margins.newest_unix_ns)
			margins.newest_unix_ns = calibration->created_unix_ns;
	}
	return margins;
}

// "0.8 to 3 % (this machine's own, calibrated 2026-11-22)"
static int calibrated_text(const struct margins *own, char *text, size_t size)
{
	char date[TIMESTAMP_SIZE];
	char range[64];

	(void)snprintf(range, sizeof(range), own->least < own->most ? "%.3g to %.3g" : "%.3g",
		own->least, own->most);
	return snprintf(text, size, "%s %% (this machine's own, calibrated %.10s%s)", range,
		timestamp(own->newest_unix_ns, date), own->is_loaded ? " under load" : "");
}

const char *margins_text(const struct comparison *comparison, char *text, size_t size)
{
	struct margins own = margins_of(comparison, true);
	struct margins usual = margins_of(comparison, false);
	const char *whose = comparison->is_margin_given ? "as asked for"
			    : comparison->files         ? "the default"
							: "the default: `slabmark calibrate` finds "
							  "this machine's own";
	int used = 0;

	if (own.rows > 0)
		used = calibrated_text(&own, text, size);
	if (own.rows > 0 && usual.rows > 0)
		used += snprintf(text + used, size - (size_t)used, "; of %zu %s ", usual.rows,
			usual.rows == 1 ? "benchmark" : "benchmarks");
	if (usual.rows > 0 || own.rows == 0)
		(void)snprintf(text + used, size - (size_t)used, "%.3g %% (%s)",
			100 * comparison->margin, whose);
	return text;
}
