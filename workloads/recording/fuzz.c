// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: recordings. An input is read or refused. A digest stops nearly every change, so the
// target puts the right ones in first: the input is a list of blocks' contents, parted by "----".
// What is read is written again, and must come back as the same events.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "recording.h"
#include "varint.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int report_descriptor = STDERR_FILENO; // written by LLVMFuzzerInitialize() alone

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	report_descriptor = dup(STDERR_FILENO);
	return 0;
}

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	dprintf(report_descriptor, "fuzz: %s\n", what);
	abort();
}

static void put_digested(FILE *file, const void *bytes, size_t size, uint32_t seed)
{
	XXH32_canonical_t digest;

	XXH32_canonicalFromHash(&digest, XXH32(bytes, size, seed));
	fwrite(bytes, 1, size, file);
	fwrite(&digest, 1, sizeof(digest), file);
}

static void put_block(FILE *file, const uint8_t *data, size_t size)
{
	unsigned char head[1 + 2 * VARINT_BYTES_MAX] = {'B'};
	size_t used = 1;

	if (size == 0)
		return;
	used += varint_put(head + used, data[0]); // the first byte says how many events there are
	used += varint_put(head + used, size - 1);
	fwrite(head, 1, used, file);
	put_digested(file, data + 1, size - 1, XXH32(head, used, 0));
}

// The input as blocks of a file that is right as far as digests go.
static void put_blocks(FILE *file, const uint8_t *data, size_t size)
{
	static const unsigned char head[] = {RECORDING_VERSION, RECORDING_MADE, 0};
	const uint8_t *end = data + size;
	unsigned char tail[2 * VARINT_BYTES_MAX];
	const uint8_t *part = NULL;
	size_t used;

	fwrite(RECORDING_MAGIC, 1, 8, file);
	put_digested(file, head, sizeof(head), 0);
	while (data < end && (part = memmem(data, (size_t)(end - data), "----", 4))) {
		put_block(file, data, (size_t)(part - data));
		data = part + 4;
	}
	put_block(file, data, (size_t)(end - data));
	fputc('E', file);
	used = varint_put(tail, 0);
	used += varint_put(tail + used, 0);
	put_digested(file, tail, used, 0);
}

// Reads; what was read before something wrong is written to `again`, where there is one.
static bool read_and_write(FILE *file, struct recording_writer *again, uint64_t *events)
{
	static struct recording_reader reader;
	struct recording_problem problem;
	bool is_good = recording_open(&reader, file, &problem);
	bool is_end = false;

	while (is_good && !is_end) {
		struct recording_event event;

		is_good = recording_next(&reader, &event, &is_end);
		if (is_good && !is_end && again)
			recording_add(again, &event);
	}
	*events = reader.events;
	demand(is_good || problem.text[0] != '\0', "an input was refused without a word");
	demand(is_good || problem.offset <= reader.offset, "an offset lies behind what was read");
	recording_close(&reader);
	return is_good;
}

static void check_file(char *text, size_t size)
{
	static struct recording_writer writer;
	const struct recording_header header = {.source = RECORDING_MADE};
	FILE *file = fmemopen(text, size, "r");
	char *copy = NULL;
	size_t copy_size = 0;
	FILE *output = open_memstream(&copy, &copy_size);
	uint64_t events;
	uint64_t again = 0;

	if (!file || !output)
		abort();
	recording_begin(&writer, output, &header);
	read_and_write(file, &writer, &events);
	fclose(file);
	demand(recording_end(&writer), "a recording in memory could not be ended");
	fclose(output);
	file = fmemopen(copy, copy_size, "r");
	demand(file && read_and_write(file, NULL, &again), "what was written is refused");
	demand(writer.events == again, "events were lost between writing and reading");
	fclose(file);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t text_size = 0;
	FILE *file;

	if (size == 0)
		return 0;
	check_file((char *)data, size);
	file = open_memstream(&text, &text_size);
	if (!file)
		abort();
	put_blocks(file, data, size);
	fclose(file);
	check_file(text, text_size);
	free(text);
	return 0;
}
