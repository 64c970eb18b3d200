// SPDX-License-Identifier: GPL-2.0-or-later
// The table of planted bugs: each kind of misuse in many ways, which are the products of a few
// tables: shapes of caches, what happens meanwhile, the call that meets the bug. Each way must give
// exactly the one line that it deserves, or the documented answer, and leave every cache sound. A
// kind tried in fewer than WAYS_MIN ways fails. Other configs have no such checks and skip.
#include "slab_test.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debug.h"
#include "host/rcu.h"

#define WAYS_MIN 20
#define OTHERS   40 // objects around the one that is misused

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static void construct(void *object)
{
	*(char *)object = 'c';
}

// What is tried on. A shape of kmalloc's stands for the cache that serves the size.
static const struct shape {
	unsigned size;
	unsigned align;
	slab_flags_t flags;
	void (*ctor)(void *object);
	bool is_kmalloc;
} shapes[] = {
	{.size = 1},
	{.size = 8, .ctor = construct},
	{.size = 13},
	{.size = 32, .flags = SLAB_NOLEAKTRACE, .ctor = construct},
	{.size = 40, .flags = SLAB_TYPESAFE_BY_RCU},
	{.size = 64, .align = 64},
	{.size = 70, .align = 16, .ctor = construct},
	{.size = 100, .flags = SLAB_HWCACHE_ALIGN},
	{.size = 100, .flags = SLAB_RECLAIM_ACCOUNT},
	{.size = 256, .align = 256, .flags = SLAB_TYPESAFE_BY_RCU},
	{.size = 700, .flags = SLAB_CACHE_DMA32},
	{.size = 1000, .align = 32},
	{.size = 3000, .ctor = construct},
	{.size = 4096},
	{.size = 5000},
	{.size = 32, .is_kmalloc = true},
	{.size = 96, .is_kmalloc = true},
	{.size = 512, .is_kmalloc = true},
	{.size = 8192, .is_kmalloc = true},
};

// ---- the attempt at hand ------------------------------------------------------------------------

static struct attempt {
	char what[300]; // for messages
	unsigned rest; // of the way's number, not yet used to pick
	struct kmem_cache *cache; // NULL without
	bool is_kmalloc;
	bool is_kept; // a destroy was refused
	unsigned lines; // that the way deserves
	unsigned long live; // objects in use before
	void *objects[OTHERS];
	void *object; // the one that is misused, among them
} attempt;

// Adds to the words about the attempt.
#define describe(...)                                                                              \
	snprintf(attempt.what + strlen(attempt.what), sizeof(attempt.what) - strlen(attempt.what), \
		__VA_ARGS__)

static int real_stderr;
static FILE *capture;

static unsigned pick(size_t count)
{
	unsigned picked = attempt.rest % (unsigned)count;

	attempt.rest /= (unsigned)count;
	return picked;
}

static unsigned long count_live(struct kmem_cache *cache)
{
	struct census census;
	const char *problem = cache_check(cache, &census);

	if (problem)
		fail_msg("%s: %s", attempt.what, problem);
	return census.handed_out;
}

// What was given back is gone, also where readers might have looked.
static void wait_for_slabs(void)
{
	if (attempt.cache->flags & SLAB_TYPESAFE_BY_RCU)
		rcu_wait();
}

static void take_shape(const struct shape *shape)
{
	describe("%u bytes, align %u, flags 0x%x%s%s; ", shape->size, shape->align, shape->flags,
		shape->ctor ? ", constructed" : "", shape->is_kmalloc ? ", of kmalloc" : "");
	attempt.is_kmalloc = shape->is_kmalloc;
	attempt.cache = shape->is_kmalloc ? kmalloc_slab(shape->size, 0)
					  : kmem_cache_create("planted", shape->size, shape->align,
						    shape->flags, shape->ctor);
	assert_non_null(attempt.cache);
	attempt.live = count_live(attempt.cache);
}

// Objects of the shape, one of which is to be misused: it has neighbours in use on both sides.
static void take_objects(void)
{
	assert_int_equal(
		kmem_cache_alloc_bulk(attempt.cache, GFP_KERNEL, OTHERS, attempt.objects), OTHERS);
	attempt.object = attempt.objects[OTHERS / 2];
}

static void free_others(void)
{
	for (unsigned i = 0; i < OTHERS; i++) {
		if (attempt.objects[i] && attempt.objects[i] != attempt.object)
			kmem_cache_free(attempt.cache, attempt.objects[i]);
		attempt.objects[i] = NULL;
	}
}

static void forget_lines(void)
{
	rewind(capture);
	assert_int_equal(ftruncate(fileno(capture), 0), 0);
	assert_int_equal(lseek(fileno(capture), 0, SEEK_SET), 0);
}

