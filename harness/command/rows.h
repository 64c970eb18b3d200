// SPDX-License-Identifier: GPL-2.0-or-later
// Rows that the option tables of several commands share: one option, one name, one range, and one
// sentence wherever it means the same. What differs from command to command is an argument: texts
// are string literals, which the help's sentence is made of.
#ifndef HARNESS_COMMAND_ROWS_H
#define HARNESS_COMMAND_ROWS_H

#include "harness/command_line/command_line.h"

// The largest whole number that a double, as an option's range is one, tells from its neighbours; a
// seed may be 2^53 too.
#define ROW_INTEGER_MAX 9007199254740991
#define ROW_SEED_MAX    9007199254740992

// ---- what is measured

#define ROW_CONFIG(sentence)                                                                       \
	{                                                                                          \
		.name = "config", .kind = OPTION_TEXT, .argument = "CONFIG",                       \
		.default_text = "default", .help = sentence                                        \
	}

#define ROW_WORKLOADS(sentence)                                                                    \
	{                                                                                          \
		.name = "workload", .kind = OPTION_LIST, .argument = "WORKLOAD,...",               \
		.help = sentence                                                                   \
	}

#define ROW_SET                                                                                    \
	{                                                                                          \
		.name = "set", .kind = OPTION_REPEATED, .argument = "WORKLOAD.PARAMETER=VALUE",    \
		.help = "Sets a parameter of a workload; 'slabmark list workloads' shows them. "   \
			"Several values are measured one by one: 64,192, or 64..4096*2, or "       \
			"10..50+20."                                                               \
	}

// Where measured threads run.
#define ROW_CPUS                                                                                   \
	{                                                                                          \
		.name = "cpus", .kind = OPTION_TEXT, .argument = "LIST",                           \
		.help = "Measures on these CPUs alone: 0-3,8 or +0-1 as numactl names them, "      \
			"node:0.core:0-3 as hwloc-calc does, 0x0f as taskset."                     \
	}
#define ROW_CPU_KIND                                                                               \
	{                                                                                          \
		.name = "cpu-kind", .kind = OPTION_TEXT, .argument = "KIND",                       \
		.help = "Of a hybrid processor's cores: a kind that 'slabmark doctor' names; the " \
			"fastest when not given. Kinds are never mixed."                           \
	}

// How many threads, where they run, and whose memory they use.
#define ROW_THREADS                                                                                \
	{                                                                                          \
		.name = "threads", .kind = OPTION_TEXT, .argument = "NUMBER,...",                  \
		.help = "Runs each workload with these numbers of threads: 4, or 1,2,4, or "       \
			"1..all, which doubles up to the number of CPUs. They are shared out to "  \
			"the workload's roles; --set=handover.producers=3 sets one role."          \
	}
#define ROW_PLACE                                                                                  \
	{                                                                                          \
		.name = "place", .kind = OPTION_TEXT, .argument = "PLACEMENT,...",                 \
		.choices = "same-cpu|smt|same-cache|same-node|node-near|node-far|compact|spread|"  \
			   "matrix|all",                                                           \
		.help = "How the threads lie to each other: same-cpu, smt, same-cache, "           \
			"same-node, node-near, node-far, compact, spread; all of these; matrix, "  \
			"from each node to each node; or CPUs as --cpus has them, one for each "   \
			"thread. 'slabmark list placements' shows which there are here."           \
	}
#define ROW_MEMORY                                                                                 \
	{                                                                                          \
		.name = "memory", .kind = OPTION_TEXT, .argument = "POLICY",                       \
		.choices = "bind|local|interleave|preferred",                                      \
		.help = "Where memory comes from, as numactl has it: bind (each thread's node "    \
			"alone, as when not given), local, interleave, preferred; and perhaps "    \
			":NODES, as in interleave:0-1."                                            \
	}
#define ROW_FILTER                                                                                 \
	{                                                                                          \
		.name = "filter", .kind = OPTION_TEXT, .argument = "REGEX",                        \
		.help = "Leaves out benchmarks whose name this extended regular expression does "  \
			"not match, as Google Benchmark's --benchmark_filter does; with a - "      \
			"before it those that it matches."                                         \
	}

#define ROW_ROUNDS(number, least, sentence)                                                        \
	{                                                                                          \
		.name = "rounds", .kind = OPTION_INTEGER, .argument = "N", .default_text = number, \
		.minimum = (least), .maximum = 100000, .help = sentence                            \
	}

