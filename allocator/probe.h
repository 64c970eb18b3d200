// SPDX-License-Identifier: GPL-2.0-or-later
// Static probes on slow paths, for perf, bpftrace and SystemTap: provider `slab`, a nop each until
// somebody looks. README.md lists them. A build without <sys/sdt.h> has none.
#ifndef SLAB_PROBE_H
#define SLAB_PROBE_H

#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#else
#define DTRACE_PROBE4(provider, name, one, two, three, four)       ((void)(four))
#define DTRACE_PROBE5(provider, name, one, two, three, four, five) ((void)(four), (void)(five))
#endif

// The cache, its name, the node, how many.
#define PROBE(probe, cache, node, count)                                                           \
	DTRACE_PROBE4(slab, probe, cache, (cache)->name, (unsigned)(node), (unsigned long)(count))

// The same, with the objects' home behind the node.
#define PROBE_ALIEN(probe, cache, node, home, count)                                               \
	DTRACE_PROBE5(slab, probe, cache, (cache)->name, (unsigned)(node), (unsigned)(home),       \
		(unsigned long)(count))

#endif
