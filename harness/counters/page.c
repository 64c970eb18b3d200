// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's protocol for reads in user space (perf_event_open(2), struct perf_event_mmap_page):
// the page's lock changes whenever the event changes, and a read that overlaps a change is repeated.
#include "page.h"

// The register is narrower than 64 bits, and the kernel's offset counts on its sign.
static uint64_t extend(uint64_t value, unsigned width)
{
	unsigned shift = 64 - width;

	return width == 0 || width >= 64 ? value : (uint64_t)((int64_t)(value << shift) >> shift);
}

static void barrier(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

bool page_read(const struct system_calls *calls, const struct perf_event_mmap_page *page,
	struct reading *reading)
{
	const volatile struct perf_event_mmap_page *shared = page;
	uint32_t sequence;

	do {
		sequence = shared->lock;
		barrier();
		uint32_t index = shared->index;
		if (!shared->cap_user_rdpmc || index == 0)
			return false;
		reading->enabled_ns = shared->time_enabled;
		reading->running_ns = shared->time_running;
		reading->value = (uint64_t)shared->offset +
				 extend(calls->register_read(index - 1), shared->pmc_width);
		barrier();
	} while (shared->lock != sequence);
	return true;
}