static void start_attempt(unsigned way)
{
	attempt = (struct attempt){.rest = way};
	slab_set_cpu(0);
	forget_lines();
}

// Lines reported so far that have the words.
static unsigned long count_lines(const char *words)
{
	char line[600];
	unsigned long count = 0;

	rewind(capture);
	while (fgets(line, sizeof(line), capture))
		count += strstr(line, words) != NULL;
	return count;
}

static void expect_lines(const char *words, unsigned long count)
{
	unsigned long lines = count_lines(""), found = count_lines(words);
	char last[600] = "";

	if (lines == count && found == count)
		return;
	rewind(capture);
	while (fgets(last, sizeof(last), capture))
		;
	fail_msg("%s: %lu lines, %lu of them with '%s', not %lu; the last one: %s", attempt.what,
		lines, found, words, count, last);
}

// Nothing was harmed: the cache is sound and serves, and so does kmalloc; no further line.
static void expect_soundness(const char *words, unsigned long count)
{
	void *sized = kmalloc(100, GFP_KERNEL);

	assert_non_null(sized);
	memset(sized, 1, 100);
	kfree(sized);
	if (attempt.cache) {
		void *object;

		if (count_live(attempt.cache) != attempt.live)
			fail_msg("%s: %lu objects in use, not %lu", attempt.what,
				count_live(attempt.cache), attempt.live);
		object = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
		assert_non_null(object);
		kmem_cache_free(attempt.cache, object);
		if (attempt.is_kmalloc)
			kmem_cache_shrink(attempt.cache);
		else if (!attempt.is_kept)
			kmem_cache_destroy(attempt.cache);
	}
	expect_lines(words, count);
}

// ---- calls that meet the bug --------------------------------------------------------------------

static void by_kmem_cache_free(struct kmem_cache *cache, void *object)
{
	kmem_cache_free(cache, object);
}

static void by_free_bulk(struct kmem_cache *cache, void *object)
{
	kmem_cache_free_bulk(cache, 1, &object);
}

static void by_free_bulk_without_cache(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kmem_cache_free_bulk(NULL, 1, &object);
}

static void by_kfree(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kfree(object);
}

static void by_kfree_bulk(struct kmem_cache *cache, void *object)
{
	void *objects[] = {NULL, object, ZERO_SIZE_PTR};

	(void)cache;
	kfree_bulk(COUNT_OF(objects), objects);
}

// Moves the contents and frees the old place.
static void by_krealloc(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kfree(krealloc(object, 20000, GFP_KERNEL));
}

static void by_ksize(struct kmem_cache *cache, void *object)
{
	(void)cache;
	assert_int_equal(ksize(object), 0);
}

static const struct call {
	const char *name;
	void (*meet)(struct kmem_cache *cache, void *object);
} calls[] = {
	// The first two take the cache's word for it; the last one frees nothing.
	{"kmem_cache_free", by_kmem_cache_free},
	{"kmem_cache_free_bulk", by_free_bulk},
	{"kmem_cache_free_bulk(NULL)", by_free_bulk_without_cache},
	{"kfree", by_kfree},
	{"kfree_bulk", by_kfree_bulk},
	{"krealloc", by_krealloc},
	{"ksize", by_ksize},
};

#define CALLS_WITH_CACHE     2
#define CALLS_THAT_ONLY_FREE 5
#define CALLS_THAT_FREE      6

static void meet(const struct call *call, void *object)
{
	describe("%s", call->name);
	call->meet(attempt.cache, object);
}

// ---- second frees -------------------------------------------------------------------------------

static void nothing(void)
{
}

static void shrink(void)
{
	assert_int_equal(kmem_cache_shrink(attempt.cache), 1);
}

static void reap(void)
{
	for (int pass = 0; pass < 4; pass++)
		slab_reap();
}

static void tune(void)
{
	unsigned batchcount = attempt.cache->batchcount, shared = attempt.cache->shared;
	unsigned limit = attempt.cache->limit;

	pthread_mutex_lock(&slab_mutex);
	assert_int_equal(cache_tune(attempt.cache, 5, 3, 2), 0);
	assert_int_equal(cache_tune(attempt.cache, (int)limit, (int)batchcount, (int)shared), 0);
	pthread_mutex_unlock(&slab_mutex);
}

static void same_node(void)
{
	slab_set_cpu(1);
}

static void other_node(void)
{
	slab_set_cpu(7);
}

static void cpu_goes(void)
{
	slab_set_cpu(2);
	assert_int_equal(slab_cpu_down(0), 0);
	assert_int_equal(slab_cpu_up(0), 0);
}

