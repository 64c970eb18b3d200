// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of figures and presets. A candidate is a name of libpfm4 for certain processors; they
// are tried in the order of their rows, those for all processors usually last, because what the
// kernel's generic events count differs more between processors than what the tables choose.
//
// Loads that reach the last-level cache are those that missed the second level; which of them hit
// there is then told by the next figure. So the figures of a preset are steps of one stair: L1 loads
// ≥ L1 misses ≥ L2 misses ≥ LLC misses = local + remote.
#include "figure.h"

#include <string.h>

#define HASWELL "hsw hsw_ep bdw bdw_ep"
#define SKYLAKE "skl skx clx"
#define ICELAKE "icl icx spr emr gnr"
#define INTEL   HASWELL " " SKYLAKE " " ICELAKE
#define SERVER  "skx clx icx spr emr gnr"
#define ZEN2    "amd64_fam17h_zen2"
#define ZEN3    "amd64_fam19h_zen3"
#define ZEN4    "amd64_fam19h_zen4"
#define ZEN5    "amd64_fam1ah_zen5"
#define AMD     ZEN2 " " ZEN3 " " ZEN4 " " ZEN5
#define ARM     "arm_n1 arm_n2 arm_n3 arm_v1 arm_v2 arm_v3"

#define FILLS "DEMAND_DATA_CACHE_FILLS_FROM_SYSTEM"
#define ROWS  (const struct figure_candidate[])

