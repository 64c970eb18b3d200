// SPDX-License-Identifier: GPL-2.0-or-later
// How much memory a block of each size takes, from 16 bytes to 4 MiB: the smallest and the largest of
// every class, as a table of bytes asked for, bytes taken and their ratio. It is what the system says
// that the process has in memory, so that everything counts: slabs, descriptors, the blocks' own map.
#include "malloc/malloc_test.h"

#include <malloc.h>
#include <sys/mman.h>

#define SIZE_MOST    (4 * MIB)
#define SAMPLE_BYTES (24 * MIB)
#define RATIO_MOST   1.25 // from RATIO_FROM on
#define RATIO_FROM   256

static size_t resident(void)
{
	char text[128] = "";
	FILE *file = fopen("/proc/self/statm", "r");
	size_t pages;

	CHECK(file && fgets(text, sizeof(text), file));
	fclose(file);
	pages = strtoul(strchr(text, ' '), NULL, 10);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static double fill_with(void **block, size_t count, size_t size)
{
	size_t before = resident();

	CHECK(count > 0);
	for (size_t i = 0; i < count; i++) {
		block[i] = allocate(size);
		memset(block[i], 1, size);
	}
	return (double)(resident() - before) / (double)count;
}

static double measure(size_t size)
{
	size_t count = SAMPLE_BYTES / (size > 0 ? size : 1) + 1;
	void **block = mmap(NULL, count * sizeof(*block), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	CHECK(block != MAP_FAILED);
	resident();
	return fill_with(block, count, size);
}

// In a child, whose heap is new but for what the program has had so far.
static double sample_of(size_t size)
{
	double *shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double sample;
	pid_t child;
	int status;

	CHECK(shared != MAP_FAILED);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		*shared = measure(size);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	sample = *shared;
	munmap(shared, sizeof(*shared));
	return sample;
}

static size_t usable(size_t size)
{
	void *block = allocate(size);
	size_t bytes = malloc_usable_size(block);

	release(block);
	return bytes;
}

static bool row(size_t size)
{
	double taken = sample_of(size), ratio = taken / (double)size;
	bool is_good = size < RATIO_FROM || ratio <= RATIO_MOST;

	printf("%9zu %11.1f %6.3f%s\n", size, taken, ratio, is_good ? "" : "  TOO MUCH");
	return is_good;
}

int main(void)
{
	unsigned bad = 0;

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	printf("%9s %11s %6s\n", "asked for", "taken", "ratio");
	for (size_t size = 16; size <= SIZE_MOST;) {
		size_t last = usable(size);

		bad += !row(size);
		if (last != size && last <= SIZE_MOST)
			bad += !row(last);
		size = last + 1;
	}
	printf("%u sizes from %d bytes on take more than %.2f times what was asked for\n", bad,
		RATIO_FROM, RATIO_MOST);
	return bad > 0;
}