// What happens between the two frees. from: the CPU of the first one.
static const struct meanwhile {
	const char *name;
	unsigned from;
	void (*happens)(void);
} meanwhiles[] = {
	{"at once", 0, nothing},
	{"after others", 0, free_others},
	{"in its slab's freelist", 0, shrink},
	{"after reaping", 0, reap},
	{"after tuning", 0, tune},
	{"from a CPU of the node", 0, same_node},
	{"from another node", 0, other_node},
	{"in an alien array", 5, nothing},
	{"in the shared array or slabs of its home", 5, free_others},
	{"after its CPU went", 0, cpu_goes},
};

static bool second_free(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	const struct meanwhile *meanwhile = &meanwhiles[pick(COUNT_OF(meanwhiles))];
	const struct call *call = &calls[pick(CALLS_THAT_ONLY_FREE)];
	void *object;

	take_shape(shape);
	describe("%s; ", meanwhile->name);
	if (attempt.cache->num == 1 && meanwhile->happens != nothing)
		return false; // its slab may be gone, which is the next kind
	take_objects();
	object = attempt.object;
	slab_set_cpu(meanwhile->from);
	kmem_cache_free(attempt.cache, object);
	meanwhile->happens();
	wait_for_slabs();
	if (slab_page(address_to_slab(object))->kind != PAGE_SLAB)
		return false;
	meet(call, object);
	slab_set_cpu(0);
	free_others();
	return true;
}

static bool free_after_the_slab(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	const struct call *call = &calls[pick(COUNT_OF(calls))];
	void *object;

	take_shape(shape);
	if (attempt.live > 0)
		return false; // of kmalloc, with objects of the allocator's own
	take_objects();
	object = attempt.object;
	kmem_cache_free_bulk(attempt.cache, OTHERS, attempt.objects);
	memset(attempt.objects, 0, sizeof(attempt.objects));
	assert_int_equal(kmem_cache_shrink(attempt.cache), 0);
	wait_for_slabs();
	meet(call, object);
	return true;
}

// ---- pointers that are no objects ---------------------------------------------------------------

enum wrong_cache { WRONG_EQUAL, WRONG_OTHER, WRONG_KMALLOC, WRONG_GONE, WRONG_NONE, WRONG_CACHES };

static struct kmem_cache *make_wrong_cache(enum wrong_cache kind, const struct shape *shape)
{
	struct kmem_cache *gone;

	switch (kind) {
	case WRONG_EQUAL:
		return kmem_cache_create(
			"wrong", shape->size, shape->align, shape->flags, shape->ctor);
	case WRONG_OTHER:
		return kmem_cache_create("wrong", 333, 0, 0, NULL);
	case WRONG_KMALLOC:
		return kmalloc_slab(128, 0);
	case WRONG_GONE:
		gone = kmem_cache_create("wrong", 55, 0, 0, NULL);
		kmem_cache_destroy(gone);
		return gone;
	default:
		return NULL;
	}
}

static bool wrong_cache(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	enum wrong_cache kind = (enum wrong_cache)pick(WRONG_CACHES);
	const struct call *call = &calls[pick(CALLS_WITH_CACHE)];
	struct kmem_cache *wrong;

	if (kind == WRONG_NONE && call->meet != by_kmem_cache_free)
		return false; // without a cache a bulk is kfree's
	take_shape(shape);
	take_objects();
	wrong = make_wrong_cache(kind, shape);
	describe("to wrong cache %d by %s", (int)kind, call->name);
	call->meet(wrong, attempt.object);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	if (kind == WRONG_EQUAL || kind == WRONG_OTHER)
		kmem_cache_destroy(wrong);
	return true;
}

enum foreign {
	FOREIGN_STACK,
	FOREIGN_STATIC,
	FOREIGN_CODE,
	FOREIGN_LOW,
	FOREIGN_HIGH,
	FOREIGN_BEFORE_ARENAS,
	FOREIGN_BEHIND_ARENAS,
	FOREIGN_DESCRIPTOR,
	FOREIGN_UNCOMMITTED,
	FOREIGN_LAST_OF_ARENA,
	FOREIGNS
};

// The pointer is not to be followed.
static void *foreign_pointer(enum foreign foreign)
{
	static char fixed;
	char *base = page_map.base;
	void *pointers[FOREIGNS] = {
		[FOREIGN_STACK] = &base,
		[FOREIGN_STATIC] = &fixed,
		[FOREIGN_CODE] = (void *)(uintptr_t)foreign_pointer,
		[FOREIGN_LOW] = (void *)17,
		[FOREIGN_HIGH] = (void *)UINTPTR_MAX,
		[FOREIGN_BEFORE_ARENAS] = base - 1,
		[FOREIGN_BEHIND_ARENAS] = base + page_map.bytes,
		[FOREIGN_DESCRIPTOR] = page_map.page,
		[FOREIGN_UNCOMMITTED] = base + ((size_t)1 << page_map.node_shift) - PAGE_SIZE,
		[FOREIGN_LAST_OF_ARENA] = base + page_map.bytes - 1,
	};

	return pointers[foreign];
}

