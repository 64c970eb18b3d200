// SPDX-License-Identifier: GPL-2.0-or-later
// The sizes of large blocks that came back, and which of them were wanted again too soon.
#include "malloc/regret.h"

// The size's place, or the one to be overwritten.
static struct regret_size *place_of(struct regret *regret, size_t bytes)
{
	struct regret_size *oldest = &regret->size[0];

	for (unsigned i = 0; i < REGRET_SIZES; i++) {
		struct regret_size *size = &regret->size[i];

		if (size->bytes == bytes)
			return size;
		if (size->returned_ns < oldest->returned_ns)
			oldest = size;
	}
	return oldest;
}

bool regret_note_return(struct regret *regret, size_t bytes, uint64_t now_ns)
{
	struct regret_size *size = place_of(regret, bytes);

	if (size->bytes != bytes)
		*size = (struct regret_size){.bytes = bytes};
	size->returned_ns = now_ns;
	return size->is_regretted;
}

void regret_note_use(struct regret *regret, size_t bytes, size_t most, uint64_t now_ns)
{
	for (unsigned i = 0; i < REGRET_SIZES; i++) {
		struct regret_size *size = &regret->size[i];

		if (size->bytes >= bytes && size->bytes <= most &&
			now_ns - size->returned_ns <= REGRET_NS)
			size->is_regretted = true;
	}
}

void regret_end(struct regret *regret, size_t bytes)
{
	struct regret_size *size = place_of(regret, bytes);

	if (size->bytes == bytes)
		size->is_regretted = false;
}
