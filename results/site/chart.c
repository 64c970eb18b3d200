// SPDX-License-Identifier: GPL-2.0-or-later
// Draws ratios with their intervals, and a series over time, as SVG that stands alone: it has no
// script, no style sheet and no font of its own. Entry: chart_print().
#include "chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/timestamp.h"

enum {
	WIDTH = 900,
	RATIOS =
		560, // room for the bars of a ratio chart; beside it lie names, as long as they are,
	LETTER = 8, // and a letter's width at most
	VALUES = 70, // and figures
	ROW = 24,
	HEAD = 40,
	FOOT = 50,
	PLOT = 300, // height of a series over time
	LEFT = 80,
};

// A scale from figures to places.
struct scale {
	double low, high; // figures; of ratios their logs
	double from, to; // places
};

static double place(const struct scale *scale, double value)
{
	return scale->from +
	       (value - scale->low) / (scale->high - scale->low) * (scale->to - scale->from);
}

static void svg_begin(FILE *output, int width, int height, const char *title)
{
	fprintf(output,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\" "
		"fill=\"#1b1f24\" role=\"img\">\n<title>",
		width, height, width, height);
	print_xml(output, title);
	fputs("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
	      "<text x=\"10\" y=\"22\" font-size=\"16\" font-weight=\"bold\">",
		output);
	print_xml(output, title);
	fputs("</text>\n", output);
}

static void print_text(FILE *output, double x, double y, const char *anchor, const char *attributes,
	const char *text)
{
	fprintf(output, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor,
		attributes);
	print_xml(output, text);
	fputs("</text>\n", output);
}

static void print_line(
	FILE *output, double x1, double y1, double x2, double y2, const char *colour, double width)
{
	fprintf(output,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
		"stroke-width=\"%g\"/>\n",
		x1, y1, x2, y2, colour, width);
}

// ---- ratios

struct bar {
	const char *label;
	double ratio, low, high; // NaN: no interval
	enum verdict verdict;
	bool is_simulated;
};

static const char *colour_of(const struct bar *bar)
{
	switch (bar->verdict) {
	case VERDICT_CHANGED:
		return bar->ratio > 1 ? "#b24700" : "#00629b";
	case VERDICT_EQUIVALENT:
		return "#00704f";
	default:
		return "#626a75";
	}
}

// The shapes that the pages have: slower points up, faster down; a circle is equivalent, a cross
// undecided.
static const char *shape_of(const struct bar *bar)
{
	if (bar->verdict == VERDICT_CHANGED)
		return bar->ratio > 1 ? "M0,-6L6,5L-6,5Z" : "M0,6L6,-5L-6,-5Z";
	return bar->verdict == VERDICT_EQUIVALENT ? "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z"
						  : "M-5,-5L5,5M5,-5L-5,5";
}

static void bounds_widen(struct scale *scale, double ratio)
{
	if (ratio > 0 && isfinite(ratio)) {
		scale->low = fmin(scale->low, log(ratio));
		scale->high = fmax(scale->high, log(ratio));
	}
}

// 1 is always in it.
static struct scale ratios_scale(const struct bar *bars, size_t count, double margin)
{
	struct scale scale = {-log1p(margin), log1p(margin), 0, 0};
	size_t longest = 0;
	double room;

	for (size_t i = 0; i < count; i++) {
		longest = longest > strlen(bars[i].label) ? longest : strlen(bars[i].label);
		bounds_widen(&scale, bars[i].ratio);
		bounds_widen(&scale, bars[i].low);
		bounds_widen(&scale, bars[i].high);
	}
	room = 0.06 * (scale.high - scale.low);
	scale.low -= room;
	scale.high += room;
	scale.from = (double)longest * LETTER + 30;
	scale.to = scale.from + RATIOS;
	return scale;
}

