// SPDX-License-Identifier: GPL-2.0-or-later
// Names as asv wants them: a benchmark's without slashes, a parameter's value as Python would print
// it, and parts of paths that stay where they are put.
#ifndef RESULTS_EXCHANGE_ASV_NAME_H
#define RESULTS_EXCHANGE_ASV_NAME_H

#include <jansson.h>

// {"benchmark": NAME, "parameters": {KEY: VALUE as Python prints it}} of "NAME/KEY:VALUE/…". What
// has no colon, or a key that was there already, belongs to the name. NULL when memory runs out or
// the name is no UTF-8.
json_t *asv_name_split(const char *series);

// A text as part of a file's name: letters, digits and . _ + -, never a dot first. Where that
// changes it, or it is too long, a hash of the whole follows, so that two texts stay two. Owned by
// the caller; NULL when memory runs out.
char *asv_path_part(const char *text);

#endif
