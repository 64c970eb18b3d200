// SPDX-License-Identifier: GPL-2.0-or-later
// What a pull request should know, as Markdown.
#ifndef RESULTS_SITE_SUMMARY_H
#define RESULTS_SITE_SUMMARY_H

#include <stdio.h>

#include <jansson.h>

// Prints the nights of a site's index.
void summary_print(const json_t *index, FILE *output);

// "against the 7 sessions before: 1 regression, 9 equivalent", of a night's gate. In HTML, too: these words need
// no escaping.
void summary_counts(const json_t *gate, FILE *output);

#endif