static void print_ratio_tick(FILE *output, double x, double ratio, double bottom)
{
	char text[FIGURE_SIZE];

	(void)snprintf(text, sizeof(text), "%.3g \xc3\x97", ratio);
	print_line(output, x, HEAD, x, bottom, ratio == 1 ? "#1b1f24" : "#d4d9df",
		ratio == 1 ? 1.5 : 1);
	print_text(output, x, bottom + 17, "middle",
		ratio == 1 ? " font-weight=\"bold\"" : " fill=\"#545d68\"", text);
}

// Round ratios, those that say most first. Each is drawn that has room beside those before it.
static void print_ratio_axis(FILE *output, const struct scale *scale, double bottom)
{
	static const double TICKS[] = {1, 2, 0.5, 5, 0.2, 10, 0.1, 20, 50, 100, 0.05, 0.02, 0.01,
		1.5, 0.7, 3, 0.3, 1.2, 0.8, 1.1, 0.9, 1.3, 1.4, 1.6, 1.8, 1.05, 0.95, 1.02, 0.98,
		1.01, 0.99};
	enum { COUNT = sizeof(TICKS) / sizeof(TICKS[0]), ROOM = 55 };
	double taken[COUNT];
	size_t count = 0;

	for (size_t i = 0; i < COUNT; i++) {
		double x = place(scale, log(TICKS[i]));
		bool has_room = x >= scale->from && x <= scale->to;

		for (size_t k = 0; k < count; k++)
			has_room = has_room && fabs(x - taken[k]) >= ROOM;
		if (has_room)
			print_ratio_tick(output, x, TICKS[i], bottom);
		if (has_room)
			taken[count++] = x;
	}
}

static void print_bar(FILE *output, const struct scale *scale, const struct bar *bar, double y)
{
	double x = place(scale, log(bar->ratio));
	char text[FIGURE_SIZE];

	if (!(bar->ratio > 0))
		return;
	if (isfinite(bar->low) && bar->low > 0)
		print_line(output, place(scale, log(bar->low)), y, place(scale, log(bar->high)), y,
			colour_of(bar), 4);
	if (bar->is_simulated)
		fprintf(output,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"24\" height=\"16\" "
			"fill=\"url(#hatch)\"/>\n",
			x - 12, y - 8);
	fprintf(output,
		"<path d=\"%s\" transform=\"translate(%.1f,%.1f)\" fill=\"%s\" stroke=\"%s\"/>\n",
		shape_of(bar), x, y, bar->verdict == VERDICT_UNDECIDED ? "none" : colour_of(bar),
		bar->verdict == VERDICT_UNDECIDED ? colour_of(bar) : "#ffffff");
	print_text(output, scale->to + VALUES, y + 4, "end", "", ratio_text(bar->ratio, text));
}

static void print_ratios(FILE *output, const char *title, const char *axis, const struct bar *bars,
	size_t count, double margin)
{
	struct scale scale = ratios_scale(bars, count, margin);
	double bottom = HEAD + (double)count * ROW;
	double left = place(&scale, -log1p(margin));

	svg_begin(output, (int)scale.to + VALUES + 10, (int)bottom + FOOT, title);
	fputs("<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" "
	      "patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect width=\"3\" height=\"6\" fill=\"#8b949e\"/>"
	      "</pattern></defs>\n",
		output);
	fprintf(output,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\" fill=\"#e9ebee\"/>\n",
		left, HEAD, place(&scale, log1p(margin)) - left, bottom - HEAD);
	print_ratio_axis(output, &scale, bottom);
	for (size_t i = 0; i < count; i++) {
		double y = HEAD + ((double)i + 0.5) * ROW;

		print_text(output, scale.from - 10, y + 4, "end", "", bars[i].label);
		print_bar(output, &scale, &bars[i], y);
	}
	print_text(output, (scale.from + scale.to) / 2, bottom + 38, "middle", " fill=\"#545d68\"",
		axis);
	fputs("</svg>\n", output);
}

// ---- every config, and one of them

static void title_of(const struct night *night, const char *what, char *title, size_t title_size)
{
	(void)snprintf(title, title_size, "%s to %s, session %lld", what, night->base,
		(long long)night->session);
}