static bool foreign(void)
{
	unsigned foreign = pick(FOREIGNS);
	const struct call *call = &calls[pick(COUNT_OF(calls))];

	take_shape(&shapes[pick(2)]);
	describe("foreign pointer %u to ", foreign);
	meet(call, foreign_pointer((enum foreign)foreign));
	return true;
}

static bool heap(void)
{
	static const size_t sizes[] = {1, 64, 4096, 1 << 20};
	char *pointer = malloc(sizes[pick(COUNT_OF(sizes))]);

	assert_non_null(pointer);
	take_shape(&shapes[0]);
	describe("malloc's pointer to ");
	meet(&calls[pick(COUNT_OF(calls))], pointer);
	free(pointer);
	return true;
}

// Pages that are committed, and free.
static bool free_page(void)
{
	static const unsigned offsets[] = {0, 8, 100, PAGE_SIZE - 1};
	struct page *page = pages_alloc(pick(4), 0);
	char *pointer = page_address(page) + offsets[pick(COUNT_OF(offsets))];

	pages_free(page);
	take_shape(&shapes[0]);
	describe("a free page's pointer to ");
	meet(&calls[pick(COUNT_OF(calls))], pointer);
	return true;
}

static bool interior(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	unsigned kind = pick(6);
	const struct call *call = &calls[pick(COUNT_OF(calls))];
	long stride;

	take_shape(shape);
	stride = attempt.cache->size;
	if (attempt.cache->num == 1)
		return false; // nothing but colour and end around it
	take_objects();
	for (unsigned i = 0; object_index(attempt.cache, address_to_slab(attempt.object),
				     (char *)attempt.object - attempt.cache->obj_offset) == 0;
		i++)
		attempt.object = attempt.objects[i]; // the byte before it is another object's
	describe("interior %u by ", kind);
	meet(call,
		(char *)attempt.object + (const long[]){1, 3, 8, stride / 2, stride - 1, -1}[kind]);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	return true;
}

// ---- wild writes --------------------------------------------------------------------------------

static int room_behind(const struct kmem_cache *cache)
{
	unsigned end = cache->size;

	if (cache->redzone2 >= 0)
		end = (unsigned)cache->redzone2 + sizeof(uint64_t);
	return (int)(end - cache->obj_offset - cache->object_size);
}

static bool is_poisoned(const struct kmem_cache *cache)
{
	return cache->flags & SLAB_POISON;
}

// A byte of the misused object, counted from its start.
static void spoil(long offset)
{
	describe("byte %ld spoilt; ", offset);
	((volatile unsigned char *)attempt.object)[offset] ^= 0x21;
}

static bool write_behind(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	unsigned kind = pick(4);
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];
	int room;

	take_shape(shape);
	room = room_behind(attempt.cache);
	if (room == 0)
		return false;
	take_objects();
	spoil((long)shape->size +
		(const int[]){0, room / 2, room - 1, room > 8 ? room - 8 : 0}[kind]);
	meet(call, attempt.object);
	free_others();
	return true;
}

static bool write_before(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	long offset = -1 - (long)pick(8);
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];

	take_shape(shape);
	if (attempt.cache->redzone1 < 0)
		return false;
	take_objects();
	spoil(offset);
	meet(call, attempt.object);
	free_others();
	return true;
}

static bool write_around(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];

	take_shape(shape);
	if (attempt.cache->redzone1 < 0)
		return false;
	take_objects();
	spoil(-1);
	spoil((long)shape->size);
	meet(call, attempt.object);
	free_others();
	return true;
}

// Where a cache has no room for guards, the neighbour must be free to notice.
static bool write_into_neighbour(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	long offset = (const long[]){0, 1, 7, 8, 15, 16, 30, 31}[pick(8)];
	void *victim = NULL;

	take_shape(shape);
	if (!is_poisoned(attempt.cache) || attempt.cache->num == 1 ||
		room_behind(attempt.cache) > 0)
		return false;
	take_objects();
	for (unsigned i = 0; i < OTHERS && !victim; i++)
		if ((char *)attempt.objects[i] == (char *)attempt.object + attempt.cache->size) {
			victim = attempt.objects[i];
			attempt.objects[i] = NULL;
		}
	assert_non_null(victim);
	kmem_cache_free(attempt.cache, victim);
	spoil((long)attempt.cache->object_size + offset);
	assert_ptr_equal(kmem_cache_alloc(attempt.cache, GFP_KERNEL), victim);
	kmem_cache_free(attempt.cache, victim);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	return true;
}

