// SPDX-License-Identifier: GPL-2.0-or-later
// Addresses become numbers of objects; the C library's trees find them.
#include "ledger.h"

#include <search.h>
#include <stdlib.h>

struct held {
	uint32_t process;
	uint32_t maker; // thread
	uint64_t address;
	uint64_t object;
	uint64_t size;
};

struct known_thread {
	uint32_t id;
	uint32_t number;
	struct held *resized; // between the two calls of a resize; NULL: what is resized is unknown
};

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int held_order(const void *a, const void *b)
{
	const struct held *one = a;
	const struct held *other = b;

	return one->process != other->process ? order(one->process, other->process)
					      : order(one->address, other->address);
}

static int thread_order(const void *a, const void *b)
{
	return order(((const struct known_thread *)a)->id, ((const struct known_thread *)b)->id);
}

void ledger_begin(struct ledger *ledger, struct recording_writer *writer)
{
	*ledger = (struct ledger){.writer = writer, .has_memory = true};
}

// The thread of the call, noted at its first one. NULL: there are too many, or no memory.
static struct known_thread *thread_of(struct ledger *ledger, uint32_t id)
{
	struct known_thread wanted = {.id = id};
	struct known_thread **found = tfind(&wanted, &ledger->threads, thread_order);
	struct known_thread *thread;

	if (found)
		return *found;
	if (ledger->threads_count >= RECORDING_THREADS_MAX) {
		ledger->crowded++;
		return NULL;
	}
	thread = malloc(sizeof(*thread));
	if (!thread) {
		ledger->has_memory = false;
		return NULL;
	}
	*thread = (struct known_thread){.id = id, .number = ledger->threads_count};
	if (!tsearch(thread, &ledger->threads, thread_order)) {
		free(thread);
		ledger->has_memory = false;
		return NULL;
	}
	ledger->threads_count++;
	return thread;
}

// Takes the object at the call's address out of the tree. NULL: none is known.
static struct held *held_take(struct ledger *ledger, const struct ledger_call *call)
{
	struct held wanted = {.process = call->process, .address = call->address};
	struct held **found = tfind(&wanted, &ledger->live, held_order);
	struct held *held = found ? *found : NULL;

	if (!held)
		return NULL;
	tdelete(held, &ledger->live, held_order);
	ledger->live_objects--;
	ledger->live_bytes -= held->size;
	return held;
}

// Puts an object that the event made into the tree.
static void held_put(
	struct ledger *ledger, const struct ledger_call *call, const struct recording_event *event)
{
	struct held *held = malloc(sizeof(*held));

	if (held)
		*held = (struct held){
			call->process, event->thread, call->address, event->made, event->size};
	if (!held || !tsearch(held, &ledger->live, held_order)) {
		free(held);
		ledger->has_memory = false;
		return;
	}
	ledger->live_objects++;
	ledger->live_bytes += event->size;
	if (ledger->live_objects > ledger->live_objects_max)
		ledger->live_objects_max = ledger->live_objects;
	if (ledger->live_bytes > ledger->live_bytes_max)
		ledger->live_bytes_max = ledger->live_bytes;
}

static void free_add(
	struct ledger *ledger, const struct ledger_call *call, uint32_t thread, struct held *held)
{
	struct recording_event event = call->event;

	event.verb = RECORDING_FREE;
	event.thread = thread;
	event.taken = held->object;
	ledger->frees++;
	ledger->remote_frees += held->maker != thread;
	recording_add(ledger->writer, &event);
	free(held);
}

void ledger_free(struct ledger *ledger, const struct ledger_call *call)
{
	const struct known_thread *thread = thread_of(ledger, call->thread);
	struct held *held = thread ? held_take(ledger, call) : NULL;

	if (held)
		free_add(ledger, call, thread->number, held);
	else
		ledger->unknown += thread != NULL;
}

// What was at the address is gone, though nobody noted its free.
static void make_room(struct ledger *ledger, const struct ledger_call *call, uint32_t thread)
{
	struct held *old = held_take(ledger, call);

	if (!old)
		return;
	ledger->replaced++;
	free_add(ledger, call, thread, old);
}

void ledger_make(struct ledger *ledger, const struct ledger_call *call)
{
	const struct known_thread *thread = thread_of(ledger, call->thread);
	struct recording_event event = call->event;

	if (!thread)
		return;
	make_room(ledger, call, thread->number);
	event.thread = thread->number;
	recording_add(ledger->writer, &event);
	held_put(ledger, call, &event);
}

void ledger_resize_begin(struct ledger *ledger, const struct ledger_call *call)
{
	struct known_thread *thread = thread_of(ledger, call->thread);

	if (!thread)
		return;
	free(thread->resized); // one whose end was lost
	thread->resized = held_take(ledger, call);
}

// The allocator had no memory: the object is where it was.
static void resize_undo(struct ledger *ledger, struct held *held)
{
	ledger->live_objects++;
	ledger->live_bytes += held->size;
	if (!tsearch(held, &ledger->live, held_order))
		ledger->has_memory = false;
}

void ledger_resize_end(struct ledger *ledger, const struct ledger_call *call)
{
	struct known_thread *thread = thread_of(ledger, call->thread);
	struct recording_event event = call->event;
	struct held *held = thread ? thread->resized : NULL;

	if (!thread)
		return;
	thread->resized = NULL;
	if (held && call->address == 0) {
		resize_undo(ledger, held);
		return;
	}
	if (call->address == 0)
		return;
	make_room(ledger, call, thread->number);
	event.verb = held ? RECORDING_RESIZE : RECORDING_ALLOC;
	event.thread = thread->number;
	event.taken = held ? held->object : 0;
	recording_add(ledger->writer, &event);
	held_put(ledger, call, &event);
	free(held);
}

static void thread_free(void *item)
{
	free(((struct known_thread *)item)->resized);
	free(item);
}

void ledger_end(struct ledger *ledger)
{
	tdestroy(ledger->live, free);
	tdestroy(ledger->threads, thread_free);
	ledger->live = ledger->threads = NULL;
}
