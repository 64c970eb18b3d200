// SPDX-License-Identifier: GPL-2.0-or-later
// New lines for a trace: single ones of every kind, and scenes, a dozen lines or more that belong
// together and bring about what chance alone would not: all nodes without memory under a policy, a
// node without CPUs above its limit.
#include "fuzz/trace_lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"

#define NODES_BYTES 40 // of a list of nodes

static unsigned long long random_state;

void draw_seed(unsigned seed)
{
	random_state = seed;
}

unsigned draw(unsigned below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return below ? (unsigned)(random_state >> 33) % below : 0;
}

// ---- what a new line is made of

void see_label(struct labels_seen *seen, const char *label)
{
	unsigned at = seen->count < LABELS_MAX ? seen->count++ : draw(LABELS_MAX);

	snprintf(seen->text[at], sizeof(seen->text[at]), "%.15s", label);
}

// The third word behind the verb in alloc_bulk, else the second.
bool read_given_label(const char *line, char label[20])
{
	char verb[20], words[2][20];
	int count = sscanf(line, "on %*s %15s %*s %15s %15s", verb, words[0], words[1]);
	bool is_bulk = count >= 1 && strcmp(verb, "alloc_bulk") == 0;

	if (count < (is_bulk ? 3 : 2) ||
		(strncmp(verb, "alloc", 5) != 0 && strncmp(verb, "kmalloc", 7) != 0))
		return false;
	strcpy(label, words[is_bulk]);
	return true;
}

static const char *pick(const struct labels_seen *seen)
{
	return seen->count ? seen->text[draw(seen->count)] : "A";
}

unsigned pick_size(void)
{
	static const unsigned sizes[] = {0, 1, 8, 16, 24, 32, 40, 64, 96, 128, 192, 256, 500, 512,
		600, 1000, 1024, 1500, 2048, 3000, 4096, 5000, 8192, 20000, 65536, 131072, 1048576,
		4194304};
	unsigned kind = draw(4);

	if (kind == 0)
		return draw(5000);
	if (kind == 1)
		return sizes[draw(sizeof(sizes) / sizeof(sizes[0]))] + draw(3) - 1;
	return sizes[draw(19)];
}

static const char *pick_flags(void)
{
	static const char *const flags[] = {"0", "0", "0", "HWCACHE_ALIGN", "HWCACHE_ALIGN",
		"RECLAIM_ACCOUNT", "NOLEAKTRACE", "NOLEAKTRACE", "MEM_SPREAD", "CACHE_DMA",
		"CACHE_DMA32", "RED_ZONE", "POISON", "STORE_USER", "POISON|RED_ZONE|STORE_USER",
		"HWCACHE_ALIGN|RECLAIM_ACCOUNT", "TYPESAFE_BY_RCU", "PANIC"};

	return flags[draw(sizeof(flags) / sizeof(flags[0]))];
}

static unsigned pick_cpu(void)
{
	return draw(fuzz_machine.nodes * fuzz_machine.cpus_per_node);
}

static int pick_node(void)
{
	return (int)draw(fuzz_machine.nodes + 1) - 1;
}

enum kind {
	NEW_CACHE,
	NEW_TUNE,
	NEW_SHRINK,
	NEW_REAP,
	NEW_REAP_EARLY,
	NEW_DESTROY,
	NEW_CPU_DOWN,
	NEW_CPU_UP,
	NEW_NOMEM,
	NEW_POLICY,
	NEW_OPTION,
	NEW_KMALLOC,
	NEW_KMALLOC_NODE,
	NEW_FREE,
	NEW_KFREE,
	NEW_FREE_BULK,
	NEW_ALLOC,
	NEW_ALLOC_NODE,
	NEW_ALLOC_BULK,
	NEW_KINDS
};