static void found_when_handed_out(void)
{
	assert_ptr_equal(kmem_cache_alloc(attempt.cache, GFP_KERNEL), attempt.object);
	kmem_cache_free(attempt.cache, attempt.object);
}

static void found_with_its_slab(void)
{
	free_others();
	kmem_cache_shrink(attempt.cache);
}

// Sent home by the reaping of CPU 5's alien arrays, and found with its slab.
static void found_after_reaping(void)
{
	reap();
	free_others();
	kmem_cache_shrink(attempt.cache);
}

static void found_on_its_node(void)
{
	void *object;

	kmem_cache_shrink(attempt.cache);
	slab_set_cpu(6);
	object = kmem_cache_alloc_node(
		attempt.cache, GFP_KERNEL, (int)address_to_node(attempt.object));
	assert_ptr_equal(object, attempt.object); // the only one of a partial slab's to come back
	slab_set_cpu(0);
	kmem_cache_free(attempt.cache, object);
}

// The object comes back to a full slab and holds its freelist until it is handed out again: what
// the freelist does not cover must be poison still.
static void found_when_freelist_left(void)
{
	void *taken[OTHERS];
	unsigned count = 0;

	kmem_cache_shrink(attempt.cache);
	do
		taken[count] = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
	while (taken[count++] != attempt.object && count < OTHERS);
	kmem_cache_free_bulk(attempt.cache, count, taken);
}

static const struct finding {
	const char *name;
	unsigned from; // CPU of the free
	void (*find)(void);
} findings[] = {
	{"handed out again", 0, found_when_handed_out},
	{"slab given back", 0, found_with_its_slab},
	{"handed out by its slab", 0, found_when_freelist_left},
	{"reaped and given back", 5, found_after_reaping},
	{"handed out to another node", 0, found_on_its_node},
};

// Whether take_objects() may have taken every object of a slab.
static bool is_filled(const struct kmem_cache *cache)
{
	return cache->num <= OTHERS + cache->limit;
}

// Whether the freelist would be written over it, by right.
static bool may_hold_freelist(const struct kmem_cache *cache, long offset)
{
	return (cache->flags & CFLGS_OBJFREELIST_SLAB) && is_filled(cache) && offset >= 0 &&
	       offset < (long)cache->freelist_size;
}

static bool write_after_free(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	unsigned kind = pick(5);
	const struct finding *finding = &findings[pick(COUNT_OF(findings))];
	long size = (long)shape->size;
	long offset = (const long[]){0, size / 2, size - 1, -1, size}[kind];

	take_shape(shape);
	if (kind < 3 && !is_poisoned(attempt.cache))
		return false; // readers under RCU may look, so nothing is written there
	if ((kind == 3 && attempt.cache->redzone1 < 0) ||
		(kind == 4 && room_behind(attempt.cache) == 0))
		return false;
	if (finding->find != found_when_handed_out && may_hold_freelist(attempt.cache, offset))
		return false;
	if (attempt.is_kmalloc && finding->find != found_when_handed_out)
		return false; // its slabs have objects of the allocator's own
	if (finding->find == found_on_its_node && is_filled(attempt.cache))
		return false; // other slabs are partial too
	describe("%s; ", finding->name);
	take_objects();
	slab_set_cpu(finding->from);
	kmem_cache_free(attempt.cache, attempt.object);
	spoil(offset);
	slab_set_cpu(0);
	finding->find();
	free_others();
	kmem_cache_shrink(attempt.cache);
	wait_for_slabs();
	return true;
}

// ---- refused calls ------------------------------------------------------------------------------

static void take_on_nodes(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		attempt.objects[i] = kmem_cache_alloc_node(attempt.cache, GFP_KERNEL, (int)(i % 4));
}

static bool destroy_in_use(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	unsigned count = (const unsigned[]){1, 3, 8, 9, OTHERS}[pick(5)];
	unsigned named = count > 8 ? 9 : count; // the ninth says how many more

	if (shape->is_kmalloc)
		return false; // nobody destroys those
	take_shape(shape);
	describe("%u objects in use", count);
	take_on_nodes(count);
	kmem_cache_destroy(attempt.cache);
	assert_int_equal(count_lines("cannot destroy cache 'planted'"), 1);
	forget_lines();
	attempt.lines = named;
	assert_int_equal(debug_report_leaks(attempt.cache), count);
	free_others();
	assert_int_equal(debug_report_leaks(attempt.cache), 0);
	attempt.is_kept = true;
	return true;
}

