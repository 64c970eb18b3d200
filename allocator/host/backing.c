// SPDX-License-Identifier: GPL-2.0-or-later
// The three kinds of memory. Ordinary pages and transparent huge pages come with the first touch,
// and a whole range is advised once, so that it stays one mapping. Explicit huge pages come from a
// pool that may be empty, and a touch would then kill the process: they are faulted in when memory
// is committed, where a refusal is an error code (MADV_POPULATE_WRITE), and what the pool cannot
// give becomes pages of 4 KiB.
#include "host/backing.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/report.h"
#include "host/reserve.h"
#include "host/topology.h"

#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26)
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14
#endif

#define HUGE_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_HUGETLB | MAP_HUGE_2MB)

#define THP_SETTINGS "/sys/kernel/mm/transparent_hugepage/"

// Written by backing_choose() and backing_init() alone, at the start.
static enum slab_backing kind;

// What became of explicit huge pages; each is set once.
static struct {
	bool are_given; // at least one
	bool ran_out; // at least one was refused; said
	bool are_kept; // this kernel does not take them back; said
} huge;

static bool cannot_populate; // it was refused: an older kernel, a sandbox

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

// true for the first caller.
static bool set_once(bool *flag)
{
	return !__atomic_exchange_n(flag, true, __ATOMIC_RELAXED);
}

void backing_choose(enum slab_backing wish)
{
	kind = wish;
	memset(&huge, 0, sizeof(huge));
}

const char *backing_name(void)
{
	static const char *const names[] = {[SLAB_BACKING_SYSTEM] = "system",
		[SLAB_BACKING_4K] = "4k",
		[SLAB_BACKING_THP] = "thp",
		[SLAB_BACKING_HUGETLB] = "hugetlb"};

	if (is_set(&huge.ran_out))
		return is_set(&huge.are_given) ? "mixed" : names[SLAB_BACKING_4K];
	return names[kind];
}

// ---- explicit huge pages

static bool is_huge(const struct backing *backing, const char *start)
{
	return start < backing->small_from;
}

// Whether this kernel maps them at all; whether there are any shows later.
static bool huge_can_map(void)
{
	void *trial = mmap(NULL, BACKING_STEP, PROT_NONE, HUGE_FLAGS, -1, 0);

	return trial != MAP_FAILED && munmap(trial, BACKING_STEP) == 0;
}

// The whole range at once, usable at once: parts with different rights would be mappings of their
// own.
static bool huge_map(struct backing *backing)
{
	if (!huge_can_map())
		return false;
	if (mmap(backing->start, backing->bytes, PROT_READ | PROT_WRITE, HUGE_FLAGS | MAP_FIXED, -1,
		    0) == MAP_FAILED)
		return false;
	backing->small_from = backing->start + backing->bytes;
	return true;
}

static bool huge_populate(char *start, size_t bytes)
{
	if (madvise(start, bytes, MADV_POPULATE_WRITE) != 0)
		return false;
	__atomic_store_n(&huge.are_given, true, __ATOMIC_RELAXED);
	return true;
}

// The pool has no page for this part of the range: it gets ordinary ones.
static bool huge_replace(struct backing *backing, char *start, size_t bytes)
{
	if (set_once(&huge.ran_out))
		report("backing=hugetlb: node %u: %s; pages of 4 KiB are used", backing->node,
			errno == EINVAL ? "this kernel cannot get huge pages beforehand (Linux "
					  "5.14 can)"
					: "no free huge page of 2 MiB (/proc/sys/vm/nr_hugepages "
					  "says how many there are)");
	if (!reserve_again(start, bytes))
		return false;
	topology_bind(start, bytes, backing->node);
	madvise(start, bytes, MADV_NOHUGEPAGE);
	return true;
}

// The same for this part and all that follow.
static bool huge_end(struct backing *backing, char *start)
{
	if (!huge_replace(backing, start, (size_t)(backing->start + backing->bytes - start)))
		return false;
	backing->small_from = start;
	return true;
}

// ---- transparent huge pages

static bool setting_has(const char *path, const char *word)
{
	char text[128] = "";
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool has = file >= 0 && read(file, text, sizeof(text) - 1) > 0 && strstr(text, word);

	if (file >= 0)
		close(file);
	return has;
}

// Newer kernels have a setting for each size, which may follow the common one ("inherit").
static bool transparent_are_off(void)
{
	static const char own[] = THP_SETTINGS "hugepages-2048kB/enabled";

	if (setting_has(own, "[always]") || setting_has(own, "[madvise]"))
		return false;
	return setting_has(own, "[never]") || setting_has(THP_SETTINGS "enabled", "[never]");
}

static void transparent_advise(struct backing *backing)
{
	bool are_off = transparent_are_off();

	if (!are_off && madvise(backing->start, backing->bytes, MADV_HUGEPAGE) == 0)
		return;
	report("backing=thp: %s; pages of 4 KiB are used",
		are_off ? "the system's setting is 'never' (" THP_SETTINGS "enabled)"
			: "this kernel has no transparent huge pages");
	kind = SLAB_BACKING_4K;
}

// ---- all kinds

void backing_init(struct backing *backing, char *start, size_t bytes, unsigned node)
{
	*backing =
		(struct backing){.start = start, .bytes = bytes, .node = node, .small_from = start};
	if (kind == SLAB_BACKING_HUGETLB && !huge_map(backing)) {
		report("backing=hugetlb: this kernel maps no huge pages of 2 MiB (%s); pages of "
		       "4 KiB are used",
			strerrorname_np(errno));
		kind = SLAB_BACKING_4K;
	}
	// Before the first touch, or it would not move anything; as a whole, or it would cut the
	// mapping.
	topology_bind(start, bytes, node);
	if (kind == SLAB_BACKING_THP)
		transparent_advise(backing);
	if (kind == SLAB_BACKING_4K)
		madvise(start, bytes, MADV_NOHUGEPAGE); // refused where there are none anyway
}

bool backing_commit(struct backing *backing, char *start, size_t bytes)
{
	if (!is_huge(backing, start))
		return reserve_commit(start, bytes);
	return huge_populate(start, bytes) ||
	       (huge_end(backing, start) && reserve_commit(start, bytes));
}

bool backing_needs_restore(const struct backing *backing, const char *start)
{
	return is_huge(backing, start);
}

bool backing_return(struct backing *backing, char *start, size_t bytes)
{
	bool is_refused;

	if (is_huge(backing, start) && is_set(&huge.are_kept))
		return false;
	is_refused = madvise(start, bytes, MADV_DONTNEED) != 0;
	if (is_refused && is_huge(backing, start) && set_once(&huge.are_kept))
		report("return: this kernel takes no explicit huge pages back (%s); Linux 5.18 "
		       "does",
			strerrorname_np(errno));
	return !is_refused;
}

void backing_populate(const struct backing *backing, char *start, size_t bytes)
{
	int error = errno;

	if (kind == SLAB_BACKING_THP || is_huge(backing, start) || is_set(&cannot_populate))
		return;
	if (madvise(start, bytes, MADV_POPULATE_WRITE) != 0)
		set_once(&cannot_populate);
	errno = error;
}

bool backing_restore(struct backing *backing, char *start, size_t bytes)
{
	return huge_populate(start, bytes) ||
	       (huge_replace(backing, start, bytes) && reserve_commit(start, bytes));
}
