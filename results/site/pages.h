// SPDX-License-Identifier: GPL-2.0-or-later
// The HTML around a site's data: as a folder of files, or as one file.
#ifndef RESULTS_SITE_PAGES_H
#define RESULTS_SITE_PAGES_H

#include <stdio.h>

#include "site.h"

// Writes index.html, tables.html, the script, the style and all chunks into the folder.
bool pages_write_folder(struct site *site, const json_t *index);
// Writes everything as one file.
bool pages_write_file(struct site *site, const json_t *index);

// Prints what a reader without JavaScript gets: what changed last night, and how the configs compare;
// with everything also each row, series, change and session.
void tables_print(const struct site *site, const json_t *index, bool with_everything, FILE *output);

#endif
