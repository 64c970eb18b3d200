// SPDX-License-Identifier: GPL-2.0-or-later
// The server benchmark of P. Larson and M. Krishnan ("Memory Allocation for Long-Running Server
// Applications", ISMM 1998), written anew from its description. Each thread owns an array of blocks
// and replaces random ones by blocks of random size; after its rounds it hands the array to a
// thread that it creates, and ends. So blocks are freed by threads that did not allocate them, and
// threads come and go. It calls malloc() and free(): which ones is LD_PRELOAD's business.
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WARM_UP_ROUNDS 4

enum argument { SECONDS, SIZE_MIN, SIZE_MAX_, CHUNKS, ROUNDS, SEED, THREADS, ARGUMENTS };

static const struct {
	const char *name, *meaning;
	unsigned long min, max;
} table[ARGUMENTS] = {
	[SECONDS] = {"SECONDS", "how long the threads run", 1, 86400},
	[SIZE_MIN] = {"MIN", "smallest block, bytes", 1, 1ul << 30},
	[SIZE_MAX_] = {"MAX", "one more than the largest block, bytes", 2, 1ul << 30},
	[CHUNKS] = {"CHUNKS", "blocks a thread", 1, 1ul << 24},
	[ROUNDS] = {"ROUNDS", "a thread ends after CHUNKS * ROUNDS replacements", 1, 1ul << 24},
	[SEED] = {"SEED", "of the random numbers", 0, UINT_MAX},
	[THREADS] = {"THREADS", "threads at a time", 1, 4096},
};

static unsigned long argument[ARGUMENTS];
static atomic_bool is_over;

// What a thread hands to its successor. A cache line each, so that the counters of neighbours are
// apart.
struct work {
	unsigned char **block; // [argument[CHUNKS]]
	uint64_t random;
	unsigned long replaced; // blocks, in all generations
	unsigned long generations;
	pthread_barrier_t *ended;
} __attribute__((aligned(128)));

static _Noreturn void fail(const char *what, int error)
{
	fprintf(stderr, "slabmark-larson: %s: %s\n", what, strerror(error));
	exit(3);
}

// xorshift64*, the high half.
static uint32_t draw(uint64_t *random)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

static inline uint32_t draw_below(uint64_t *random, uint32_t bound)
{
	return (uint32_t)(((uint64_t)draw(random) * bound) >> 32);
}

// As the original does, a block's first two bytes are written, and nothing else of it.
static unsigned char *new_block(uint64_t *random)
{
	uint32_t range = (uint32_t)(argument[SIZE_MAX_] - argument[SIZE_MIN]);
	size_t size = argument[SIZE_MIN] + draw_below(random, range);
	volatile unsigned char *block = malloc(size);

	if (!block)
		fail("malloc", errno);
	block[0] = 'a';
	if (size > 1)
		block[1] = 'b';
	return (unsigned char *)block;
}

static void replace_one(unsigned char **block, size_t count, uint64_t *random)
{
	size_t victim = draw_below(random, (uint32_t)count);

	free(block[victim]);
	block[victim] = new_block(random);
}

static void *replace_blocks(void *argument_);

static void create_successor(struct work *work)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attributes, replace_blocks, work);
	if (error)
		fail("cannot create a thread", error);
	pthread_attr_destroy(&attributes);
}

static void *replace_blocks(void *argument_)
{
	struct work *work = argument_;
	unsigned long count = argument[CHUNKS] * argument[ROUNDS], done = 0;
	uint64_t random = work->random;

	for (; done < count && !atomic_load_explicit(&is_over, memory_order_relaxed); done++)
		replace_one(work->block, argument[CHUNKS], &random);
	work->random = random;
	work->replaced += done;
	work->generations++;
	if (atomic_load_explicit(&is_over, memory_order_relaxed))
		pthread_barrier_wait(work->ended);
	else
		create_successor(work);
	return NULL;
}

