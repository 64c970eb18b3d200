// SPDX-License-Identifier: GPL-2.0-or-later
// Single charts as SVG, for documents: of report_chart().
#ifndef RESULTS_SITE_CHART_H
#define RESULTS_SITE_CHART_H

#include <stdio.h>

#include "site.h"

// False: site->problem says that there is no such chart, and which there are.
bool chart_print(struct site *site, const char *name, FILE *output);

#endif
