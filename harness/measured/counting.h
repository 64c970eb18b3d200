// SPDX-License-Identifier: GPL-2.0-or-later
// Counters of a measured program: what --slabmark_counters= asked for, tried on this machine, and
// told to those who want to know.
#ifndef HARNESS_MEASURED_COUNTING_H
#define HARNESS_MEASURED_COUNTING_H

#include <jansson.h>

#include "harness/counters/counters.h"
#include "harness/place/placement.h"

// Tries what was chosen, on CPUs of the sites.
void counting_probe(struct counters *counters, const struct sites *sites);

// What is counted, and by which event with which encoding, or why a counter is not: texts for the
// report's context, "NAME = EVENT; …" and "NAME: why; …". The caller's; NULL where there is none, or
// no memory.
char *counting_taken(const struct counters *counters);
char *counting_absent(const struct counters *counters);

// Of --slabmark_list_counters; all presets where nothing was chosen. A new reference.
json_t *counting_list(const struct counters *counters);

// The list that names every preset.
const char *counting_everything(void);

#endif
