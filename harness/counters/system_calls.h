// SPDX-License-Identifier: GPL-2.0-or-later
// The edge to the kernel and the processor: everything that counting asks of them goes through one
// table of function pointers, so that a test can be a kernel that refuses, runs dry or lies.
#ifndef HARNESS_COUNTERS_SYSTEM_CALLS_H
#define HARNESS_COUNTERS_SYSTEM_CALLS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct system_calls {
	// perf_event_open(2) of the calling thread on any CPU; -1 and errno.
	int (*open)(struct perf_event_attr *attributes, int group);
	ssize_t (*read)(int fd, void *buffer, size_t size);
	int (*ioctl)(int fd, unsigned long request, unsigned long argument);
	// The event's first page, for reads in user space; NULL: there is none.
	struct perf_event_mmap_page *(*map)(int fd);
	void (*unmap)(struct perf_event_mmap_page *page);
	int (*close)(int fd);
	// A counter's register, numbered as the page numbers it. Only where the page allows.
	uint64_t (*register_read)(uint32_t index);
	// A number in a file below /proc/sys; a value of INT_MIN: it cannot be read.
	int (*setting)(const char *path);
	// Whether the kernel lists a processor's PMU at all.
	bool (*has_pmu)(void);
};

extern const struct system_calls system_calls_real;

#endif