const struct figure figures[] = {
	// ---- core
	{.name = "cycles",
		.summary = "clock cycles of the core",
		.effects = EFFECT_WORK,
		.candidates = ROWS{{"*", "cycles"}, {ARM, "CPU_CYCLES"},
			{AMD, "CYCLES_NOT_IN_HALT"}, {0}}},
	{.name = "instructions",
		.summary = "instructions retired",
		.effects = EFFECT_WORK,
		.least = 200000,
		.candidates = ROWS{{"*", "instructions"}, {ARM, "INST_RETIRED"},
			{AMD, "RETIRED_INSTRUCTIONS"}, {0}}},
	{.name = "IPC",
		.summary = "instructions / cycles",
		.source = FIGURE_RATIO,
		.over = {"instructions", "cycles"}},
	{.name = "branches",
		.summary = "branch instructions",
		.effects = EFFECT_WORK,
		.least = 100000,
		.candidates = ROWS{{"*", "branches"}, {INTEL, "BR_INST_RETIRED:ALL_BRANCHES"},
			{AMD, "RETIRED_BRANCH_INSTRUCTIONS"}, {ARM, "BR_RETIRED"}, {0}}},
	{.name = "branch-misses",
		.summary = "branches guessed wrong",
		.effects = EFFECT_WORK,
		.candidates = ROWS{{"*", "branch-misses"}, {INTEL, "BR_MISP_RETIRED:ALL_BRANCHES"},
			{AMD, "RETIRED_BRANCH_INSTRUCTIONS_MISPREDICTED"},
			{ARM, "BR_MIS_PRED_RETIRED"}, {0}}},

	// ---- caches
	{.name = "L1-dcache-loads",
		.summary = "loads",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{HASWELL, "MEM_UOPS_RETIRED:ALL_LOADS"},
			{SKYLAKE " " ICELAKE, "MEM_INST_RETIRED:ALL_LOADS"},
			{AMD, "LS_DISPATCH:LD_DISPATCH"}, {ARM, "L1D_CACHE_RD"}, {ARM, "L1D_CACHE"},
			{"*", "L1-dcache-loads"}, {0}}},
	{.name = "L1-dcache-load-misses",
		.summary = "lines that the first level had to fetch",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{INTEL, "L1D:REPLACEMENT"},
			{ZEN3, FILLS ":LCL_L2:INT_CACHE:EXT_CACHE_LCL:MEM_IO_LCL:EXT_CACHE_RMT:MEM_"
				     "IO_RMT"},
			{ZEN4, FILLS ":LCL_L2:LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR:FAR_"
				     "CACHE_NEAR_FAR:DRAM_IO_FAR"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:MABRESP_LCL_L2:LS_MABRESP_LCL_"
			       "CACHE:LS_MABRESP_LCL_DRAM:LS_MABRESP_RMT_CACHE:LS_MABRESP_RMT_"
			       "DRAM"},
			{ARM, "L1D_CACHE_REFILL"}, {"*", "L1-dcache-load-misses"}, {0}}},
	{.name = "L2-loads",
		.summary = "loads that the second level was asked for",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{INTEL, "L2_RQSTS:ALL_DEMAND_DATA_RD"},
			{AMD, "REQUESTS_TO_L2_GROUP1:RD_BLK_L"}, {ARM, "L2D_CACHE_RD"}, {0}}},
	{.name = "L2-load-misses",
		.summary = "loads that the second level did not have",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{INTEL, "L2_RQSTS:DEMAND_DATA_RD_MISS"},
			{AMD, "CORE_TO_L2_CACHEABLE_REQUEST_ACCESS_STATUS:LS_RD_BLK_C"},
			{ARM, "L2D_CACHE_REFILL"}, {0}}},
	{.name = "LLC-loads",
		.summary = "loads that the last level was asked for",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_RETIRED:L2_MISS"},
			{SKYLAKE " " ICELAKE, "MEM_LOAD_RETIRED:L2_MISS"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_LCL_CACHE:LS_MABRESP_LCL_"
			       "DRAM:LS_MABRESP_RMT_CACHE:LS_MABRESP_RMT_DRAM"},
			{ZEN3, FILLS ":INT_CACHE:EXT_CACHE_LCL:MEM_IO_LCL:EXT_CACHE_RMT:MEM_IO_"
				     "RMT"},
			{ZEN4, FILLS ":LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR:FAR_CACHE_NEAR_"
				     "FAR:DRAM_IO_FAR"},
			{ARM, "LL_CACHE_RD"}, {"*", "LLC-loads"}, {0}}},
	{.name = "LLC-load-misses",
		.summary = "loads that no cache of the node had",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_RETIRED:L3_MISS"},
			{SKYLAKE " " ICELAKE, "MEM_LOAD_RETIRED:L3_MISS"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_LCL_DRAM:LS_MABRESP_RMT_"
			       "CACHE:LS_MABRESP_RMT_DRAM"},
			{ZEN3, FILLS ":MEM_IO_LCL:EXT_CACHE_RMT:MEM_IO_RMT"},
			{ZEN4, FILLS ":DRAM_IO_NEAR:FAR_CACHE_NEAR_FAR:DRAM_IO_FAR"},
			{ARM, "LL_CACHE_MISS_RD"}, {"*", "LLC-load-misses"}, {0}}},
	{.name = "cache-references",
		.summary = "what the kernel calls references to a cache",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{"*", "cache-references"}, {0}}},
	{.name = "cache-misses",
		.summary = "what the kernel calls misses of a cache",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{"*", "cache-misses"}, {0}}},

	// ---- address translation
	{.name = "dTLB-load-misses",
		.summary = "loads that needed a page walk",
		.effects = EFFECT_PAGES,
		.candidates = ROWS{{INTEL, "DTLB_LOAD_MISSES:WALK_COMPLETED"},
			{AMD, "L1_DTLB_MISS:TLB_RELOAD_1G_L2_MISS:TLB_RELOAD_2M_L2_MISS:TLB_RELOAD_"
			      "COALESCED_PAGE_MISS:TLB_RELOAD_4K_L2_MISS"},
			{ARM, "DTLB_WALK"}, {"*", "dTLB-load-misses"}, {0}}},
	{.name = "dTLB-store-misses",
		.summary = "stores that needed a page walk",
		.effects = EFFECT_PAGES,
		.candidates = ROWS{{INTEL, "DTLB_STORE_MISSES:WALK_COMPLETED"},
			{"*", "dTLB-store-misses"}, {0}}},
	{.name = "iTLB-load-misses",
		.summary = "fetches of code that needed a page walk",
		.effects = EFFECT_CODE | EFFECT_PAGES | EFFECT_SLEEP,
		.candidates = ROWS{{INTEL, "ITLB_MISSES:WALK_COMPLETED"},
			{ZEN2, "L1_ITLB_MISS_L2_ITLB_MISS:IF1G:IF2M:IF4K"},
			{ZEN3 " " ZEN4 " " ZEN5,
				"L1_ITLB_MISS_L2_ITLB_MISS:COALESCED4K:IF1G:IF2M:IF4K"},
			{ARM, "ITLB_WALK"}, {"*", "iTLB-load-misses"}, {0}}},
	{.name = "page-walk-cycles",
		.summary = "cycles with a page walk for loads under way",
		.effects = EFFECT_PAGES,
		.candidates = ROWS{{HASWELL, "DTLB_LOAD_MISSES:WALK_DURATION"},
			{SKYLAKE " " ICELAKE, "DTLB_LOAD_MISSES:WALK_ACTIVE"}, {0}}},

	// ---- nodes
	{.name = "local-dram-loads",
		.summary = "loads from the node's own memory",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_L3_MISS_RETIRED:LOCAL_DRAM"},
			{SERVER, "MEM_LOAD_L3_MISS_RETIRED:LOCAL_DRAM"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_LCL_DRAM"},
			{ZEN3, FILLS ":MEM_IO_LCL"}, {ZEN4 " " ZEN5, FILLS ":DRAM_IO_NEAR"}, {0}}},
	{.name = "remote-dram-loads",
		.summary = "loads from another node's memory",
		.effects = EFFECT_REMOTE,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_L3_MISS_RETIRED:REMOTE_DRAM"},
			{SERVER, "MEM_LOAD_L3_MISS_RETIRED:REMOTE_DRAM"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_RMT_DRAM"},
			{ZEN3, FILLS ":MEM_IO_RMT"}, {ZEN4 " " ZEN5, FILLS ":DRAM_IO_FAR"},
			{ARM, "REMOTE_ACCESS"}, {0}}},
	{.name = "remote-cache-hits",
		.summary = "loads that another node's cache served",
		.effects = EFFECT_REMOTE,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_L3_MISS_RETIRED:REMOTE_FWD"},
			{SERVER, "MEM_LOAD_L3_MISS_RETIRED:REMOTE_FWD"},
			{ZEN2, "DATA_CACHE_REFILLS_FROM_SYSTEM:LS_MABRESP_RMT_CACHE"},
			{ZEN3, FILLS ":EXT_CACHE_RMT"}, {ZEN4, FILLS ":FAR_CACHE_NEAR_FAR"},
			{ZEN5, FILLS ":NEAR_FAR_CACHE_FAR"}, {0}}},
	{.name = "remote-hitm",
		.summary = "loads of a line that another node's cache held changed",
		.effects = EFFECT_REMOTE,
		.candidates = ROWS{{HASWELL, "MEM_LOAD_UOPS_L3_MISS_RETIRED:REMOTE_HITM"},
			{SERVER, "MEM_LOAD_L3_MISS_RETIRED:REMOTE_HITM"}, {0}}},
	{.name = "node-loads",
		.summary = "what the kernel calls loads from memory",
		.effects = EFFECT_MEMORY,
		.candidates = ROWS{{"*", "node-loads"}, {0}}},
	{.name = "node-load-misses",
		.summary = "what the kernel calls loads from remote memory",
		.effects = EFFECT_REMOTE,
		.candidates = ROWS{{"*", "node-load-misses"}, {0}}},

	// ---- front end
	{.name = "L1-icache-load-misses",
		.summary = "lines of code that the first level did not have",
		.effects = EFFECT_CODE,
		.candidates = ROWS{{HASWELL, "ICACHE:MISSES"},
			{SKYLAKE " icl icx", "ICACHE_64B:IFTAG_MISS"},
			{ZEN3 " " ZEN4 " " ZEN5, "IC_TAG_HIT_MISS:IC_MISS"},
			{ZEN2, "INSTRUCTION_CACHE_REFILLS_FROM_L2"}, {ARM, "L1I_CACHE_REFILL"},
			{"*", "L1-icache-load-misses"}, {0}}},
	{.name = "stalled-cycles-frontend",
		.summary = "cycles without an instruction to work on",
		.effects = EFFECT_CODE | EFFECT_WORK,
		.candidates = ROWS{{INTEL, "IDQ_UOPS_NOT_DELIVERED:CYCLES_0_UOPS_DELIV_CORE"},
			{ZEN2 " " ZEN3, "UOPS_QUEUE_EMPTY"}, {ZEN4 " " ZEN5, "OPS_QUEUE_EMPTY"},
			{ARM, "STALL_FRONTEND"}, {"*", "stalled-cycles-frontend"}, {0}}},

	// ---- the kernel's own
	{.name = "task-clock",
		.summary = "nanoseconds of processor time",
		.effects = EFFECT_WORK,
		.candidates = ROWS{{"*", "task-clock"}, {0}}},
	{.name = "page-faults",
		.summary = "pages that were touched without being there",
		.effects = EFFECT_PAGES,
		.candidates = ROWS{{"*", "page-faults"}, {0}}},
	{.name = "context-switches",
		.summary = "times that the thread gave up its CPU or lost it",
		.source = FIGURE_USAGE},
	{.name = "cpu-migrations",
		.summary = "moves to another CPU",
		.effects = EFFECT_MOVE,
		.candidates = ROWS{{"*", "cpu-migrations:u:k"}, {"*", "cpu-migrations"}, {0}}},
	{0},
};

const struct preset presets[] = {
	{"core", "how busy the core is", "cycles instructions IPC branches branch-misses"},
	{"cache", "where loads are served from",
		"L1-dcache-loads L1-dcache-load-misses L2-loads L2-load-misses LLC-loads "
		"LLC-load-misses cache-references cache-misses"},
	{"tlb", "what address translation costs",
		"dTLB-load-misses dTLB-store-misses iTLB-load-misses page-walk-cycles"},
	{"numa", "which node's memory and caches serve",
		"local-dram-loads remote-dram-loads remote-cache-hits remote-hitm node-loads "
		"node-load-misses"},
	{"front", "whether the core gets code fast enough",
		"L1-icache-load-misses iTLB-load-misses stalled-cycles-frontend"},
	{"software", "what the kernel counts itself",
		"task-clock page-faults context-switches cpu-migrations"},
	{0},
};

const struct figure *figure_find(const char *name)
{
	for (const struct figure *figure = figures; figure->name; figure++)
		if (strcmp(figure->name, name) == 0)
			return figure;
	return NULL;
}

const struct preset *preset_find(const char *name)
{
	for (const struct preset *preset = presets; preset->name; preset++)
		if (strcmp(preset->name, name) == 0)
			return preset;
	return NULL;
}