static bool bulk_count(void)
{
	static void *room[INT_MAX / PAGE_SIZE / 4]; // more than a node's objects of a page
	static const struct {
		size_t count;
		void **objects;
	} bulks[] = {{0, NULL}, {0, room}, {(size_t)INT_MAX + 1, room}, {(size_t)INT_MAX + 1, NULL},
		{SIZE_MAX, room}, {SIZE_MAX / 2, NULL}, {COUNT_OF(room), room}};
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];
	unsigned kind = pick(COUNT_OF(bulks));

	if (bulks[kind].count == COUNT_OF(room) && shape->size < PAGE_SIZE)
		return false; // would have them
	take_shape(shape);
	describe("a bulk of %zu", bulks[kind].count);
	assert_int_equal(kmem_cache_alloc_bulk(attempt.cache, GFP_KERNEL | __GFP_NOWARN,
				 bulks[kind].count, bulks[kind].objects),
		0);
	kmem_cache_free_bulk(attempt.cache, 0, bulks[kind].objects);
	kfree_bulk(0, bulks[kind].objects);
	return true;
}

enum answer { ANSWER_OBJECT, ANSWER_ZERO, ANSWER_NULL };

static bool kmalloc_size(void)
{
	static const struct {
		size_t count, size;
		enum answer answer;
	} requests[] = {{1, 0, ANSWER_ZERO}, {0, 100, ANSWER_ZERO}, {0, SIZE_MAX, ANSWER_ZERO},
		{SIZE_MAX, 0, ANSWER_ZERO}, {1, 1, ANSWER_OBJECT}, {1, 8, ANSWER_OBJECT},
		{1, 32, ANSWER_OBJECT}, {1, 33, ANSWER_OBJECT}, {1, 96, ANSWER_OBJECT},
		{1, 97, ANSWER_OBJECT}, {1, 128, ANSWER_OBJECT}, {1, 129, ANSWER_OBJECT},
		{1, 192, ANSWER_OBJECT}, {1, 193, ANSWER_OBJECT}, {1, 4095, ANSWER_OBJECT},
		{1, 4097, ANSWER_OBJECT}, {1, KMALLOC_MAX_SIZE - 1, ANSWER_OBJECT},
		{1, KMALLOC_MAX_SIZE, ANSWER_OBJECT}, {1, KMALLOC_MAX_SIZE + 1, ANSWER_NULL},
		{2, KMALLOC_MAX_SIZE, ANSWER_NULL}, {1, SIZE_MAX / 2, ANSWER_NULL},
		{1, SIZE_MAX, ANSWER_NULL}, {SIZE_MAX, 2, ANSWER_NULL},
		{SIZE_MAX / 8 + 1, 8, ANSWER_NULL},
		{(size_t)1 << 32, (size_t)1 << 32, ANSWER_NULL}};
	unsigned kind = pick(COUNT_OF(requests));
	size_t bytes = requests[kind].count * requests[kind].size;
	void *object;

	describe("kmalloc of %zu times %zu", requests[kind].count, requests[kind].size);
	object = pick(2) ? kcalloc(requests[kind].count, requests[kind].size, GFP_KERNEL)
			 : kmalloc_array_node(
				   requests[kind].count, requests[kind].size, GFP_KERNEL, 2);
	if (requests[kind].answer == ANSWER_OBJECT) {
		assert_true(ksize(object) >= bytes);
		memset(object, 1, bytes);
	} else {
		assert_ptr_equal(
			object, requests[kind].answer == ANSWER_ZERO ? ZERO_SIZE_PTR : NULL);
	}
	kfree(object);
	return true;
}

static bool cache_size(void)
{
	static const struct {
		unsigned size, align;
		slab_flags_t flags;
		int error;
	} requests[] = {{0, 0, 0, 0}, {0, 0, SLAB_HWCACHE_ALIGN, 0}, {0, 4096, 0, 0}, {1, 1, 0, 0},
		{1, 3, 0, 0}, {7, 24, 0, 0}, {8, 8, 0, 0}, {9, 16, 0, 0}, {4072, 0, 0, 0},
		{4073, 0, 0, 0}, {4095, 0, 0, 0}, {4097, 0, 0, 0}, {100, 4096, 0, 0},
		{100, 1 << 20, 0, 0}, {KMALLOC_MAX_SIZE - 24, 0, 0, 0},
		{KMALLOC_MAX_SIZE - 1, 0, 0, 0}, {KMALLOC_MAX_SIZE, 0, 0, 0},
		{KMALLOC_MAX_SIZE, 64, SLAB_RECLAIM_ACCOUNT, 0},
		{KMALLOC_MAX_SIZE + 1, 0, 0, E2BIG}, {KMALLOC_MAX_SIZE + 1, 8192, 0, E2BIG},
		{100, KMALLOC_MAX_SIZE * 2, 0, E2BIG}, {1u << 31, 0, 0, E2BIG},
		{UINT_MAX - 7, 0, SLAB_HWCACHE_ALIGN, E2BIG}, {UINT_MAX, 0, 0, E2BIG}};
	unsigned kind = pick(COUNT_OF(requests)), size = requests[kind].size;
	struct kmem_cache *cache;
	void *object;

	describe("a cache of %u bytes, align %u, flags 0x%x", size, requests[kind].align,
		requests[kind].flags);
	cache = kmem_cache_create(
		"planted", size, requests[kind].align, requests[kind].flags, NULL);
	attempt.lines = requests[kind].error ? 1 : 0;
	if (requests[kind].error) {
		assert_null(cache);
		assert_int_equal(errno, requests[kind].error);
		return true;
	}
	attempt.cache = cache;
	assert_int_equal(kmem_cache_size(cache), size);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	assert_non_null(object);
	memset(object, 1, size);
	kmem_cache_free(cache, object);
	return true;
}

