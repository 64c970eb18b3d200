// SPDX-License-Identifier: GPL-2.0-or-later
// The background reaper: one thread that makes a pass every two seconds, where the kernel has a
// timer a CPU. Off unless asked for, so that no measurement is disturbed unasked.
#include "reclaim/reaper.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include <slab/slab.h>

#include "bootstrap.h"

#define PASS_PERIOD_S 2

static struct {
	pthread_mutex_t mutex; // guards the rest
	pthread_cond_t wake;
	pthread_t thread;
	bool is_running;
	bool is_wanted;
} reaper = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void nothing(void)
{
}

// Set once, by the allocator's start.
static struct {
	void (*hold_off)(void);
	void (*let_go)(void);
} guard = {nothing, nothing};

void reaper_guard(void (*hold_off)(void), void (*let_go)(void))
{
	guard.hold_off = hold_off;
	guard.let_go = let_go;
}

// Waits for the next pass; false when there is none.
static bool sleep_until_next(void)
{
	struct timespec next;
	bool is_wanted;

	clock_gettime(CLOCK_REALTIME, &next);
	next.tv_sec += PASS_PERIOD_S;
	pthread_mutex_lock(&reaper.mutex);
	while (reaper.is_wanted && pthread_cond_timedwait(&reaper.wake, &reaper.mutex, &next) == 0)
		;
	is_wanted = reaper.is_wanted;
	pthread_mutex_unlock(&reaper.mutex);
	return is_wanted;
}

static void *reap_for_ever(void *argument)
{
	while (sleep_until_next()) {
		guard.hold_off();
		slab_reap();
		guard.let_go();
	}
	return argument;
}

int slab_reaper_start(void)
{
	int error = EBUSY;

	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&reaper.mutex);
	if (!reaper.is_running) {
		reaper.is_wanted = true;
		error = pthread_create(&reaper.thread, NULL, reap_for_ever, NULL);
		reaper.is_running = error == 0;
	}
	pthread_mutex_unlock(&reaper.mutex);
	return -error;
}

void slab_reaper_stop(void)
{
	bool was_running;

	pthread_mutex_lock(&reaper.mutex);
	was_running = reaper.is_running;
	reaper.is_wanted = reaper.is_running = false;
	pthread_cond_signal(&reaper.wake);
	pthread_mutex_unlock(&reaper.mutex);
	if (was_running)
		pthread_join(reaper.thread, NULL);
}

void reaper_forget(void)
{
	pthread_mutex_init(&reaper.mutex, NULL);
	pthread_cond_init(&reaper.wake, NULL);
	reaper.is_wanted = reaper.is_running = false;
}
