// SPDX-License-Identifier: GPL-2.0-or-later
// A digest of bytes, by which a file is known again. Not for secrets.
#ifndef RESULTS_TEXT_DIGEST_H
#define RESULTS_TEXT_DIGEST_H

#include <stddef.h>

enum { DIGEST_SIZE = 33 }; // 32 digits

void digest_make(const void *bytes, size_t size, char text[DIGEST_SIZE]);

#endif