// Each bit that is no flag, alone and with one that is.
static bool unknown_flag(void)
{
	slab_flags_t flag = 1u << pick(32), others = pick(2) ? SLAB_HWCACHE_ALIGN : 0;

	if (flag & geometry_flags_permitted())
		return false;
	describe("flags 0x%x", flag | others);
	errno = 0;
	assert_null(kmem_cache_create("planted", 100, 0, flag | others, NULL));
	assert_int_equal(errno, EINVAL);
	return true;
}

static bool no_name(void)
{
	const struct shape *shape = &shapes[pick(COUNT_OF(shapes))];

	describe("no name, %u bytes", shape->size);
	errno = 0;
	assert_null(pick(2) ? kmem_cache_create_usercopy(NULL, shape->size, shape->align,
				      shape->flags, 0, shape->size, shape->ctor)
			    : kmem_cache_create(
				      NULL, shape->size, shape->align, shape->flags, shape->ctor));
	assert_int_equal(errno, EINVAL);
	return true;
}

static bool usercopy_region(void)
{
	static const struct {
		unsigned offset, size;
	} regions[] = {{1, 0}, {0, 101}, {1, 100}, {100, 1}, {101, 1}, {UINT_MAX, 1}, {1, UINT_MAX},
		{UINT_MAX, UINT_MAX}, {99, 2}, {UINT_MAX, 0}, {50, 51}, {0, UINT_MAX}};
	unsigned kind = pick(COUNT_OF(regions));
	void *object;

	describe("region [%u, +%u)", regions[kind].offset, regions[kind].size);
	attempt.cache = kmem_cache_create_usercopy("planted", 100, pick(2) ? 64 : 0, 0,
		regions[kind].offset, regions[kind].size, NULL);
	assert_non_null(attempt.cache);
	object = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
	assert_false(kmem_check_usercopy(object, 1));
	kmem_cache_free(attempt.cache, object);
	return true;
}

// What is written to slabinfo. result 0: accepted and ignored.
static const struct writing {
	const char *text;
	int result;
} writings[] = {
	{"planted 0 0 0", 0},
	{"planted 0 1 0", 0},
	{"planted 1 0 0", 0},
	{"planted 1 2 0", 0},
	{"planted -1 -1 -1", 0},
	{"planted 10 5 -1", 0},
	{"planted 10 11 8", 0},
	{"planted -2147483648 1 1", 0},
	{"planted 2147483648 1 1", 0}, // wraps to the one above
	{"planted 4294967296 1 0", 0}, // wraps to 0
	{"planted 10 4294967306000 0\n", 0},
	{"planted 2147483647 1 0", -ENOMEM},
	{"", -EINVAL},
	{"\n", -EINVAL},
	{"planted", -EINVAL},
	{"planted\n", -EINVAL},
	{"planted ", -EINVAL},
	{"planted 10", -EINVAL},
	{"planted 10 5", -EINVAL},
	{"planted 10 5 ", -EINVAL},
	{"planted ten 5 8", -EINVAL},
	{"planted 10 five 8", -EINVAL},
	{"planted +10 5 8", -EINVAL},
	{"planted 10, 5, 8", -EINVAL},
	{"planted - 10 5 8", -EINVAL},
	{"planted 10.5 5 8", -EINVAL},
	{"planted\t10 5 8", -EINVAL},
	{" planted 10 5 8", -EINVAL},
	{"Planted 10 5 8", -EINVAL},
	{"planted2 10 5 8", -EINVAL},
	{"plante 10 5 8", -EINVAL},
	{"10 5 8", -EINVAL},
	{"planted 10 5 8                                                                     "
	 "                                                       ",
		-EINVAL},
};

