// SPDX-License-Identifier: GPL-2.0-or-later
// The host of a document that another program wrote, as a machine of the store.
#ifndef RESULTS_EXCHANGE_HOST_H
#define RESULTS_EXCHANGE_HOST_H

#include <jansson.h>

// The member of a context that keeps the digest of the file it came from.
#define IMPORT_DIGEST "file_digest"

// A shallow copy of the document whose context also has the file's digest (NULL: none), and a
// "machine" and a "topology_summary" made of what it says of its host, where it names no machine
// but its host or its processors. The caller's; NULL: no memory.
json_t *host_document(const json_t *document, const char *digest);

#endif
