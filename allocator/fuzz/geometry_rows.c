// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: rows for `slabmark geometry`, whose parser must take anything, and the layouts that
// come out, which must hold their objects whatever was asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "inspect/inspect.h"
#include "types.h"

#define BYTES_MAX 16384
#define COLUMNS   26

#define COLUMN_ERROR 4

static size_t slab_bytes(const struct geometry *layout)
{
	return PAGE_SIZE << layout->gfporder;
}

static void check_objects_fit(const struct geometry *layout)
{
	size_t each = layout->size + (layout->placement == PLACEMENT_ONSLAB ? 1u : 0u);

	if (layout->num < 1 || layout->num > SLAB_OBJECTS_MAX || layout->gfporder > MAX_ORDER)
		fuzz_fail("%u objects in a slab of order %u", layout->num, layout->gfporder);
	if (layout->num * each + layout->left_over != slab_bytes(layout))
		fuzz_fail("%u objects of %u bytes and %u left over do not make %zu bytes",
			layout->num, layout->size, layout->left_over, slab_bytes(layout));
	if (layout->colour && (layout->colour * (size_t)layout->colour_off > layout->left_over))
		fuzz_fail("colours reach %u * %u bytes, %u are left over", layout->colour,
			layout->colour_off, layout->left_over);
}

static bool is_power_of_two(unsigned value)
{
	return (value & (value - 1)) == 0;
}

static void check_stride(const struct geometry *layout, unsigned align)
{
	if (layout->size < OBJECT_SIZE_MIN || layout->size < layout->object_size ||
		layout->size % layout->align || layout->align % 8 || layout->align < align)
		fuzz_fail("%u bytes, aligned to %u, lie in strides of %u, aligned to %u",
			layout->object_size, align, layout->size, layout->align);
	// Only a power of two is promised; other wishes are kept by the stride alone, as in the
	// kernel.
	if (is_power_of_two(layout->align) && layout->colour > 1 &&
		layout->colour_off % layout->align)
		fuzz_fail("colours of %u bytes break the alignment to %u", layout->colour_off,
			layout->align);
}

// The debug words lie in the stride, and neither in the object nor in each other.
static void check_debug_words(const struct geometry *layout)
{
	int end = (int)(layout->obj_offset + layout->object_size), size = (int)layout->size;

	if (layout->redzone1 >= 0 && (layout->redzone1 + 8 > (int)layout->obj_offset ||
					     layout->redzone2 < end || layout->redzone2 + 8 > size))
		fuzz_fail("red zones at %d and %d of %d, the object from %u to %d",
			layout->redzone1, layout->redzone2, size, layout->obj_offset, end);
	if (layout->userword >= 0 &&
		(layout->userword < end || layout->userword + 8 > size ||
			(layout->redzone2 >= 0 && layout->redzone2 + 8 > layout->userword)))
		fuzz_fail("the last user at %d of %d, behind %d", layout->userword, size,
			layout->redzone2);
}

static void check_freelist(const struct geometry *layout)
{
	if (layout->placement == PLACEMENT_OBJFREELIST && layout->num > layout->object_size)
		fuzz_fail("%u indices do not fit an object of %u bytes", layout->num,
			layout->object_size);
	if (layout->freelist_size < layout->num)
		fuzz_fail("%u bytes for %u indices", layout->freelist_size, layout->num);
}

static void check_layout(unsigned size, unsigned align, slab_flags_t flags, bool has_ctor)
{
	struct geometry layout;

	align = calculate_alignment(flags, align, size, slab_rules.cache_line);
	flags &= geometry_flags_known();
	if (geometry_compute(&layout, &slab_rules, size, align, flags, has_ctor))
		return;
	check_stride(&layout, align);
	check_objects_fit(&layout);
	check_debug_words(&layout);
	check_freelist(&layout);
}

// The input's first bytes are numbers of a request as well.
static void check_request(const uint8_t *data, size_t size)
{
	unsigned number[3];

	if (size < sizeof(number) + 1)
		return;
	memcpy(number, data, sizeof(number));
	check_layout(number[0], number[1], number[2], data[sizeof(number)] & 1);
	check_layout(
		number[0] >> (number[2] & 31), 1u << (number[1] & 31), number[2], number[0] & 1);
	check_layout(number[0] & 8191, number[1] & 4095, number[2], number[0] >> 31);
}

// Each row printed has all columns; those that were made are checked once more from the request.
static void check_row(const char *row)
{
	const char *fields[COLUMNS] = {row};
	unsigned count = 1;

	for (const char *at = row; *at; at++)
		if (*at == '\t' && count++ < COLUMNS)
			fields[count - 1] = at + 1;
	if (count != COLUMNS)
		fuzz_fail("a row of %u columns, not %d: %.200s", count, COLUMNS, row);
	if (strtol(fields[COLUMN_ERROR], NULL, 10) == 0)
		check_layout((unsigned)strtoul(fields[0], NULL, 0),
			(unsigned)strtoul(fields[1], NULL, 0), 0, false);
}

static void check_rows(char *rows)
{
	char *row = strtok(rows, "\n"); // the header

	while (row && (row = strtok(NULL, "\n")))
		check_row(row);
}

static void run_table(const uint8_t *data, size_t size)
{
	static const char header[] = "size\talign\tflags\tctor\n";
	char *rows = NULL, text[sizeof(header) + BYTES_MAX];
	size_t rows_bytes, length = sizeof(header) - 1;
	FILE *input, *output;

	memcpy(text, header, length);
	memcpy(text + length, data, size);
	// A table that brings its own header is taken as it is.
	input = size > 4 && memcmp(data, "size", 4) == 0 ? fmemopen(text + length, size, "r")
							 : fmemopen(text, length + size, "r");
	output = open_memstream(&rows, &rows_bytes);
	if (!input || !output)
		fuzz_fail("no memory left for the table");
	inspect_geometry(input, "input", output);
	fclose(input);
	fclose(output);
	check_rows(rows);
	free(rows);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_start();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > BYTES_MAX)
		return 0;
	check_request(data, size);
	run_table(data, size);
	return 0;
}