// What a CPU does.
static void make_cpu_line(char line[LINE_BYTES], enum kind kind, const struct labels_seen *caches,
	const struct labels_seen *objects)
{
	const char *cache = pick(caches), *object = pick(objects);
	unsigned cpu = pick_cpu(), fresh = draw(100000), limit = 1 + draw(draw(8) ? 20 : 5000);
	int node = pick_node();
	size_t room = LINE_BYTES;

	if (kind == NEW_TUNE)
		snprintf(line, room, "on %u tune %s %u %u %u", cpu, cache, limit, 1 + draw(limit),
			draw(9));
	else if (kind == NEW_SHRINK)
		snprintf(line, room, "on %u shrink %s", cpu, cache);
	else if (kind == NEW_REAP || kind == NEW_REAP_EARLY)
		snprintf(line, room, "on %u reap%s", cpu, kind == NEW_REAP ? "" : "_early");
	else if (kind == NEW_DESTROY)
		snprintf(line, room, "on %u destroy %s", cpu, cache);
	else if (kind == NEW_KMALLOC)
		snprintf(line, room, "on %u kmalloc %u z%u%s", cpu, pick_size(), fresh,
			draw(4) ? "" : " gfp=RECLAIMABLE");
	else if (kind == NEW_KMALLOC_NODE)
		snprintf(line, room, "on %u kmalloc_node %u z%u node=%d%s", cpu, pick_size(), fresh,
			node, draw(4) ? "" : " gfp=DMA");
	else if (kind == NEW_FREE || kind == NEW_KFREE)
		snprintf(line, room, "on %u %s %s", cpu, kind == NEW_FREE ? "free" : "kfree",
			object);
	else if (kind == NEW_FREE_BULK)
		snprintf(line, room, "on %u free_bulk %s %s %s %s", cpu, draw(3) ? "-" : cache,
			object, pick(objects), pick(objects));
	else if (kind == NEW_ALLOC)
		snprintf(line, room, "on %u alloc %s z%u%s", cpu, cache, fresh,
			draw(4) ? "" : " exact=1");
	else if (kind == NEW_ALLOC_NODE)
		snprintf(line, room, "on %u alloc_node %s z%u node=%d%s", cpu, cache, fresh, node,
			draw(4) ? "" : " exact=1");
	else
		snprintf(line, room, "on %u alloc_bulk %s %u z%u", cpu, cache,
			draw(draw(8) ? 60 : 600), fresh);
}

// Some of the machine's nodes, all of them in one of three: "0,2".
static void pick_nodes(char text[NODES_BYTES])
{
	unsigned all = (1u << fuzz_machine.nodes) - 1;
	unsigned nodes = draw(3) ? 1 + draw(all) : all;
	size_t length = 0;

	for (unsigned node = 0; node < fuzz_machine.nodes; node++)
		if ((nodes >> node) & 1)
			length += (size_t)snprintf(text + length, NODES_BYTES - length, "%s%u",
				length ? "," : "", node);
}

static void make_policy(char line[LINE_BYTES])
{
	static const char *const modes[] = {"bind", "interleave"};
	char nodes[NODES_BYTES];

	pick_nodes(nodes);
	if (draw(4) == 0)
		snprintf(line, LINE_BYTES, "policy -");
	else if (draw(3) == 0)
		snprintf(line, LINE_BYTES, "policy preferred %u", draw(fuzz_machine.nodes));
	else
		snprintf(line, LINE_BYTES, "policy %s %s", modes[draw(2)], nodes);
}

static void make_nomem(char line[LINE_BYTES])
{
	char nodes[NODES_BYTES];

	pick_nodes(nodes);
	snprintf(line, LINE_BYTES, "nomem %s", draw(2) ? "-" : nodes);
}

// What befalls the machine.
static void make_machine_line(char line[LINE_BYTES], enum kind kind)
{
	size_t room = LINE_BYTES;

	if (kind == NEW_CACHE)
		snprintf(line, room, "cache K%u size=%u align=%u flags=%s ctor=%d", draw(1000),
			pick_size(), draw(3) ? 0 : 8u << draw(10), pick_flags(), draw(5) == 0);
	else if (kind == NEW_CPU_DOWN || kind == NEW_CPU_UP)
		snprintf(line, room, "cpu_%s %u", kind == NEW_CPU_DOWN ? "down" : "up", pick_cpu());
	else if (kind == NEW_OPTION)
		snprintf(line, room, "option %s=%u", draw(2) ? "alien" : "merge", draw(2));
	else if (kind == NEW_NOMEM)
		make_nomem(line);
	else
		make_policy(line);
}

static bool is_of_machine(enum kind kind)
{
	return kind == NEW_CACHE || (kind >= NEW_CPU_DOWN && kind <= NEW_OPTION);
}

// One in eight has internal allocations fail under it.
static void make_failing(char line[LINE_BYTES])
{
	size_t length = strlen(line);

	if (draw(8) == 0)
		snprintf(line + length, LINE_BYTES - length, " #!%x",
			draw(2) ? 1u << draw(24) : draw(1u << 20));
}

void make_line(
	char line[LINE_BYTES], const struct labels_seen *caches, const struct labels_seen *objects)
{
	enum kind kind = (enum kind)draw(NEW_KINDS + 6); // in bulk more often

	if (kind >= NEW_KINDS)
		kind = draw(2) ? NEW_ALLOC_BULK : NEW_FREE_BULK;
	if (is_of_machine(kind))
		make_machine_line(line, kind);
	else
		make_cpu_line(line, kind, caches, objects);
	make_failing(line);
}

// ---- scenes

