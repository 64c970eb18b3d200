// SPDX-License-Identifier: GPL-2.0-or-later
// slabmark-resident-<config>: how much memory a million live objects really take, as the kernel
// counts it, beside what their slabs hold. The part above 1 is page descriptors, arrays, and slabs
// of the allocator's own.
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <slab/slab.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CACHE_NAME "resident"
#define MIB        (1024.0 * 1024.0)

enum { EXIT_ABOVE_LIMIT = 1, EXIT_WRONG_USE = 2, EXIT_NOT_MEASURED = 3 };

struct request {
	size_t objects;
	unsigned size;
	double limit; // of resident / slabs; 0: none
};

struct figures {
	size_t payload; // bytes asked for
	size_t slabs; // bytes of the cache's slabs; 0 where the allocator has none
	size_t resident; // bytes that the process has grown by
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail(
	int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "slabmark-resident-%s: ", slab_config_name());
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(status);
}

// ---- what the kernel counts

// smaps_rollup walks the page tables; statm's figure may lag by a batch of pages a CPU.
static size_t resident_now(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	unsigned long kib = 0;
	char line[256];

	if (!file)
		fail(EXIT_NOT_MEASURED, "/proc/self/smaps_rollup: %s", strerror(errno));
	while (kib == 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, "Rss:", 4) == 0)
			kib = strtoul(line + 4, NULL, 10);
	fclose(file);
	if (kib == 0)
		fail(EXIT_NOT_MEASURED, "/proc/self/smaps_rollup says nothing of Rss");
	return kib * 1024;
}

// The words of a line of slabinfo, counted from 0.
enum { SLABINFO_PAGES_PER_SLAB = 5, SLABINFO_SLABS = 14 };

static unsigned long number_at(const char *line, unsigned word)
{
	unsigned long number;

	for (; word > 0; word--) {
		line += strcspn(line, " \n");
		line += strspn(line, " ");
	}
	number = strtoul(line, NULL, 10);
	if (number == 0)
		fail(EXIT_NOT_MEASURED, "slabinfo's line of the cache can't be read");
	return number;
}

// Slabs times slab size, by slabinfo; 0 for an allocator that has no slabs.
static size_t slabs_now(void)
{
	size_t length, bytes = 0;
	char *text = NULL, *line;
	FILE *memory = open_memstream(&text, &length);

	if (!memory)
		fail(EXIT_NOT_MEASURED, "no memory for slabinfo");
	if (slabinfo_show(memory) == 0) {
		fflush(memory);
		line = strstr(text, "\n" CACHE_NAME " ");
		if (!line)
			fail(EXIT_NOT_MEASURED, "slabinfo has no line of the cache");
		bytes = number_at(line + 1, SLABINFO_PAGES_PER_SLAB) *
			number_at(line + 1, SLABINFO_SLABS) * 4096;
	}
	fclose(memory);
	free(text);
	return bytes;
}

// ---- the measurement

