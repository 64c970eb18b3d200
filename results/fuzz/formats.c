// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: result files of other programs. What is accepted is documents, and each of them can be
// mended or is refused with a reason.
#include <stdlib.h>
#include <string.h>

#include "results/document/document.h"
#include "results/document/foreign.h"
#include "results/exchange/formats.h"
#include "target.h"

static void check_rows(const struct foreign *foreign)
{
	size_t count = json_array_size(json_object_get(foreign->document, "benchmarks"));

	for (size_t i = 0; i < count; i++) {
		struct document_sample sample;
		struct problem problem = {0};

		if (!document_sample_read_foreign(foreign->document, i, &sample, &problem))
			fuzz_fail("a row that was mended cannot be read: %s", problem.text);
		document_sample_clear(&sample);
	}
}

static void check_document(const json_t *document)
{
	struct foreign foreign;
	struct problem problem = {0};

	if (foreign_read(document, &foreign, &problem))
		check_rows(&foreign);
	else
		fuzz_check_problem(&problem);
	foreign_clear(&foreign);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = {0};
	char *text = fuzz_copy(data, size);
	json_t *documents = formats_read(text, size, "input", &problem);
	const json_t *document;
	size_t i;

	if (!documents)
		fuzz_check_problem(&problem);
	json_array_foreach(documents, i, document) check_document(document);
	json_decref(documents);
	free(text);
	return 0;
}
