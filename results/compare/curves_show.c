// SPDX-License-Identifier: GPL-2.0-or-later
// Curves and matrices as tables, for people or in Markdown. Entries: curves_show(), matrices_show().
#include <string.h>

#include "curves.h"
#include "internal.h"
#include "results/text/escape.h"
#include "results/text/figure.h"

enum { CELL_WIDTH = 24, NODE_WIDTH = 9 };

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static void name_print(const char *name, FILE *output, bool is_markdown)
{
	if (is_markdown)
		print_markdown(output, name);
	else
		print_clean(output, name);
}

static void title_print(
	const char *what, const json_t *shape, const char *rest, FILE *output, bool is_markdown)
{
	fputs(is_markdown ? "### " : "\n", output);
	fprintf(output, "%s ", what);
	name_print(text_of(shape, "benchmark"), output, is_markdown);
	fputs(", ", output);
	name_print(text_of(shape, "side"), output, is_markdown);
	fprintf(output, "%s\n%s", rest, is_markdown ? "\n" : "");
}

static void cell_print(const char *text, int width, FILE *output, bool is_markdown)
{
	if (is_markdown)
		fprintf(output, " %s |", text);
	else
		fprintf(output, "  %*s", width, text);
}

static void line_end(FILE *output)
{
	fputc('\n', output);
}

// Right-aligned columns.
static void rule_print(size_t columns, FILE *output, bool is_markdown)
{
	for (size_t i = 0; is_markdown && i < columns; i++)
		fputs(i == 0 ? "| --: |" : " --: |", output);
	if (is_markdown)
		line_end(output);
}

// ---- curves

// "1.94 (1.90 to 1.98)"
static void speedup_text(const json_t *point, char *text, size_t size)
{
	const json_t *low = json_object_get(point, "speedup_low");
	const json_t *high = json_object_get(point, "speedup_high");
	double speedup = json_real_value(json_object_get(point, "speedup"));

	// What the others are held against has no interval.
	if (!json_is_real(low) || json_real_value(high) - json_real_value(low) < 1e-9)
		(void)snprintf(text, size, "%.3g", speedup);
	else
		(void)snprintf(text, size, "%.3g (%.3g to %.3g)", speedup, json_real_value(low),
			json_real_value(high));
}

static bool is_same_curve(const json_t *left, const json_t *right)
{
	return left && right &&
	       strcmp(text_of(left, "benchmark"), text_of(right, "benchmark")) == 0 &&
	       strcmp(text_of(left, "side"), text_of(right, "side")) == 0;
}

static const json_t *point_of(const json_t *curve, json_int_t threads)
{
	const json_t *point;
	size_t i;

	json_array_foreach(json_object_get(curve, "points"), i, point)
	{
		if (json_integer_value(json_object_get(point, "threads")) == threads)
			return point;
	}
	return NULL;
}

static void point_print(const json_t *const *curves, size_t count, json_int_t threads, FILE *output,
	bool is_markdown)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%lld", (long long)threads);
	if (is_markdown)
		fputc('|', output);
	cell_print(text, NODE_WIDTH, output, is_markdown);
	for (size_t i = 0; i < count; i++) {
		const json_t *point = point_of(curves[i], threads);
		char time[FIGURE_SIZE];

		(void)snprintf(text, sizeof(text), "-");
		if (point)
			speedup_text(point, text, sizeof(text));
		cell_print(point ? time_text(json_real_value(json_object_get(point, "ns")), time)
				 : "-",
			NODE_WIDTH, output, is_markdown);
		cell_print(text, CELL_WIDTH, output, is_markdown);
	}
	line_end(output);
}

