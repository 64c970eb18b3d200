// SPDX-License-Identifier: GPL-2.0-or-later
// What a pull request should know, as Markdown.
#ifndef RESULTS_SITE_SUMMARY_H
#define RESULTS_SITE_SUMMARY_H

#include <stdio.h>

#include <jansson.h>

// Prints the nights of a site's index.
void summary_print(const json_t *index, FILE *output);

#endif
