// SPDX-License-Identifier: GPL-2.0-or-later
// The start. The allocator's structures come from its own caches, so the first ones are built by
// hand: the cache that caches come from is static, its node structures and those of the kmalloc
// cache that serves node structures are static until kmalloc can replace them, and every cache's
// arrays have one entry until all kmalloc caches exist.
#include "bootstrap.h"

#include <errno.h>
#include <string.h>

#include "cache.h"
#include "fork.h"
#include "host/options.h"
#include "host/report.h"
#include "host/topology.h"
#include "kmalloc.h"
#include "nonshared/copy.h"
#include "own.h"
#include "tune.h"
#include "types.h"

static union {
	struct kmem_cache cache;
	char bytes[sizeof(struct kmem_cache) + NODES_MAX * sizeof(struct kmem_cache_node *)];
} boot_cache;

static pthread_mutex_t start_mutex = PTHREAD_MUTEX_INITIALIZER;
static bool is_started; // written once, under start_mutex

// Machines up to this size take no larger order for fit alone.
#define SMALL_MEMORY ((size_t)32 << 20)

static void choose_rules(void)
{
	slab_rules.cache_line =
		slab_options.cache_line ? slab_options.cache_line : topology.cache_line;
	slab_rules.left_over_part = LEFT_OVER_PART_USUAL;
	slab_rules.init_on_free = slab_options.init_on_free;
	slab_rules.freelist_cache_size = own_freelist_cache_size;
	slab_rules.slab_max_order = topology.memory == 0 || topology.memory > SMALL_MEMORY;
	if (slab_options.slab_max_order >= 0)
		slab_rules.slab_max_order = (unsigned)slab_options.slab_max_order;
}

static int create_kmem_cache(void)
{
	struct kmem_cache *cache = &boot_cache.cache;
	unsigned line = slab_rules.cache_line;
	int error;

	memset(&boot_cache, 0, sizeof(boot_cache));
	cache->name = "kmem_cache";
	cache->object_size =
		(unsigned)(sizeof(*cache) + topology.nr_nodes * sizeof(struct kmem_cache_node *));
	cache->is_unmergeable = true;
	error = cache_set_up(cache,
		calculate_alignment(SLAB_HWCACHE_ALIGN, 0, cache->object_size, line),
		SLAB_HWCACHE_ALIGN);
	if (error)
		return error;
	cache->refcount = 1;
	cds_list_add(&cache->list, &slab_caches);
	kmem_cache = cache;
	slab_state = PARTIAL;
	return 0;
}

static int create_kmalloc_for_nodes(void)
{
	int error = kmalloc_create_for(sizeof(struct kmem_cache_node));

	if (!error)
		slab_state = PARTIAL_NODE;
	return error;
}

static void move_list(struct cds_list_head *from, struct cds_list_head *to)
{
	CDS_INIT_LIST_HEAD(to);
	cds_list_splice(from, to);
}

static int replace_boot_node(struct kmem_cache *cache, unsigned node)
{
	struct kmem_cache_node *from, *to = own_alloc(sizeof(*to), node);

	if (!to)
		return -ENOMEM;
	from = cache->node[node]; // after the allocation, which may have changed it
	*to = *from;
	lock_init(&to->list_lock, LOCK_OF_LIST);
	move_list(&from->slabs_partial, &to->slabs_partial);
	move_list(&from->slabs_full, &to->slabs_full);
	move_list(&from->slabs_free, &to->slabs_free);
	cache->node[node] = to;
	return 0;
}

static int replace_boot_nodes(void)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		for (unsigned node = 0; node < topology.nr_nodes; node++)
			if (replace_boot_node(cache, node))
				return -ENOMEM;
	return 0;
}

static int enable_all(void)
{
	struct kmem_cache *cache;

	slab_state = UP;
	cds_list_for_each_entry(cache, &slab_caches, list) {
		struct kmem_cache wish = *cache;
		int error;

		choose_limits(&wish);
		error = do_tune_cpucache(cache, wish.limit, wish.batchcount, wish.shared);
		if (error)
			return error;
	}
	slab_state = FULL;
	return 0;
}

static int bootstrap(const struct slab_options *options)
{
	int error = options_check(options);

	if (error)
		return error;
	slab_options = *options;
	error = topology_init(options->topology);
	if (!error)
		error = pages_init(topology.nr_nodes, options);
	if (!error)
		error = cpu_init(
			IS_ENABLED(CONFIG_SLAB_RSEQ) ? options->percpu : SLAB_PERCPU_LOCKED);
	if (!error && options->percpu == SLAB_PERCPU_RSEQ && !has_sequences())
		error = -ENOTSUP;
	if (error)
		return error;
	choose_rules();
	error = create_kmem_cache();
	if (!error)
		error = create_kmalloc_for_nodes();
	if (!error)
		error = replace_boot_nodes();
	if (!error)
		error = kmalloc_create_all();
	if (!error)
		error = enable_all();
	return error ? error : fork_init();
}

static int start_once(const struct slab_options *options)
{
	int error = bootstrap(options);

	if (!error) {
		kmalloc_publish();
		fast_copies_fill();
		__atomic_store_n(&is_started, true, __ATOMIC_RELEASE);
	}
	return error;
}

// Outside the start's lock, because the reaper itself asks whether the allocator has started.
static int start_reaper(void)
{
	return slab_options.reaper ? slab_reaper_start() : 0;
}

int slab_init(const struct slab_options *options)
{
	int error = -EBUSY;

	pthread_mutex_lock(&start_mutex);
	if (!is_started)
		error = start_once(options);
	pthread_mutex_unlock(&start_mutex);
	return error ? error : start_reaper();
}

static int start_from_environment(void)
{
	struct slab_options options;
	int error = slab_options_default(&options);

	return error ? error : start_once(&options);
}

bool slab_start(void)
{
	bool is_first = false;
	int error = 0;

	if (__atomic_load_n(&is_started, __ATOMIC_ACQUIRE))
		return true;
	pthread_mutex_lock(&start_mutex);
	if (!is_started) {
		error = start_from_environment();
		is_first = !error;
	}
	pthread_mutex_unlock(&start_mutex);
	if (is_first)
		error = start_reaper();
	if (!error)
		return true;
	report("cannot start: %s", strerrorname_np(-error));
	errno = -error;
	return false;
}

bool slab_is_available(void)
{
	return slab_start();
}

int slab_set_cpu(unsigned cpu)
{
	if (!slab_start())
		return -errno;
	if (!topology.is_virtual)
		return -ENOTSUP;
	if (!topology_has_cpu(cpu))
		return -EINVAL;
	cpu_virtual = (int)cpu;
	rseq_say_cpu(cpu);
	return 0;
}

const char *slab_config_name(void)
{
	return SLAB_CONFIG_NAME;
}

const char *slab_config_description(void)
{
	return SLAB_CONFIG_DESCRIPTION;
}

const char *slab_cpu_mode(void)
{
	static const char *const modes[] = {[RSEQ_NONE] = "locked",
		[RSEQ_LIBC] = "rseq",
		[RSEQ_OWN] = "rseq-own",
		[RSEQ_VIRTUAL] = "rseq-virtual"};

	if (!slab_start() || !has_sequences())
		return "locked";
	return modes[cpu_sequences.area];
}
