// SPDX-License-Identifier: GPL-2.0-or-later
// Writes counters as JSON. Printing numbers with all their digits was a fifth of the time that a
// sample took into the store; counters count, so that nearly all are whole numbers, whose digits
// need no floating point. Whatever is not as usual is left to Jansson.
#include "counters_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	TEXT_SIZE = 1024,
	NUMBER_SIZE = 32, // more than any number takes
};

struct writing {
	char text[TEXT_SIZE];
	size_t used;
	bool is_usual;
};

static bool is_plain(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			return false;
	}
	return true;
}

static void write_text(struct writing *writing, const char *text, size_t length)
{
	if (writing->used + length + NUMBER_SIZE > TEXT_SIZE) {
		writing->is_usual = false;
		return;
	}
	memcpy(writing->text + writing->used, text, length);
	writing->used += length;
}

static void write_whole(struct writing *writing, int64_t value)
{
	char digits[NUMBER_SIZE];
	char *start = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--start = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--start = '-';
	write_text(writing, start, (size_t)(digits + sizeof(digits) - start));
}

// A real number keeps its ".0", so that it is one again when it is read. Beyond 1e15 it would get
// an exponent.
static bool is_whole_real(const json_t *value)
{
	double real = json_real_value(value);

	return json_is_real(value) && fabs(real) < 1e15 && real == floor(real) &&
	       !(real == 0 && signbit(real));
}

static void write_number(struct writing *writing, const json_t *value)
{
	if (json_is_integer(value)) {
		write_whole(writing, json_integer_value(value));
	} else if (is_whole_real(value)) {
		write_whole(writing, (int64_t)json_real_value(value));
		write_text(writing, ".0", 2);
	} else {
		size_t length = json_dumpb(value, writing->text + writing->used, NUMBER_SIZE,
			JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));

		writing->is_usual = writing->is_usual && length > 0 && length <= NUMBER_SIZE;
		writing->used += writing->is_usual ? length : 0;
	}
}

char *counters_text(const json_t *counters)
{
	struct writing writing = {.is_usual = true, .used = 0};
	const char *name;
	json_t *value;

	write_text(&writing, "{", 1);
	json_object_foreach((json_t *)counters, name, value)
	{
		writing.is_usual = writing.is_usual && json_is_number(value) && is_plain(name);
		if (!writing.is_usual)
			break;
		write_text(&writing, writing.used > 1 ? ",\"" : "\"", writing.used > 1 ? 2 : 1);
		write_text(&writing, name, strlen(name));
		write_text(&writing, "\":", 2);
		write_number(&writing, value);
	}
	if (!writing.is_usual)
		return json_dumps(counters, JSON_COMPACT | JSON_REAL_PRECISION(17));
	write_text(&writing, "}", 1);
	return writing.is_usual ? strndup(writing.text, writing.used)
				: json_dumps(counters, JSON_COMPACT | JSON_REAL_PRECISION(17));
}
