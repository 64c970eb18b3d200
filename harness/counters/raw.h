// SPDX-License-Identifier: GPL-2.0-or-later
// Raw codes as perf writes them: r1a8, 0x1a8, cpu/r1a8/, cpu/config=0x1a8/ and
// cpu/event=0xa8,umask=0x1/, the last by the format that the kernel tells of its PMU.
#ifndef HARNESS_COUNTERS_RAW_H
#define HARNESS_COUNTERS_RAW_H

#include <stdbool.h>
#include <stdint.h>

struct raw_code {
	uint32_t type; // of the PMU
	uint64_t config[3]; // config, config1, config2
};

// Whether a name has the form of a raw code, right or wrong.
bool raw_is_code(const char *name);
// devices: the folder of the kernel's PMUs; NULL for the real one. False: the code or its PMU is
// none of this machine.
bool raw_find(const char *name, const char *devices, struct raw_code *code);

#endif