// All blocks from the main thread, in random order and once through the allocator's hands.
static unsigned char **fill(size_t count, uint64_t *random)
{
	unsigned char **block = calloc(count, sizeof(*block));

	if (!block)
		fail("calloc", errno);
	for (size_t i = 0; i < count; i++)
		block[i] = new_block(random);
	for (size_t i = count; i > 1; i--) {
		size_t other = draw_below(random, (uint32_t)i);
		unsigned char *moved = block[i - 1];

		block[i - 1] = block[other];
		block[other] = moved;
	}
	for (size_t i = 0; i < WARM_UP_ROUNDS * count; i++)
		replace_one(block, count, random);
	return block;
}

static double now_s(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void rest(unsigned long seconds)
{
	struct timespec left = {.tv_sec = (time_t)seconds};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static void run(void)
{
	size_t threads = argument[THREADS], chunks = argument[CHUNKS];
	uint64_t random = argument[SEED] * UINT64_C(0x9e3779b97f4a7c15) + 1;
	unsigned char **block = fill(threads * chunks, &random);
	struct work *work = aligned_alloc(_Alignof(struct work), threads * sizeof(*work));
	pthread_barrier_t ended;
	unsigned long replaced = 0, generations = 0;
	double begun, seconds, cpu_begun, cpu_seconds;

	if (!work)
		fail("aligned_alloc", errno);
	pthread_barrier_init(&ended, NULL, (unsigned)threads + 1);
	for (size_t i = 0; i < threads; i++) {
		work[i] = (struct work){.block = block + i * chunks,
			.random = (uint64_t)draw(&random) << 32 | draw(&random) | 1,
			.ended = &ended};
	}
	begun = now_s(CLOCK_MONOTONIC);
	cpu_begun = now_s(CLOCK_PROCESS_CPUTIME_ID);
	for (size_t i = 0; i < threads; i++)
		create_successor(&work[i]);
	rest(argument[SECONDS]);
	atomic_store(&is_over, true);
	pthread_barrier_wait(&ended);
	pthread_barrier_destroy(&ended); // waits until every thread has left it
	seconds = now_s(CLOCK_MONOTONIC) - begun;
	cpu_seconds = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_begun;
	for (size_t i = 0; i < threads; i++) {
		replaced += work[i].replaced;
		generations += work[i].generations;
	}
	printf("Throughput = %8.0f operations per second, %.0f per second of CPU time, %lu threads "
	       "in turn\n",
		(double)replaced / seconds, (double)replaced / cpu_seconds, generations);
}

static _Noreturn void wrong_use(const char *word, const char *why)
{
	fprintf(stderr, "slabmark-larson: '%s': %s\nUsage: slabmark-larson", word, why);
	for (int i = 0; i < ARGUMENTS; i++)
		fprintf(stderr, " %s", table[i].name);
	fprintf(stderr, "\n");
	for (int i = 0; i < ARGUMENTS; i++)
		fprintf(stderr, "  %-8s %s, %lu to %lu\n", table[i].name, table[i].meaning,
			table[i].min, table[i].max);
	fprintf(stderr, "As published: slabmark-larson 5 8 1000 5000 100 4141 THREADS\n");
	exit(2);
}

static void read_arguments(char **word)
{
	for (int i = 0; i < ARGUMENTS; i++) {
		char *end;

		errno = 0;
		argument[i] = strtoul(word[i], &end, 10);
		if (errno || end == word[i] || *end || *word[i] == '-')
			wrong_use(word[i], "not a number");
		if (argument[i] < table[i].min || argument[i] > table[i].max)
			wrong_use(word[i], "out of range");
	}
	if (argument[SIZE_MAX_] <= argument[SIZE_MIN])
		wrong_use(word[SIZE_MAX_], "not above MIN");
	if (argument[THREADS] * argument[CHUNKS] > UINT32_MAX)
		wrong_use(word[CHUNKS], "too many blocks in all");
}

int main(int argc, char **argv)
{
	if (argc != ARGUMENTS + 1)
		wrong_use(argc > 1 ? argv[argc - 1] : "", "seven arguments are needed");
	read_arguments(argv + 1);
	run();
	return 0;
}