static bool is_simulated(const struct site *site, const char *config)
{
	return json_object_get(
		json_array_get(site->configs, site_place(site->configs, config)), "simulated");
}

static void print_configs(const struct site *site, const struct night *night, FILE *output)
{
	const struct comparison *comparison = night->comparison;
	struct bar *bars = calloc(comparison->means_count + 1, sizeof(*bars));
	char title[256];

	for (size_t i = 0; bars && i < comparison->means_count; i++) {
		const struct compare_mean *mean_of = &comparison->means[i];
		bool excludes = mean_of->ratio_low > 1 || mean_of->ratio_high < 1;

		bars[i] = (struct bar){
			.label = mean_of->side,
			.ratio = mean_of->ratio,
			.low = mean_of->ratio_low,
			.high = mean_of->ratio_high,
			.verdict = excludes ? VERDICT_CHANGED : VERDICT_UNDECIDED,
			.is_simulated = is_simulated(site, mean_of->side),
		};
	}
	title_of(night, "Every config", title, sizeof(title));
	if (bars)
		print_ratios(output, title, "time over that of the base; geometric mean", bars,
			comparison->means_count, COMPARE_MARGIN_DEFAULT);
	free(bars);
}

static bool print_config(
	struct site *site, const struct night *night, const char *config, FILE *output)
{
	const struct comparison *comparison = night->comparison;
	struct bar *bars = calloc(comparison->rows_count + 1, sizeof(*bars));
	size_t count = 0;
	char title[256];

	for (size_t i = 0; bars && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (strcmp(row->other, config) == 0)
			bars[count++] = (struct bar){row->name, row->ratio, row->ratio_low,
				row->ratio_high, row->verdict, is_simulated(site, config)};
	}
	title_of(night, config, title, sizeof(title));
	if (count > 0)
		print_ratios(output, title, "time over that of the base", bars, count,
			comparison->margin > 0 ? comparison->margin : COMPARE_MARGIN_DEFAULT);
	free(bars);
	return count > 0 || problem_set(site->problem, EXIT_WRONG_USE,
				    "session %lld has nothing of config '%s' to compare with '%s'",
				    (long long)night->session, config, night->base);
}

// ---- a series over time

static struct scale times_scale(const struct history_series *series)
{
	struct scale scale = {INFINITY, -INFINITY, HEAD + 10 + PLOT, HEAD + 10};
	double room;

	for (size_t i = 0; i < series->count; i++) {
		double low;
		double high;

		site_range(series, i, &low, &high);
		scale.low = fmin(scale.low, exp(low));
		scale.high = fmax(scale.high, exp(high));
	}
	room = 0.08 * (scale.high - scale.low) + 1e-3 * scale.high;
	scale.low = fmax(0, scale.low - room);
	scale.high += room;
	return scale;
}

// The least of 1, 2 and 5 times a power of ten that gives no more than eight lines.
static double round_step(double range)
{
	static const double STEPS[] = {1, 2, 5, 10};
	double power = pow(10, floor(log10(range / 8)));
	size_t i = 0;

	while (i < 3 && range / (STEPS[i] * power) > 8)
		i++;
	return STEPS[i] * power;
}

static void print_time_axis(FILE *output, const struct scale *scale)
{
	double step = round_step(scale->high - scale->low);
	size_t first = (size_t)ceil(scale->low / step);
	char text[FIGURE_SIZE];

	for (size_t i = first; (double)i * step <= scale->high; i++) {
		double y = place(scale, (double)i * step);

		print_line(output, LEFT, y, WIDTH - 10, y, "#d4d9df", 1);
		print_text(output, LEFT - 6, y + 4, "end", " fill=\"#545d68\"",
			time_text((double)i * step, text));
	}
}

static void print_day(FILE *output, const struct history *history,
	const struct history_series *series, size_t value, double x, const char *anchor)
{
	const struct history_session *session =
		history_session_find(history, series->sessions[value]);
	char day[TIMESTAMP_SIZE];

	if (session)
		print_text(output, x, HEAD + PLOT + 34, anchor, " fill=\"#545d68\"",
			timestamp_day(session->started_unix_ns, day));
}