// Pointers that are resident before anything is counted, in memory that is no allocator's.
static void **pointers_make(size_t count)
{
	void **objects = mmap(NULL, count * sizeof(*objects), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (objects == MAP_FAILED)
		fail(EXIT_NOT_MEASURED, "no memory for %zu pointers: %s", count, strerror(errno));
	return objects;
}

static struct kmem_cache *cache_make(const struct request *request)
{
	struct slab_options options;
	struct kmem_cache *cache;
	int error = slab_options_default(&options);

	options.slab_nomerge = true; // so that slabinfo has the cache by its name
	if (!error)
		error = slab_init(&options);
	if (error)
		fail(EXIT_WRONG_USE, "the allocator does not start: %s", strerror(-error));
	cache = kmem_cache_create(CACHE_NAME, request->size, 0, 0, NULL);
	if (!cache)
		fail(EXIT_WRONG_USE, "no cache of objects of %u bytes: %s", request->size,
			strerror(errno));
	return cache;
}

static struct figures measure(const struct request *request)
{
	struct kmem_cache *cache = cache_make(request);
	void **objects = pointers_make(request->objects);
	struct figures figures = {.payload = request->objects * request->size};
	size_t before;

	resident_now(); // what reading itself takes is taken before
	before = resident_now();
	for (size_t i = 0; i < request->objects; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!objects[i])
			fail(EXIT_NOT_MEASURED, "memory ran out after %zu objects", i);
		memset(objects[i], 1, request->size);
	}
	figures.resident = resident_now() - before;
	figures.slabs = slabs_now();
	for (size_t i = 0; i < request->objects; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	return figures;
}

// ---- the program

static void print(const struct request *request, const struct figures *figures)
{
	double resident = (double)figures->resident;

	printf("config\tbacking\tobjects\tsize\tpayload MiB\tslabs MiB\tresident MiB\t"
	       "resident/payload\tresident/slabs\n");
	printf("%s\t%s\t%zu\t%u\t%.2f\t", slab_config_name(), slab_backing(), request->objects,
		request->size, (double)figures->payload / MIB);
	if (figures->slabs > 0)
		printf("%.2f\t%.2f\t%.4f\t%.4f\n", (double)figures->slabs / MIB, resident / MIB,
			resident / (double)figures->payload, resident / (double)figures->slabs);
	else
		printf("-\t%.2f\t%.4f\t-\n", resident / MIB, resident / (double)figures->payload);
}

static void print_help(void)
{
	printf("Usage: slabmark-resident-%s [--objects=N] [--size=BYTES] [--limit=RATIO]\n\n"
	       "Allocates N objects (default 1000000) of BYTES (default 192), writes all of each, "
	       "and\n"
	       "prints by how much the process has grown, against what was asked for and against "
	       "the\n"
	       "slabs that hold it, as tab-separated columns. With --limit the exit status is 1 "
	       "when\n"
	       "resident/slabs is above RATIO. 2: wrong use; 3: could not measure.\n",
		slab_config_name());
}

static unsigned long number_of(const char *option, const char *text, unsigned long max)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || !isdigit((unsigned char)*text) || *end || number < 1 || number > max)
		fail(EXIT_WRONG_USE, "--%s=%s is no number from 1 to %lu", option, text, max);
	return number;
}

static double ratio_of(const char *text)
{
	char *end;
	double ratio = strtod(text, &end);

	if (end == text || *end || !(ratio >= 1 && ratio <= 1000))
		fail(EXIT_WRONG_USE, "--limit=%s is no ratio from 1 to 1000, as 1.03 is", text);
	return ratio;
}

static struct request read_arguments(int argc, char **argv)
{
	static const struct option options[] = {{"objects", required_argument, NULL, 'n'},
		{"size", required_argument, NULL, 's'}, {"limit", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct request request = {.objects = 1000000, .size = 192};

	for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		switch (option) {
		case 'n':
			request.objects = number_of("objects", optarg, 1000000000);
			break;
		case 's':
			request.size = (unsigned)number_of("size", optarg, 65536);
			break;
		case 'l':
			request.limit = ratio_of(optarg);
			break;
		case 'h':
			print_help();
			exit(0);
		default:
			exit(EXIT_WRONG_USE); // getopt has said why
		}
	}
	if (optind < argc)
		fail(EXIT_WRONG_USE, "'%s' is no option; see --help", argv[optind]);
	return request;
}

int main(int argc, char **argv)
{
	struct request request = read_arguments(argc, argv);
	struct figures figures = measure(&request);

	print(&request, &figures);
	if (fflush(stdout) != 0)
		fail(EXIT_NOT_MEASURED, "standard output: %s", strerror(errno));
	if (request.limit > 0 && figures.slabs == 0)
		fail(EXIT_NOT_MEASURED, "--limit: this allocator has no slabs");
	if (request.limit > 0 && (double)figures.resident > request.limit * (double)figures.slabs)
		fail(EXIT_ABOVE_LIMIT, "resident/slabs is above %g", request.limit);
	return 0;
}
