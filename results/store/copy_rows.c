// SPDX-License-Identifier: GPL-2.0-or-later
// COPY's binary format: a header, for each row the number of its fields and each field's length
// before its bytes, then -1; all big-endian.
#include "copy_rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Signature, flags, length of what follows the header.
static const char ROWS_HEADER[] = "PGCOPY\n\377\r\n\0"
				  "\0\0\0\0"
				  "\0\0\0\0";

static void put(FILE *output, uint64_t value, int bytes)
{
	unsigned char text[sizeof(value)];

	for (int i = 0; i < bytes; i++)
		text[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
	(void)fwrite(text, 1, (size_t)bytes, output);
}

static void put_field(FILE *output, const struct store_value *value)
{
	uint64_t bits;

	if (value->kind == VALUE_NULL || (value->kind == VALUE_TEXT && !value->text)) {
		put(output, UINT32_MAX, 4);
	} else if (value->kind == VALUE_TEXT) {
		put(output, strlen(value->text), 4);
		(void)fputs(value->text, output);
	} else {
		memcpy(&bits,
			value->kind == VALUE_REAL ? (const void *)&value->real
						  : (const void *)&value->integer,
			sizeof(bits));
		put(output, sizeof(bits), 4);
		put(output, bits, sizeof(bits));
	}
}

bool copy_rows_append(struct copy_rows *rows, const struct store_value *values, int count)
{
	if (!rows->stream) {
		rows->stream = open_memstream(&rows->text, &rows->size);
		if (!rows->stream)
			return false;
		(void)fwrite(ROWS_HEADER, 1, sizeof(ROWS_HEADER) - 1, rows->stream);
	}
	put(rows->stream, (uint64_t)count, 2);
	for (int i = 0; i < count; i++)
		put_field(rows->stream, &values[i]);
	return !ferror(rows->stream);
}

bool copy_rows_end(struct copy_rows *rows)
{
	put(rows->stream, UINT16_MAX, 2);
	return fflush(rows->stream) == 0;
}

void copy_rows_free(struct copy_rows *rows)
{
	if (rows->stream)
		(void)fclose(rows->stream);
	free(rows->text);
	*rows = (struct copy_rows){0};
}