#define ROW_MIN_TIME(more)                                                                         \
	{                                                                                          \
		.name = "min-time", .kind = OPTION_REAL, .argument = "SECONDS",                    \
		.default_text = "0.1", .minimum = 0.000001, .maximum = 3600,                       \
		.help = "How long a process measures each of its benchmarks, at least" more "."    \
	}

// what: "A process"; then: "failed".
#define ROW_TIMEOUT(what, then)                                                                    \
	{                                                                                          \
		.name = "timeout", .kind = OPTION_REAL, .argument = "SECONDS",                     \
		.default_text = "300", .minimum = 0.001, .maximum = 86400,                         \
		.help = what " that has not ended by then is stopped and counts as " then "."      \
	}

// Only one session measures on a machine at a time.
#define ROW_IF_BUSY                                                                                \
	{                                                                                          \
		.name = "if-busy", .kind = OPTION_CHOICE, .choices = "wait|refuse",                \
		.default_text = "wait",                                                            \
		.help = "What to do where another session measures on this machine: wait for its " \
			"end, or end with status 3."                                               \
	}
// Whoever measures may refuse a noisy machine.
#define ROW_REQUIRE_QUIET                                                                          \
	{                                                                                          \
		.name = "require-quiet", .kind = OPTION_SWITCH,                                    \
		.help = "Measures nothing where 'slabmark doctor' finds anything bad on this "     \
			"machine, and says what."                                                  \
	}
#define ROW_SEED                                                                                   \
	{                                                                                          \
		.name = "seed", .kind = OPTION_INTEGER, .argument = "N", .minimum = 0,             \
		.maximum = ROW_SEED_MAX,                                                           \
		.help = "Draws the order, the environment's sizes and the workloads' random "      \
			"numbers; a new one is drawn when not given."                              \
	}

// What every command that measures takes, in two groups: run_settings_read() asks for all of it.
#define ROWS_SESSION ROW_SEED, ROW_REQUIRE_QUIET, ROW_IF_BUSY
#define ROWS_BENCHMARKS                                                                            \
	ROW_SET, ROW_THREADS, ROW_PLACE, ROW_MEMORY, ROW_FILTER, ROW_CPUS, ROW_CPU_KIND

// ---- the store and what of it

// which: " that …", or nothing; more: "; made when missing", or nothing.
#define ROW_DB(which, more)                                                                        \
	{                                                                                          \
		.name = "db", .kind = OPTION_TEXT, .argument = "PATH",                             \
		.default_text = "slabmark.db",                                                     \
		.help = "The store" which ": a file, or postgresql://HOST/DATABASE" more "."       \
	}

#define ROW_DB_FILLED ROW_DB(" that 'slabmark run' filled", "")

#define ROW_SESSION(sentence)                                                                      \
	{                                                                                          \
		.name = "session", .kind = OPTION_INTEGER, .argument = "N", .minimum = 1,          \
		.maximum = ROW_INTEGER_MAX, .help = sentence                                       \
	}

#define ROW_BASE(sentence)                                                                         \
	{                                                                                          \
		.name = "base", .kind = OPTION_TEXT, .argument = "CONFIG",                         \
		.default_text = "default", .help = sentence                                        \
	}

// ---- how it is judged and shown

// when: ", with --until=verdict", or nothing.
#define ROW_MARGIN(least, when)                                                                    \
	{                                                                                          \
		.name = "margin", .kind = OPTION_REAL, .argument = "PERCENT", .minimum = (least),  \
		.maximum = 100,                                                                    \
		.help = "Differences within it are too little to care about" when                  \
			"; what 'slabmark calibrate' found for each series when not given, 2 "     \
			"where it found nothing."                                                  \
	}

#define ROW_ALPHA(sentence)                                                                        \
	{                                                                                          \
		.name = "alpha", .kind = OPTION_REAL, .argument = "SHARE", .default_text = "0.05", \
		.minimum = 0.000001, .maximum = 0.5, .help = sentence                              \
	}

#define ROW_FORMAT(words, first, sentence)                                                         \
	{                                                                                          \
		.name = "format", .kind = OPTION_CHOICE, .argument = "FORMAT", .choices = words,   \
		.default_text = first, .help = sentence                                            \
	}

#define ROW_FORMAT_TEXT_JSON                                                                       \
	ROW_FORMAT("text|json", "text", "Lines for people or JSON for programs.")

// ---- what an inspecting program is told

// more: a further sentence after a blank, or nothing.
#define ROW_BOOT_OPTION(more)                                                                      \
	{                                                                                          \
		.name = "option", .kind = OPTION_REPEATED, .argument = "NAME=VALUE",               \
		.help = "Sets what the kernel's boot options set: slab_max_order, init_on_free "   \
			"and so on." more                                                          \
	}

#endif
