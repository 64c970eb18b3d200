// SPDX-License-Identifier: GPL-2.0-or-later
// slabmark-inspect-<config>: what the allocator of one config does, seen from inside. `slabmark
// geometry` runs it.
#include "inspect.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

// The machine that the ground truth was taken on: 4 nodes of 2 CPUs. Geometry depends on it in
// free_limit alone.
#define REFERENCE_TOPOLOGY   "node:4 core:2 pu:1"
#define REFERENCE_CACHE_LINE 64

static const char usage[] = "usage: slabmark-inspect-" SLAB_CONFIG_NAME
			    " geometry [--option=NAME=VALUE]... [--topology=T] [FILE]\n"
			    "Prints the geometry of a cache for each row of `size align flags "
			    "ctor` in FILE (or standard input).\n"
			    "  --option=NAME=VALUE  a boot option of the allocator, such as "
			    "slab_max_order=3 or init_on_free=1\n"
			    "  --topology=T         machine, an hwloc synthetic description or XML "
			    "file; default: " REFERENCE_TOPOLOGY "\n";

static int complain_option(const char *name, const char *value, int error)
{
	if (error != -ENOENT) {
		fprintf(stderr, "slabmark geometry: --option: '%s' is no value for %s\n",
			value ? value : "", name);
		return INSPECT_WRONG_USE;
	}
	fprintf(stderr, "slabmark geometry: --option: no option is called '%s'; there are", name);
	for (const char *const *known = slab_option_names(); *known; known++)
		fprintf(stderr, " %s", *known);
	fputs("\n", stderr);
	return INSPECT_WRONG_USE;
}

static int set_option(struct slab_options *options, char *word)
{
	char *value = strchr(word, '=');
	int error;

	if (value)
		*value++ = '\0';
	error = slab_options_set(options, word, value);
	return error ? complain_option(word, value, error) : INSPECT_GOOD;
}

static int parse(int argc, char **argv, struct slab_options *options)
{
	static const struct option known[] = {{"option", required_argument, NULL, 'o'},
		{"topology", required_argument, NULL, 't'}, {"help", no_argument, NULL, 'h'}, {0}};
	int status, option;

	while ((option = getopt_long(argc, argv, "ho:t:", known, NULL)) != -1) {
		switch (option) {
		case 'o':
			status = set_option(options, optarg);
			if (status)
				return status;
			break;
		case 't':
			options->topology = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		default:
			fputs(usage, stderr);
			return INSPECT_WRONG_USE;
		}
	}
	return INSPECT_GOOD;
}

static int run_geometry(const char *path)
{
	bool is_standard = !path || strcmp(path, "-") == 0;
	FILE *input = is_standard ? stdin : fopen(path, "re");
	int status;

	if (!input) {
		fprintf(stderr, "slabmark geometry: %s: %s\n", path, strerror(errno));
		return INSPECT_WRONG_USE;
	}
	status = inspect_geometry(input, is_standard ? "standard input" : path, stdout);
	if (ferror(input)) {
		fprintf(stderr, "slabmark geometry: %s: %s\n", path ? path : "standard input",
			strerror(errno));
		status = INSPECT_NOT_DONE;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "slabmark geometry: cannot write the rows: %s\n", strerror(errno));
		status = INSPECT_NOT_DONE;
	}
	if (!is_standard)
		fclose(input);
	return status;
}

int main(int argc, char **argv)
{
	struct slab_options options;
	int status;

	if (argc < 2 || (strcmp(argv[1], "geometry") != 0 && strcmp(argv[1], "--help") != 0)) {
		fputs(usage, stderr);
		return INSPECT_WRONG_USE;
	}
	if (slab_options_default(&options))
		return INSPECT_WRONG_USE;
	options.slab_nomerge = true; // each row is a cache of its own
	options.cache_line = options.cache_line ? options.cache_line : REFERENCE_CACHE_LINE;
	options.topology = options.topology ? options.topology : REFERENCE_TOPOLOGY;
	if (strcmp(argv[1], "--help") != 0) {
		argv++;
		argc--;
	}
	status = parse(argc, argv, &options);
	if (status)
		return status < 0 ? INSPECT_GOOD : status;
	if (argc - optind > 1) {
		fprintf(stderr, "slabmark geometry: one FILE at most, not also '%s'\n",
			argv[optind + 1]);
		return INSPECT_WRONG_USE;
	}
	status = slab_init(&options);
	if (status) {
		fprintf(stderr, "slabmark geometry: the allocator does not start: %s\n",
			strerror(-status));
		return status == -EINVAL ? INSPECT_WRONG_USE : INSPECT_NOT_DONE;
	}
	return run_geometry(argv[optind]);
}
