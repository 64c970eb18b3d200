// SPDX-License-Identifier: GPL-2.0-or-later
// Sorting by merging runs of few that were sorted by insertion; selecting by parting. What a
// comparison says is added or chosen by, not branched on: that is all there is to it.
#include "order.h"

#include <string.h>

enum { FEW = 8 };

static void insertion_sort(const double *values, size_t *order, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		size_t index = order[i];
		size_t at = i;

		for (; at > 0 && values[order[at - 1]] > values[index]; at--)
			order[at] = order[at - 1];
		order[at] = index;
	}
}

static void merge(const double *values, const size_t *left, size_t left_count, const size_t *right,
	size_t right_count, size_t *merged)
{
	const size_t *left_end = left + left_count;
	const size_t *right_end = right + right_count;

	while (left < left_end && right < right_end) {
		size_t takes_right = values[*right] < values[*left];

		*merged++ = takes_right ? *right : *left;
		right += takes_right;
		left += 1 - takes_right;
	}
	memcpy(merged, left, (size_t)(left_end - left) * sizeof(*left));
	merged += left_end - left;
	memcpy(merged, right, (size_t)(right_end - right) * sizeof(*right));
}

// Merges neighbours of `length` each from one array into the other.
static void merge_all(
	const double *values, size_t count, size_t length, const size_t *from, size_t *to)
{
	for (size_t first = 0; first < count; first += 2 * length) {
		size_t rest = count - first;
		size_t left = rest < length ? rest : length;
		size_t right = rest - left < length ? rest - left : length;

		merge(values, from + first, left, from + first + left, right, to + first);
	}
}

void order_fill(const double *values, size_t count, size_t *order, size_t *room)
{
	size_t *from = order;
	size_t *to = room;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t first = 0; first < count; first += FEW)
		insertion_sort(values, order + first, count - first < FEW ? count - first : FEW);
	for (size_t length = FEW; length < count; length *= 2) {
		size_t *swapped = from;

		merge_all(values, count, length, from, to);
		from = to;
		to = swapped;
	}
	if (from != order)
		memcpy(order, from, count * sizeof(*order));
}

// Moves what is below the pivot, and then what equals it, to the front; returns how many are below,
// *equal how many equal.
static size_t part(double *values, size_t count, double pivot, size_t *equal)
{
	size_t below = 0;
	size_t upto;

	for (size_t i = 0; i < count; i++) {
		double value = values[i];

		values[i] = values[below];
		values[below] = value;
		below += value < pivot;
	}
	upto = below;
	for (size_t i = below; i < count; i++) {
		double value = values[i];

		values[i] = values[upto];
		values[upto] = value;
		upto += value == pivot;
	}
	*equal = upto - below;
	return below;
}

static double middle_of_three(double a, double b, double c)
{
	double low = a < b ? a : b;
	double high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

// The value that would be at `rank`; those before it are no larger then, those after it no smaller.
static double select_rank(double *values, size_t count, size_t rank)
{
	for (;;) {
		double pivot = middle_of_three(values[0], values[count / 2], values[count - 1]);
		size_t equal;
		size_t below = part(values, count, pivot, &equal);

		if (rank < below) {
			count = below;
		} else if (rank < below + equal) {
			return pivot;
		} else {
			values += below + equal;
			count -= below + equal;
			rank -= below + equal;
		}
	}
}

static double largest_of(const double *values, size_t count)
{
	double largest = values[0];

	for (size_t i = 1; i < count; i++)
		largest = values[i] > largest ? values[i] : largest;
	return largest;
}

double order_median(double *values, size_t count)
{
	double upper = select_rank(values, count, count / 2);

	return count % 2 ? upper : (largest_of(values, count / 2) + upper) / 2;
}