static bool slabinfo_text(bool is_tuning)
{
	unsigned kind = pick(COUNT_OF(writings)), limit, batchcount, shared;
	const char *text = writings[kind].text;
	ssize_t expected = writings[kind].result ? writings[kind].result : (ssize_t)strlen(text);

	if (is_tuning != (writings[kind].result != -EINVAL))
		return false;
	take_shape(&shapes[pick(2) ? 7 : 5]);
	describe("slabinfo gets '%s'", text);
	limit = attempt.cache->limit;
	batchcount = attempt.cache->batchcount;
	shared = attempt.cache->shared;
	assert_int_equal(slabinfo_write(text, strlen(text)), expected);
	assert_int_equal(attempt.cache->limit, limit);
	assert_int_equal(attempt.cache->batchcount, batchcount);
	assert_int_equal(attempt.cache->shared, shared);
	return true;
}

static bool tuning(void)
{
	return slabinfo_text(true);
}

static bool slabinfo_nonsense(void)
{
	return slabinfo_text(false);
}

// ---- the table ----------------------------------------------------------------------------------

#define SHAPES   COUNT_OF(shapes)
#define CALLS    COUNT_OF(calls)
#define WRITINGS (2 * COUNT_OF(writings))

static const struct kind {
	const char *name;
	const char *words; // the line has them; NULL: an answer, no line
	bool (*try)(void); // false: the way does not apply to the shape
	size_t ways;
} kinds[] = {
	{"second free", "freed twice", second_free,
		SHAPES *COUNT_OF(meanwhiles) * CALLS_THAT_ONLY_FREE},
	{"free after the slab went", "in no slab", free_after_the_slab, SHAPES *CALLS},
	{"free to the wrong cache", "an object of cache", wrong_cache,
		SHAPES *WRONG_CACHES *CALLS_WITH_CACHE},
	{"foreign pointer", "no memory of this allocator", foreign, FOREIGNS *CALLS * 2},
	{"heap pointer", "no memory of this allocator", heap, 4 * CALLS},
	{"free page", "in no slab", free_page, 4 * 4 * CALLS},
	{"interior pointer", "not the start of an object", interior, SHAPES * 6 * CALLS},
	{"write beyond the end", "beyond its end", write_behind, SHAPES * 4 * CALLS_THAT_FREE},
	{"write before the start", "beyond its start", write_before, SHAPES * 8 * CALLS_THAT_FREE},
	{"write beyond both", "beyond its start and its end", write_around,
		SHAPES *CALLS_THAT_FREE},
	{"write into a free neighbour", "was written after free", write_into_neighbour, SHAPES * 8},
	{"write after free", "was written after free", write_after_free,
		SHAPES * 5 * COUNT_OF(findings)},
	{"destroy in use", "never freed", destroy_in_use, SHAPES * 5},
	{"bulk of no or too many", NULL, bulk_count, SHAPES * 7},
	{"size for kmalloc", NULL, kmalloc_size, 25 * 2},
	{"size for a cache", "cannot create cache 'planted': E2BIG", cache_size, 24},
	{"unknown flag", "cannot create cache 'planted': EINVAL", unknown_flag, 32 * 2},
	{"no name", "cannot create cache '(no name)': EINVAL", no_name, SHAPES * 2},
	{"usercopy region", "does not lie within its 100 bytes", usercopy_region, 12 * 2},
	{"nonsense tuning", NULL, tuning, WRITINGS},
	{"nonsense for slabinfo", NULL, slabinfo_nonsense, WRITINGS},
};

static void every_way_is_caught(void **state)
{
	const struct kind *kind = *state;
	unsigned tried = 0;

	for (unsigned way = 0; way < kind->ways; way++) {
		bool applies;

		start_attempt(way);
		describe("%s, way %u: ", kind->name, way);
		attempt.lines = kind->words ? 1 : 0;
		applies = kind->try();
		tried += applies;
		expect_soundness(
			kind->words ? kind->words : "nothing", applies ? attempt.lines : 0);
	}
	printf("%s: %u ways, all caught\n", kind->name, tried);
	assert_true(tried >= WAYS_MIN);
}

static int begin(void **state)
{
	(void)state;
	capture = tmpfile();
	if (!capture)
		return 1;
	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	return dup2(fileno(capture), STDERR_FILENO) < 0;
}

static int end(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(capture);
	return 0;
}

static int start(void **state)
{
	(void)state;
	start_virtual("node:4 core:2 pu:1");
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[COUNT_OF(kinds)];

	if (!IS_ENABLED(CONFIG_DEBUG_SLAB)) {
		puts("skipped: config " SLAB_CONFIG_NAME " has no debug checks");
		return TEST_SKIPPED;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		tests[i] = (struct CMUnitTest){
			kinds[i].name, every_way_is_caught, begin, end, (void *)&kinds[i]};
	return cmocka_run_group_tests_name("planted", tests, start, NULL);
}