// What a scene is written to. Its cache has large objects, so that a slab has few and a CPU's array
// takes them all.
struct scene {
	char (*lines)[LINE_BYTES];
	unsigned count;
	unsigned cache; // K and this
	unsigned object; // z and this is the next to be handed out
};

static __attribute__((format(printf, 2, 3))) void scene_add(
	struct scene *scene, const char *format, ...)
{
	va_list arguments;

	if (scene->count == SCENE_LINES_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(scene->lines[scene->count++], LINE_BYTES, format, arguments);
	va_end(arguments);
}

static void scene_allocate(struct scene *scene, unsigned cpu, unsigned count)
{
	while (count--)
		scene_add(scene, "on %u alloc K%u z%u%s", cpu, scene->cache, scene->object++,
			draw(8) ? "" : " exact=1");
}

static void scene_free(struct scene *scene, unsigned cpu, unsigned first)
{
	for (unsigned object = first; object < scene->object; object++)
		if (draw(16))
			scene_add(scene, "on %u free z%u", cpu, object);
}

static void scene_policy(struct scene *scene)
{
	char line[LINE_BYTES];

	make_policy(line);
	scene_add(scene, "%s", line);
}

static void scene_all_starve(struct scene *scene)
{
	scene_add(scene, "nomem 0");
	for (unsigned node = 1; node < fuzz_machine.nodes; node++) {
		char *line = scene->lines[scene->count - 1];
		size_t length = strlen(line);

		snprintf(line + length, LINE_BYTES - length, ",%u", node);
	}
}

// One node has nothing, and is asked.
static void scene_one_starves(struct scene *scene, unsigned cpu)
{
	unsigned node = draw(fuzz_machine.nodes);

	scene_add(scene, "nomem %u", node);
	scene_add(scene, "on %u alloc_node K%u z%u node=%u", cpu, scene->cache, scene->object++,
		node);
}

// A CPU's array, and perhaps the shared one, have objects that no slab has; all nodes starve; a
// thread with a policy asks for more than there is.
static void make_siege(struct scene *scene)
{
	unsigned cpu = pick_cpu(), first = scene->object;

	if (draw(2))
		scene_add(scene, "on %u tune K%u %u %u %u", cpu, scene->cache, 2 + draw(6),
			1 + draw(2), 4 + draw(8));
	scene_one_starves(scene, cpu);
	scene_allocate(scene, cpu, 4 + draw(12));
	scene_free(scene, cpu, first);
	scene_all_starve(scene);
	for (unsigned i = 0; i < 3; i++) {
		scene_policy(scene);
		scene_allocate(scene, cpu, 2 + draw(6));
	}
	if (draw(2))
		scene_add(scene, "on %u alloc_bulk K%u %u z%u", cpu, scene->cache, draw(20),
			scene->object++);
	if (draw(2))
		scene_add(scene, "on %u alloc_node K%u z%u node=%d", cpu, scene->cache,
			scene->object++, pick_node());
	if (draw(2))
		scene_add(scene, "policy -");
	if (draw(2))
		scene_add(scene, "nomem -");
}

// A node loses its CPUs, gets objects back, and a limit below what it keeps; then all is drained.
static void make_lonely_node(struct scene *scene)
{
	unsigned node = 1 + draw(fuzz_machine.nodes - 1), first = scene->object;

	for (unsigned i = 0; i < fuzz_machine.cpus_per_node; i++)
		scene_add(scene, "cpu_down %u", node * fuzz_machine.cpus_per_node + i);
	scene_add(scene, "on 0 tune K%u 120 120 0", scene->cache);
	for (unsigned i = 12 + draw(12); i > 0; i--)
		scene_add(scene, "on 0 alloc_node K%u z%u node=%u exact=1", scene->cache,
			scene->object++, node);
	scene_free(scene, 0, first);
	for (unsigned i = 0; i < fuzz_machine.nodes; i++)
		scene_add(scene, "on 0 reap_early");
	scene_add(scene, "on 0 tune K%u %u 1 %u", scene->cache, 1 + draw(3), draw(2));
	scene_add(scene, "on 0 %s K%u", draw(3) ? "shrink" : "destroy", scene->cache);
	if (draw(2))
		scene_add(scene, "cpu_up %u", node * fuzz_machine.cpus_per_node);
}

unsigned make_scene(char lines[SCENE_LINES_MAX][LINE_BYTES])
{
	struct scene scene = {.lines = lines, .cache = draw(1000), .object = draw(10000) * 100};

	scene_add(&scene, "cache K%u size=%u align=0 flags=%s ctor=%u", scene.cache,
		1000 + draw(3000), draw(3) ? "0" : "MEM_SPREAD", draw(5) == 0);
	if (draw(2) && fuzz_machine.nodes > 1)
		make_lonely_node(&scene);
	else
		make_siege(&scene);
	return scene.count;
}