// Compact and spread side by side: as many lines as the longer one has points.
static void curves_print(const json_t *const *curves, size_t count, FILE *output, bool is_markdown)
{
	const json_t *longest = curves[0];
	const json_t *point;
	char rest[96];
	size_t i;

	for (size_t k = 1; k < count; k++)
		if (json_array_size(json_object_get(curves[k], "points")) >
			json_array_size(json_object_get(longest, "points")))
			longest = curves[k];
	(void)snprintf(rest, sizeof(rest), ": speed-up against %lld %s",
		(long long)json_integer_value(json_object_get(longest, "threads_base")),
		json_integer_value(json_object_get(longest, "threads_base")) == 1 ? "thread"
										  : "threads");
	title_print("scaling of", longest, rest, output, is_markdown);
	if (is_markdown)
		fputc('|', output);
	cell_print("threads", NODE_WIDTH, output, is_markdown);
	for (size_t k = 0; k < count; k++) {
		cell_print("ns", NODE_WIDTH, output, is_markdown);
		cell_print(text_of(curves[k], "placement"), CELL_WIDTH, output, is_markdown);
	}
	line_end(output);
	rule_print(1 + 2 * count, output, is_markdown);
	json_array_foreach(json_object_get(longest, "points"), i, point) point_print(curves, count,
		json_integer_value(json_object_get(point, "threads")), output, is_markdown);
	if (is_markdown)
		line_end(output);
}

void curves_show(const struct comparison *comparison, FILE *output, bool is_markdown)
{
	size_t count = json_array_size(comparison->curves);

	for (size_t i = 0, together; i < count; i += together) {
		const json_t *curves[] = {json_array_get(comparison->curves, i),
			json_array_get(comparison->curves, i + 1)};

		together = is_same_curve(curves[0], curves[1]) ? 2 : 1;
		curves_print(curves, together, output, is_markdown);
	}
}

// ---- matrices

static void figure_text(const json_t *figure, bool is_time, char *text)
{
	if (!json_is_real(figure))
		(void)snprintf(text, FIGURE_SIZE, "-");
	else if (is_time)
		time_text(json_real_value(figure), text);
	else
		(void)snprintf(text, FIGURE_SIZE, "%.3g", json_real_value(figure));
}

static void head_print(const json_t *nodes, const char *what, FILE *output, bool is_markdown)
{
	const json_t *node;
	size_t i;

	if (is_markdown)
		fputc('|', output);
	cell_print(what, CELL_WIDTH, output, is_markdown);
	json_array_foreach(nodes, i, node)
	{
		char text[32];

		(void)snprintf(text, sizeof(text), "to %lld", (long long)json_integer_value(node));
		cell_print(text, NODE_WIDTH, output, is_markdown);
	}
	line_end(output);
	rule_print(1 + json_array_size(nodes), output, is_markdown);
}

static void square_print(
	const json_t *matrix, const char *member, const char *what, FILE *output, bool is_markdown)
{
	const json_t *nodes = json_object_get(matrix, "nodes");
	const json_t *row;
	size_t i;

	head_print(nodes, what, output, is_markdown);
	json_array_foreach(json_object_get(matrix, member), i, row)
	{
		const json_t *figure;
		size_t k;
		char text[FIGURE_SIZE];

		(void)snprintf(text, sizeof(text), "from %lld",
			(long long)json_integer_value(json_array_get(nodes, i)));
		if (is_markdown)
			fputc('|', output);
		cell_print(text, CELL_WIDTH, output, is_markdown);
		json_array_foreach(row, k, figure)
		{
			figure_text(figure, strcmp(member, "ns") == 0, text);
			cell_print(text, NODE_WIDTH, output, is_markdown);
		}
		line_end(output);
	}
	if (is_markdown)
		line_end(output);
}

static bool has_figures(const json_t *square)
{
	const json_t *row;
	const json_t *figure;
	size_t i;
	size_t k;

	json_array_foreach(square, i, row)
		json_array_foreach(row, k, figure) if (json_is_real(figure)) return true;
	return false;
}

void matrices_show(const struct comparison *comparison, FILE *output, bool is_markdown)
{
	const json_t *matrix;
	size_t i;

	json_array_foreach(comparison->matrices, i, matrix)
	{
		char rest[96];

		(void)snprintf(rest, sizeof(rest), "; memory: %s", text_of(matrix, "memory"));
		title_print("hand-over from node to node:", matrix, rest, output, is_markdown);
		square_print(matrix, "ns", "ns an object", output, is_markdown);
		if (has_figures(json_object_get(matrix, "remote_frees")))
			square_print(matrix, "remote_frees", "remote frees an object", output,
				is_markdown);
	}
}
