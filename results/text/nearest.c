// SPDX-License-Identifier: GPL-2.0-or-later
// Ranks names by how few slips of the finger lie between them and what the user typed. Entry:
// nearest_offer(). The distance is the optimal string alignment distance (Levenshtein's, with swaps
// of neighbours).
#include "nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LENGTH_MAX = 63, OFFERED_MAX = 3, LISTED_MAX = 24 };

static size_t smaller(size_t left, size_t right)
{
	return left < right ? left : right;
}

static bool is_swap(const char *left, const char *right, size_t i, size_t j)
{
	return i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
}

size_t edit_distance(const char *left, const char *right)
{
	size_t left_length = strnlen(left, LENGTH_MAX);
	size_t right_length = strnlen(right, LENGTH_MAX);
	size_t cost[LENGTH_MAX + 1]
		   [LENGTH_MAX + 1]; // of the first i characters against the first j

	for (size_t i = 0; i <= left_length; i++)
		cost[i][0] = i;
	for (size_t j = 0; j <= right_length; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= left_length; i++) {
		for (size_t j = 1; j <= right_length; j++) {
			size_t replaced = cost[i - 1][j - 1] + (left[i - 1] != right[j - 1]);

			cost[i][j] = smaller(replaced, smaller(cost[i - 1][j], cost[i][j - 1]) + 1);
			if (is_swap(left, right, i, j))
				cost[i][j] = smaller(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[left_length][right_length];
}

// How far a name is from what was typed; SIZE_MAX: too far to be meant. A third of the letters may
// be wrong, one more in short words. One that begins with the other is as near as one slip: "hand"
// for "handover".
static size_t distance_if_near(const char *wrong, const char *name)
{
	size_t length = strnlen(wrong, LENGTH_MAX);
	size_t shared = smaller(length, strlen(name));

	if (shared >= 2 && strncmp(wrong, name, shared) == 0)
		return 1;
	size_t distance = edit_distance(wrong, name);
	bool is_near = distance <= length / 3 + 1 && distance < length && distance < strlen(name);
	return is_near ? distance : SIZE_MAX;
}

static void list_all(FILE *stream, const char *const *names, size_t names_count)
{
	if (names_count > 0)
		fputs("there are ", stream);
	for (size_t i = 0; i < smaller(names_count, LISTED_MAX); i++)
		fprintf(stream, "%s%s", i > 0 ? ", " : "", names[i]);
	if (names_count > LISTED_MAX)
		fprintf(stream, " and %zu more", names_count - LISTED_MAX);
}

static void list_nearest(FILE *stream, const char *const *offered, size_t offered_count)
{
	for (size_t i = 0; i < offered_count; i++) {
		const char *link = i == 0                   ? "did you mean "
				   : i + 1 == offered_count ? " or "
							    : ", ";

		fprintf(stream, "%s'%s'", link, offered[i]);
	}
	fputc('?', stream);
}

char *nearest_offer(
	char *text, size_t size, const char *wrong, const char *const *names, size_t names_count)
{
	size_t best = SIZE_MAX;
	const char *offered[OFFERED_MAX] = {0};
	size_t offered_count = 0;

	for (size_t i = 0; i < names_count; i++)
		best = smaller(best, distance_if_near(wrong, names[i]));
	for (size_t i = 0; best < SIZE_MAX && i < names_count && offered_count < OFFERED_MAX; i++)
		if (distance_if_near(wrong, names[i]) == best)
			offered[offered_count++] = names[i];
	FILE *stream = fmemopen(text, size, "w");
	text[0] = '\0';
	if (!stream)
		return text; // no memory: the message does without an offer
	if (offered_count > 0)
		list_nearest(stream, offered, offered_count);
	else
		list_all(stream, names, names_count);
	fclose(stream);
	text[size - 1] = '\0'; // fclose() ends the text only where there is room left
	return text;
}