static void print_changes(
	FILE *output, const struct history_series *series, const struct scale *across)
{
	char ratio[FIGURE_SIZE];
	char text[FIGURE_SIZE + 16];

	for (size_t k = 0; k < series->found.count; k++) {
		const struct change_point *point = &series->found.items[k];
		double x = place(across, (double)point->index);
		const char *colour = point->shift.size > 0 ? "#b24700" : "#00629b";

		print_line(output, x, HEAD + 10, x, HEAD + 10 + PLOT, colour, 1.5);
		(void)snprintf(text, sizeof(text), "%s %s",
			point->shift.size > 0 ? "\xe2\x96\xb2" : "\xe2\x96\xbc",
			ratio_text(exp(point->shift.size), ratio));
		print_text(output, x + 4, HEAD + PLOT, "start", " font-weight=\"bold\"", text);
	}
}

// From the lowest process of a session to its highest.
static void print_range(FILE *output, const struct history_series *series, size_t value, double x,
	const struct scale *up)
{
	double low;
	double high;

	site_range(series, value, &low, &high);
	print_line(output, x, place(up, exp(low)), x, place(up, exp(high)), "#93bfdd", 1.5);
}

static void print_history(
	const struct history *history, const struct history_series *series, FILE *output)
{
	struct scale up = times_scale(series);
	struct scale across = {-0.5, (double)series->count - 0.5, LEFT + 6, WIDTH - 16};
	char title[512];

	(void)snprintf(title, sizeof(title), "%s, %s", series->name, series->config);
	svg_begin(output, WIDTH, HEAD + PLOT + FOOT + 10, title);
	print_time_axis(output, &up);
	for (size_t i = 0; i < series->count; i++) {
		print_range(output, series, i, place(&across, (double)i), &up);
		if (isfinite(series->values[i]))
			fprintf(output,
				"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"#0072b2\"/>\n",
				place(&across, (double)i), place(&up, exp(series->values[i])));
	}
	print_changes(output, series, &across);
	print_day(output, history, series, 0, LEFT, "start");
	print_day(output, history, series, series->count - 1, WIDTH - 10, "end");
	print_text(output, WIDTH / 2.0, HEAD + PLOT + 52, "middle", " fill=\"#545d68\"",
		up.low > 0 ? "time an operation, session by session; the axis does not begin at 0"
			   : "time an operation, session by session");
	fputs("</svg>\n", output);
}

static bool print_series(struct site *site, const char *id, FILE *output)
{
	const struct history_series *found = NULL;
	size_t fitting = 0;
	char own[SERIES_ID_SIZE];

	for (size_t i = 0; i < site->history.count; i++) {
		const struct history_series *series = &site->history.items[i];

		site_series_id(series->name, series->config, series->machine, own);
		if (*id && strncmp(own, id, strlen(id)) == 0) {
			found = series;
			fitting++;
		}
	}
	if (fitting != 1)
		return problem_set(site->problem, EXIT_WRONG_USE,
			"%zu series have an id that begins with '%s'; the page History has it in "
			"the address of each",
			fitting, id);
	print_history(&site->history, found, output);
	return true;
}

bool chart_print(struct site *site, const char *name, FILE *output)
{
	const struct night *night = site->nights_count ? &site->nights[0] : NULL;
	bool is_configs = strcmp(name, "configs") == 0;

	if (strncmp(name, "history:", 8) == 0)
		return print_series(site, name + 8, output);
	if (!is_configs && strncmp(name, "configs:", 8) != 0)
		return problem_set(site->problem, EXIT_WRONG_USE,
			"there is no chart '%s'; there are configs, configs:CONFIG and history:ID",
			name);
	if (!night || !night->comparison)
		return problem_set(site->problem, EXIT_NOT_MEASURED, "nothing to draw: %s",
			night ? night->why_not.text : "no session was measured");
	if (is_configs)
		print_configs(site, night, output);
	return is_configs || print_config(site, night, name + 8, output);
}
