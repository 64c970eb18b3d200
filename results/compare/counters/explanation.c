// SPDX-License-Identifier: GPL-2.0-or-later
// Why a row is as it is, in one line: the counters that changed, the largest first; then those that
// surely did not, so that a reader sees what it is not. Entry: row_explanation(). Counters stand beside
// the time, they prove no cause.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "exact.h"
#include "results/text/figure.h"

enum { TOLD_MAX = 4, SAME_MAX = 3 };

static bool has_verdict(const json_t *counter, enum verdict verdict)
{
	const char *is = counter_string(counter, "verdict");

	return is && strcmp(is, verdict_name(verdict)) == 0;
}

// A share of a node or a thread is a part of another counter, IPC is made of two others, and sizes are
// what a build is, not what it does.
static bool is_candidate(const json_t *counter)
{
	const char *name = counter_string(counter, "name");
	enum exact_kind kind = exact_kind_of(name, NULL);

	return !strchr(name, '.') && strcmp(name, "IPC") != 0 && kind != EXACT_CODE &&
	       kind != EXACT_GEOMETRY && !json_object_get(counter, "doubt");
}

static double change_of(const json_t *counter)
{
	return counter_real(counter, "config") - counter_real(counter, "base");
}

// How much it changed, whatever the direction; what came from 0 or went there is the most.
static double weight_of(const json_t *counter)
{
	double ratio = counter_real(counter, "ratio");

	return isnan(ratio) ? INFINITY : fabs(log(ratio));
}

struct told {
	const json_t *items[TOLD_MAX];
	size_t count;
};

// Keeps the heaviest, in order.
static void told_add(struct told *told, const json_t *counter)
{
	size_t at = told->count < TOLD_MAX ? told->count++ : TOLD_MAX;

	if (at == TOLD_MAX && weight_of(counter) <= weight_of(told->items[TOLD_MAX - 1]))
		return;
	at = at == TOLD_MAX ? TOLD_MAX - 1 : at;
	for (; at > 0 && weight_of(told->items[at - 1]) < weight_of(counter); at--)
		told->items[at] = told->items[at - 1];
	told->items[at] = counter;
}

// `wants_more`: of those that rose, else of those that fell.
static void changed_find(const struct compare_row *row, bool wants_more, struct told *told)
{
	size_t i;
	json_t *counter;

	json_array_foreach(row->counters, i, counter)
	{
		if (is_candidate(counter) && has_verdict(counter, VERDICT_CHANGED) &&
			(change_of(counter) > 0) == wants_more)
			told_add(told, counter);
	}
}

// "2.1 x remote_frees", or "remote_frees 0 to 0.083 an operation".
static void counter_write(FILE *output, const json_t *counter)
{
	const char *name = counter_string(counter, "name");
	double ratio = counter_real(counter, "ratio");

	if (isnan(ratio))
		fprintf(output, "%s %.3g to %.3g%s", name, counter_real(counter, "base"),
			counter_real(counter, "config"),
			json_is_true(json_object_get(counter, "per_operation")) ? " an operation"
										: "");
	else
		fprintf(output, "%.3g x %s", ratio, name);
}

static bool told_write(FILE *output, const char *before, const struct told *told)
{
	for (size_t i = 0; i < told->count; i++) {
		fputs(i > 0 ? ", " : before, output);
		counter_write(output, told->items[i]);
	}
	return told->count > 0;
}

// Only what both sides really counted.
static bool is_same(const json_t *counter)
{
	return is_candidate(counter) && has_verdict(counter, VERDICT_EQUIVALENT) &&
	       counter_real(counter, "base") > 0;
}

// Work that a processor does in any case says most when it is the same.
static bool is_work(const json_t *counter)
{
	const char *name = counter_string(counter, "name");

	return strstr(name, "instructions") || strstr(name, "INST_RETIRED");
}

static bool same_write(FILE *output, const char *before, const struct compare_row *row)
{
	size_t count = 0;

	for (int wants_work = 1; wants_work >= 0; wants_work--) {
		size_t i;
		json_t *counter;

		json_array_foreach(row->counters, i, counter)
		{
			if (!is_same(counter) || count == SAME_MAX ||
				is_work(counter) != (wants_work == 1))
				continue;
			fprintf(output, "%s%s", count > 0 ? ", " : before,
				counter_string(counter, "name"));
			count++;
		}
	}
	return count > 0;
}

static void head_write(FILE *output, const struct compare_row *row)
{
	double factor = row->ratio > 1 ? row->ratio : 1 / row->ratio;

	if (row->is_timeless)
		fputs("simulated: ", output);
	else
		fprintf(output, "%.3g x %s: ", factor, compare_direction(row));
}

char *row_explanation(const struct compare_row *row)
{
	bool is_slower = row->is_timeless || row->ratio > 1;
	struct told with = {.count = 0};
	struct told against = {.count = 0};
	char *text = NULL;
	size_t size;
	FILE *output;

	if (!row->is_timeless && row->verdict != VERDICT_CHANGED)
		return NULL;
	output = open_memstream(&text, &size);
	if (!output)
		return NULL;
	changed_find(row, is_slower, &with);
	changed_find(row, !is_slower, &against);
	head_write(output, row);
	bool is_told = told_write(output, "", &with);
	is_told = told_write(output, is_told ? "; the other way: " : "the other way: ", &against) ||
		  is_told;
	is_told = same_write(output, is_told ? "; the same: " : "no change in ", row) || is_told;
	if (fclose(output) == 0 && is_told)
		return text;
	free(text);
	return NULL;
}
