// SPDX-License-Identifier: GPL-2.0-or-later
// The self-test's work. Entry: exercise(). Lines are thrown out of the caches by an instruction
// before they are loaded, so that a load misses in a cache of any size without a buffer of its size;
// pages are those of the kernel's zero page, so that many of them cost no memory.
#include "exercise.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "figure.h"
#include "processor.h"

enum {
	ROUNDS = 100000, // instructions ≫ what is around them, in 0.1 ms
	GUESSES = 4096,
	LINE_BYTES = 64,
	BUFFER_BYTES = 65536,
	PAGE_BYTES = 4096,
	PAGES = 4096, // more than a second-level TLB holds
	STORED_PAGES = 64,
	CPUS_MAX = 8192, // what Debian's kernel is built for
};

static volatile uint64_t sink; // what the compiler must not leave out goes here

void exercise_instructions(uint64_t rounds)
{
	loop_run(rounds);
}

// Branches that nobody can guess, a division and an atomic each.
static void guess(void)
{
	uint64_t random = 88172645463325252u;
	uint64_t taken = 0;

	for (int i = 0; i < GUESSES; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		if (random & 1)
			__atomic_fetch_add(&sink, random % (taken + 3), __ATOMIC_SEQ_CST);
		else
			taken++;
	}
	sink = taken;
}

// ---- memory

static void buffer_flush(const char *buffer)
{
	for (size_t at = 0; at < BUFFER_BYTES; at += LINE_BYTES)
		line_flush(buffer + at);
	flush_wait();
}

// Each load waits for the one before it.
static void buffer_load(const volatile char *buffer)
{
	size_t offset = 0;

	for (size_t at = 0; at < BUFFER_BYTES; at += LINE_BYTES)
		offset += (size_t)buffer[at + offset];
	sink = offset;
}

static void *buffer_make(void)
{
	void *buffer = mmap(
		NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return buffer == MAP_FAILED ? NULL : buffer;
}

// Zeros, so that offsets stay 0.
static void buffer_write(volatile char *buffer)
{
	for (size_t at = 0; at < BUFFER_BYTES; at += LINE_BYTES)
		buffer[at] = 0;
}

static void load_memory(void)
{
	char *buffer = buffer_make();

	if (!buffer)
		return;
	buffer_write(buffer);
	buffer_flush(buffer);
	buffer_load(buffer);
	munmap(buffer, BUFFER_BYTES);
}

static void load_pages(void)
{
	size_t bytes = (size_t)PAGES * PAGE_BYTES;
	volatile char *pages =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return;
	madvise((void *)pages, bytes, MADV_NOHUGEPAGE);
	for (int pass = 0; pass < 2; pass++)
		for (size_t at = 0; at < bytes; at += PAGE_BYTES)
			sink += (uint64_t)pages[at];
	for (size_t at = 0; at < (size_t)STORED_PAGES * PAGE_BYTES; at += PAGE_BYTES)
		pages[at] = 1;
	munmap((void *)pages, bytes);
}

// ---- code

// The code of a function far from the one that calls it, thrown out before each call.
static void __attribute__((noinline, aligned(4096))) code_far(void)
{
	loop_run(8);
}

static void run_code(void)
{
	for (int i = 0; i < 64; i++) {
		line_flush((const void *)code_far);
		flush_wait();
		code_far();
	}
}

// ---- other CPUs

static bool stay_on(int cpu)
{
	cpu_set_t *set = CPU_ALLOC((size_t)cpu + 1);
	size_t size = CPU_ALLOC_SIZE((size_t)cpu + 1);

	if (!set)
		return false;
	CPU_ZERO_S(size, set);
	CPU_SET_S((size_t)cpu, size, set);
	bool is_there = sched_setaffinity(0, size, set) == 0;
	CPU_FREE(set);
	return is_there;
}

// Migrations are counted where the thread runs next, hence the moment's sleep.
static void move(const struct exercise_places *places)
{
	const struct timespec moment = {.tv_nsec = 1000};

	if (places->beside < 0)
		return;
	stay_on(places->beside);
	nanosleep(&moment, NULL);
	stay_on(places->here);
	nanosleep(&moment, NULL);
}

struct remote_work {
	int cpu;
	char *buffer;
};

// Touched first from there, the memory is of that node, and its caches hold what was written.
static void *remote_write(void *user)
{
	struct remote_work *work = user;

	if (stay_on(work->cpu))
		buffer_write(work->buffer);
	return NULL;
}

static bool remote_write_from(struct remote_work *work)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, remote_write, work) == 0 &&
	       pthread_join(thread, NULL) == 0;
}

// From the other node's cache first, then from its memory.
static void load_remote(const struct exercise_places *places)
{
	struct remote_work work = {.cpu = places->remote};

	if (places->remote < 0)
		return;
	work.buffer = buffer_make();
	if (!work.buffer)
		return;
	if (remote_write_from(&work)) {
		buffer_load(work.buffer);
		buffer_flush(work.buffer);
		buffer_load(work.buffer);
	}
	munmap(work.buffer, BUFFER_BYTES);
}

// What needs to know where it runs; the thread may go where it could before, afterwards.
static void exercise_placed(unsigned effects, const struct exercise_places *places)
{
	size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
	cpu_set_t *allowed = CPU_ALLOC(CPUS_MAX);

	if (!allowed)
		return;
	if (places->here >= 0 && sched_getaffinity(0, size, allowed) == 0) {
		if (stay_on(places->here) && (effects & EFFECT_REMOTE))
			load_remote(places);
		if (effects & EFFECT_MOVE)
			move(places);
		sched_setaffinity(0, size, allowed);
	}
	CPU_FREE(allowed);
}

// ---- all of it

void exercise(unsigned effects, const struct exercise_places *places)
{
	const struct timespec moment = {.tv_nsec = 1000};

	loop_run(ROUNDS);
	if (effects & EFFECT_WORK)
		guess();
	if (effects & EFFECT_MEMORY)
		load_memory();
	if (effects & EFFECT_PAGES)
		load_pages();
	if (effects & EFFECT_CODE)
		run_code();
	if (effects & (EFFECT_REMOTE | EFFECT_MOVE))
		exercise_placed(effects, places);
	if (effects & EFFECT_SLEEP)
		nanosleep(&moment, NULL);
}
