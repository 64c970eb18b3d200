// SPDX-License-Identifier: GPL-2.0-or-later
// The geometry table: one row a request, the created cache behind it, in the columns that the
// ground truth has.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "host/topology.h"
#include "inspect/flags.h"
#include "inspect/inspect.h"
#include "types.h"

#define FIELDS_MAX 64

// The columns of a cache that was refused, behind err.
#define NO_CACHE "\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-"

static const char *const columns[] = {"size", "align", "flags", "ctor"};

enum column { COLUMN_SIZE, COLUMN_ALIGN, COLUMN_FLAGS, COLUMN_CTOR, COLUMNS };

struct request {
	const char *text[COLUMNS]; // as it was written, to be printed back
	unsigned size;
	unsigned align;
	slab_flags_t flags;
	bool has_ctor;
};

// Where the reader is, and which field holds which column.
struct table {
	const char *name;
	unsigned long line;
	unsigned field[COLUMNS];
	unsigned long rows_bad;
};

static bool complain(struct table *table, const char *what, const char *text)
{
	fprintf(stderr, "slabmark geometry: %s:%lu: %s '%s'\n", table->name, table->line, what,
		text);
	table->rows_bad++;
	return false;
}

// Splits a line in place. Returns the number of fields.
static unsigned split(char *line, char *fields[FIELDS_MAX])
{
	unsigned count = 0;
	char *rest = line;

	line[strcspn(line, "\r\n")] = '\0';
	while (rest && count < FIELDS_MAX)
		fields[count++] = strsep(&rest, "\t");
	return count;
}

static bool read_header(struct table *table, char *line)
{
	char *fields[FIELDS_MAX];
	unsigned count = split(line, fields);

	for (unsigned column = 0; column < COLUMNS; column++) {
		unsigned i = 0;

		while (i < count && strcmp(fields[i], columns[column]) != 0)
			i++;
		if (i == count)
			return complain(table,
				"the header line, which names the columns by tabs, lacks",
				columns[column]);
		table->field[column] = i;
	}
	return true;
}

static bool parse_flags(struct table *table, const char *text, slab_flags_t *flags)
{
	char name[64];
	const char *bad;

	if (cache_flags_parse(text, flags, &bad))
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(bad, "|"), bad);
	return complain(table, "flags: neither 'none', a name of SLAB_… nor 0x… bits:", name);
}

static bool parse_request(struct table *table, char *line, struct request *request)
{
	char *fields[FIELDS_MAX];
	const char **text = request->text;
	unsigned count = split(line, fields);
	uint64_t size, align;

	for (unsigned column = 0; column < COLUMNS; column++) {
		if (table->field[column] >= count)
			return complain(table, "the row ends before the column", columns[column]);
		text[column] = fields[table->field[column]];
	}
	if (!number_parse(text[COLUMN_SIZE], UINT32_MAX, &size))
		return complain(table, "size: no number from 0 to 4294967295:", text[COLUMN_SIZE]);
	if (!number_parse(text[COLUMN_ALIGN], UINT32_MAX, &align))
		return complain(
			table, "align: no number from 0 to 4294967295:", text[COLUMN_ALIGN]);
	if (strcmp(text[COLUMN_CTOR], "0") != 0 && strcmp(text[COLUMN_CTOR], "1") != 0)
		return complain(table, "ctor: neither 0 nor 1:", text[COLUMN_CTOR]);
	request->size = (unsigned)size;
	request->align = (unsigned)align;
	request->has_ctor = *text[COLUMN_CTOR] == '1';
	return parse_flags(table, text[COLUMN_FLAGS], &request->flags);
}

static const char *placement_name(const struct kmem_cache *cache)
{
	if (cache->flags & CFLGS_OBJFREELIST_SLAB)
		return "objfreelist";
	return (cache->flags & CFLGS_OFF_SLAB) ? "offslab" : "onslab";
}

static void print_free_limits(FILE *output, const struct kmem_cache *cache)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		fprintf(output, "%s%u", node ? "," : "\t", cache->node[node]->free_limit);
}

static void print_cache(FILE *output, const struct kmem_cache *cache)
{
	fprintf(output, "\t0\t%u\t%u\t%u\t%u\t%u\t%u\t%u\t%s\t%u\t%s\t%u\t%u\t%u",
		cache->object_size, cache->size, cache->align, cache->num, cache->gfporder,
		cache->colour, cache->colour_off, placement_name(cache), cache->freelist_size,
		cache->freelist_cache ? cache->freelist_cache->name : "-", cache->limit,
		cache->batchcount, cache->shared);
	print_free_limits(output, cache);
	fprintf(output, "\t0x%08x\t0x%x\t%u\t%d\t%d\t%d\t%u\n", cache->flags, cache->allocflags,
		cache->obj_offset, cache->redzone1, cache->redzone2, cache->userword,
		cache->left_over);
}

static void construct_nothing(void *object)
{
	(void)object;
}

static void print_row(FILE *output, const struct request *request)
{
	struct kmem_cache *cache;
	int error = 0;

	for (unsigned column = 0; column < COLUMNS; column++)
		fprintf(output, "%s%s", column ? "\t" : "", request->text[column]);
	pthread_mutex_lock(&slab_mutex);
	cache = cache_create(&(struct cache_request){.name = "geometry",
				     .size = request->size,
				     .align = request->align,
				     .flags = request->flags,
				     .ctor = request->has_ctor ? construct_nothing : NULL},
		&error);
	pthread_mutex_unlock(&slab_mutex);
	if (!cache) {
		fprintf(output, "\t%d" NO_CACHE "\n", error);
		return;
	}
	print_cache(output, cache);
	kmem_cache_destroy(cache);
}

int inspect_geometry(FILE *input, const char *name, FILE *output)
{
	struct table table = {.name = name, .line = 1};
	unsigned long rows_good = 0;
	char *line = NULL;
	size_t size = 0;
	int status = INSPECT_WRONG_USE;

	if (getline(&line, &size, input) < 0) {
		complain(&table, "nothing to read; a header line is needed with the columns",
			"size align flags ctor");
		goto out;
	}
	if (!read_header(&table, line))
		goto out;
	fputs("size\talign\tflags\tctor\terr\tobject_"
	      "size\tosize\toalign\tnum\tgfporder\tcolour\tcolour_off\t"
	      "placement\tfreelist_size\tfreelist_cache\tlimit\tbatchcount\tshared\tfree_"
	      "limit\tcache_flags\t"
	      "allocflags\tobj_offset\tredzone1\tredzone2\tuserword\tleft_over\n",
		output);
	while (getline(&line, &size, input) >= 0) {
		struct request request;

		table.line++;
		if (line[strspn(line, " \t\r\n")] == '\0')
			continue;
		if (!parse_request(&table, line, &request))
			continue;
		print_row(output, &request);
		rows_good++;
	}
	status = INSPECT_GOOD;
	if (table.rows_bad) {
		fprintf(stderr,
			"slabmark geometry: %s: %lu rows could not be read; the other %lu are "
			"printed\n",
			name, table.rows_bad, rows_good);
		status = INSPECT_WRONG_USE;
	}
out:
	free(line);
	return status;
}
