// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what libslabrecord noted into a ledger, in the order of the calls. Entry: capture_read().
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

bool capture_make(const char *path, struct problem *problem)
{
	struct capture_head head = {.magic = CAPTURE_MAGIC};
	struct timespec now;
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (file < 0)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "cannot make %s: %s", path, strerror(errno));
	clock_gettime(CLOCK_MONOTONIC, &now);
	head.started_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
	bool is_good = ftruncate(file, CAPTURE_HEAD_BYTES) == 0 &&
		       pwrite(file, &head, sizeof(head), 0) == (ssize_t)sizeof(head);
	if (close(file) != 0 || !is_good)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "cannot write %s: %s", path, strerror(errno));
	return true;
}

static void entry_tell(
	struct ledger *ledger, const struct capture_entry *entry, uint64_t started_ns)
{
	static void (*const tell[])(struct ledger *, const struct ledger_call *) = {
		[CAPTURE_ALLOC] = ledger_make,
		[CAPTURE_FREE] = ledger_free,
		[CAPTURE_RESIZE_BEGIN] = ledger_resize_begin,
		[CAPTURE_RESIZE_END] = ledger_resize_end,
	};
	uint8_t verb = atomic_load(&entry->verb);
	const struct ledger_call call = {
		.process = entry->process,
		.thread = entry->thread,
		.address = entry->address,
		.event = {.verb = RECORDING_ALLOC,
			.cpu = entry->cpu,
			.time_ns = entry->time_ns > started_ns ? entry->time_ns - started_ns : 0,
			.size = entry->size < RECORDING_SIZE_MAX ? entry->size
								 : RECORDING_SIZE_MAX - 1,
			.node = -1,
			.align = entry->align,
			.is_zeroed = entry->is_zeroed},
	};

	if (verb != CAPTURE_NONE && verb < sizeof(tell) / sizeof(tell[0]))
		tell[verb](ledger, &call);
}

// Reads a window of the file; what lies behind its end was never written.
static bool window_read(struct ledger *ledger, int file, const struct capture_head *head,
	uint64_t index, uint64_t bytes)
{
	uint64_t offset = CAPTURE_HEAD_BYTES + index * CAPTURE_WINDOW_BYTES;
	uint64_t first = index * CAPTURE_WINDOW_ENTRIES;
	uint64_t taken = atomic_load(&head->taken);
	const struct capture_entry *entries;

	if (offset + CAPTURE_WINDOW_BYTES > bytes)
		return true; // lost, and counted so
	entries = mmap(NULL, CAPTURE_WINDOW_BYTES, PROT_READ, MAP_PRIVATE, file, (off_t)offset);
	if (entries == MAP_FAILED)
		return false;
	for (uint64_t i = 0; i < CAPTURE_WINDOW_ENTRIES && first + i < taken; i++)
		entry_tell(ledger, &entries[i], head->started_ns);
	munmap((void *)entries, CAPTURE_WINDOW_BYTES);
	return true;
}

bool capture_read(struct ledger *ledger, const char *path, uint64_t *lost, struct problem *problem)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct capture_head head;
	struct stat status;
	bool is_good = file >= 0 && fstat(file, &status) == 0 &&
		       pread(file, &head, sizeof(head), 0) == (ssize_t)sizeof(head);
	uint64_t windows = is_good ? (atomic_load(&head.taken) + CAPTURE_WINDOW_ENTRIES - 1) /
					     CAPTURE_WINDOW_ENTRIES
				   : 0;

	for (uint64_t i = 0; is_good && i < windows && i < CAPTURE_WINDOWS_MAX; i++)
		is_good = window_read(ledger, file, &head, i, (uint64_t)status.st_size);
	if (!is_good)
		problem_set(
			problem, EXIT_NOT_MEASURED, "cannot read %s: %s", path, strerror(errno));
	else
		*lost = atomic_load(&head.lost);
	if (file >= 0)
		close(file);
	return is_good;
}
