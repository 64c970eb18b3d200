// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of recordings: what is written comes back, and a file with any bit or byte changed, or cut
// off anywhere, is refused with an offset within it.
#include "recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct recording_header header = {RECORDING_PROGRAM, "ls -l"};

static const struct recording_event events[] = {
	{.verb = RECORDING_ALLOC, .size = 100, .node = -1, .time_ns = 5},
	{.verb = RECORDING_ALLOC,
		.thread = 1,
		.cpu = 300,
		.size = 0,
		.node = 3,
		.time_ns = 1000,
		.made = 1,
		.is_of_cache = true,
		.is_zeroed = true},
	{.verb = RECORDING_RESIZE,
		.thread = 1,
		.cpu = 300,
		.taken = 0,
		.made = 2,
		.size = 5000000,
		.node = -1,
		.time_ns = 1000},
	{.verb = RECORDING_FREE, .taken = 1, .node = -1, .time_ns = 99999999},
	{.verb = RECORDING_ALLOC,
		.size = 64,
		.align = 12,
		.node = -1,
		.made = 3,
		.time_ns = 99999999},
	{.verb = RECORDING_FREE, .taken = 3, .node = -1, .time_ns = 100000000},
};
enum { EVENTS_COUNT = sizeof(events) / sizeof(events[0]) };

struct bytes {
	char *data;
	size_t size;
};

// Writes the events `times` times, each round's objects being their own.
static struct bytes written(size_t times)
{
	struct recording_writer *writer = malloc(sizeof(*writer));
	struct bytes bytes = {0};
	FILE *file = open_memstream(&bytes.data, &bytes.size);

	recording_begin(writer, file, &header);
	for (size_t i = 0; i < times * EVENTS_COUNT; i++) {
		struct recording_event event = events[i % EVENTS_COUNT];

		event.taken += 4 * (i / EVENTS_COUNT);
		recording_add(writer, &event);
	}
	assert_true(recording_end(writer));
	fclose(file);
	free(writer);
	return bytes;
}

// Reads all there is. Returns how many events there were, or -1 with the problem.
static long read_all(const char *data, size_t size, struct recording_problem *problem,
	struct recording_event *read, size_t room)
{
	struct recording_reader *reader = malloc(sizeof(*reader));
	FILE *file = fmemopen((void *)data, size, "r");
	bool is_good = recording_open(reader, file, problem);
	bool is_end = false;
	long count = 0;

	while (is_good && !is_end) {
		struct recording_event event;

		is_good = recording_next(reader, &event, &is_end);
		if (is_good && !is_end && (size_t)count < room)
			read[count] = event;
		count += is_good && !is_end;
	}
	recording_close(reader);
	fclose(file);
	free(reader);
	return is_good ? count : -1;
}

static void what_is_written_comes_back(void **state)
{
	struct recording_event read[EVENTS_COUNT];
	struct recording_problem problem;
	struct bytes bytes = written(1);

	(void)state;
	assert_int_equal(
		read_all(bytes.data, bytes.size, &problem, read, EVENTS_COUNT), EVENTS_COUNT);
	for (size_t i = 0; i < EVENTS_COUNT; i++) {
		assert_int_equal(read[i].verb, events[i].verb);
		assert_int_equal(read[i].thread, events[i].thread);
		assert_int_equal(read[i].cpu, events[i].cpu);
		assert_int_equal(read[i].time_ns, events[i].time_ns);
		assert_int_equal(read[i].made, events[i].made);
		assert_int_equal(read[i].taken, events[i].taken);
		assert_int_equal(read[i].size, events[i].size);
		assert_int_equal(read[i].node, events[i].node);
		assert_int_equal(read[i].align, events[i].align);
		assert_int_equal(read[i].is_of_cache, events[i].is_of_cache);
		assert_int_equal(read[i].is_zeroed, events[i].is_zeroed);
	}
	free(bytes.data);
}

static void many_blocks_come_back_and_are_small(void **state)
{
	enum { TIMES = 30000 };
	struct recording_problem problem;
	struct bytes bytes = written(TIMES);

	(void)state;
	assert_true(bytes.size > 2 * RECORDING_BLOCK_MAX);
	assert_true(bytes.size < 12 * TIMES * EVENTS_COUNT);
	assert_int_equal(read_all(bytes.data, bytes.size, &problem, NULL, 0), TIMES * EVENTS_COUNT);
	free(bytes.data);
}

