// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator writes its messages to standard error, a line at a time. Each begins with "slab: ".
#ifndef SLAB_HOST_REPORT_H
#define SLAB_HOST_REPORT_H

// A misuse or a warning: one line, without allocating memory. errno is kept.
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

// A broken invariant of the allocator itself, or SLAB_PANIC: the line, then abort().
__attribute__((format(printf, 1, 2), noreturn)) void report_fatal(const char *format, ...);

#endif