static void a_changed_byte_is_refused_with_an_offset(void **state)
{
	struct recording_problem problem;
	struct bytes bytes = written(2);

	(void)state;
	for (size_t i = 0; i < bytes.size; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
			if (read_all(bytes.data, bytes.size, &problem, NULL, 0) >= 0)
				fail_msg("byte %zu with bit %d changed was read", i, bit);
			assert_true(problem.offset <= bytes.size && problem.text[0] != '\0');
			bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
		}
	}
	free(bytes.data);
}

static void a_file_that_is_cut_off_or_goes_on_is_refused(void **state)
{
	struct recording_problem problem;
	struct bytes bytes = written(2);
	char *longer = calloc(1, bytes.size + 1);

	(void)state;
	for (size_t size = 1; size < bytes.size; size++)
		assert_int_equal(read_all(bytes.data, size, &problem, NULL, 0), -1);
	memcpy(longer, bytes.data, bytes.size);
	assert_int_equal(read_all(longer, bytes.size + 1, &problem, NULL, 0), -1);
	assert_int_equal(problem.offset, bytes.size);
	assert_non_null(strstr(problem.text, "follows the end"));
	free(longer);
	free(bytes.data);
}

static void expect_refused(const struct recording_event *list, size_t count, const char *says)
{
	struct recording_writer *writer = malloc(sizeof(*writer));
	struct recording_problem problem;
	struct bytes bytes = {0};
	FILE *file = open_memstream(&bytes.data, &bytes.size);

	recording_begin(writer, file, &header);
	for (size_t i = 0; i < count; i++) {
		struct recording_event event = list[i];

		recording_add(writer, &event);
	}
	assert_true(recording_end(writer));
	fclose(file);
	assert_int_equal(read_all(bytes.data, bytes.size, &problem, NULL, 0), -1);
	assert_non_null(strstr(problem.text, says));
	free(bytes.data);
	free(writer);
}

// The digests of these are right: what is wrong is what they say.
static void an_event_that_cannot_be_is_refused(void **state)
{
	static const struct recording_event twice[] = {{.verb = RECORDING_ALLOC, .node = -1},
		{.verb = RECORDING_FREE}, {.verb = RECORDING_FREE}};
	static const struct recording_event early[] = {{.verb = RECORDING_FREE, .taken = 7}};
	static const struct recording_event large[] = {
		{.verb = RECORDING_ALLOC, .node = -1, .size = RECORDING_SIZE_MAX}};
	static const struct recording_event threads[] = {
		{.verb = RECORDING_ALLOC, .node = -1, .thread = RECORDING_THREADS_MAX}};

	(void)state;
	expect_refused(twice, 3, "freed before");
	expect_refused(early, 1, "out of range");
	expect_refused(large, 1, "size");
	expect_refused(threads, 1, "thread");
}

static void a_foreign_file_is_refused_at_its_start(void **state)
{
	struct recording_problem problem;

	(void)state;
	assert_int_equal(read_all("{\"benchmarks\": []}", 18, &problem, NULL, 0), -1);
	assert_int_equal(problem.offset, 0);
	assert_non_null(strstr(problem.text, "no recording"));
}

static void a_disk_that_is_full_is_told(void **state)
{
	struct recording_writer *writer = malloc(sizeof(*writer));
	FILE *file = fopen("/dev/full", "we");

	(void)state;
	recording_begin(writer, file, &header);
	assert_false(recording_end(writer));
	assert_true(writer->error != 0);
	fclose(file);
	free(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_comes_back),
		cmocka_unit_test(many_blocks_come_back_and_are_small),
		cmocka_unit_test(a_changed_byte_is_refused_with_an_offset),
		cmocka_unit_test(a_file_that_is_cut_off_or_goes_on_is_refused),
		cmocka_unit_test(an_event_that_cannot_be_is_refused),
		cmocka_unit_test(a_foreign_file_is_refused_at_its_start),
		cmocka_unit_test(a_disk_that_is_full_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
