// SPDX-License-Identifier: GPL-2.0-or-later
// The tests' kernel. Every event of a group that runs counts fake.events when the group is stopped
// or read.
#include "fake.h"

#include <errno.h>
#include <string.h>

enum { FILES_MAX = 512, FIRST_FILE = 100 };

static struct fake_file {
	bool is_open;
	int leader; // its index
	struct perf_event_attr attributes;
	uint64_t value;
	uint64_t enabled_ns;
	uint64_t running_ns;
	bool is_started; // of a leader
	struct perf_event_mmap_page page;
} files[FILES_MAX];

struct fake fake;

void fake_reset(void)
{
	memset(files, 0, sizeof(files));
	fake = (struct fake){.counters = 7,
		.paranoid = 2,
		.has_pmu = true,
		.silent_config = UINT64_MAX,
		.events = 1000000,
		.enabled_ns = 1000,
		.running_ns = 1000};
}

static bool is_software(const struct fake_file *file)
{
	return file->attributes.type == PERF_TYPE_SOFTWARE;
}

static int group_size(int leader)
{
	int size = 0;

	for (int i = 0; i < FILES_MAX; i++)
		size += files[i].is_open && files[i].leader == leader && !is_software(&files[i]);
	return size;
}

// 0: it may be opened.
static int refusal_of(const struct perf_event_attr *attributes, int group)
{
	if (attributes->type == PERF_TYPE_SOFTWARE)
		return fake.software_refusal;
	if (fake.refusal)
		return fake.refusal;
	return group >= 0 && group_size(group - FIRST_FILE) >= fake.counters ? EINVAL : 0;
}

static int refuse(int error)
{
	errno = error;
	return -1;
}

static int fake_open(struct perf_event_attr *attributes, int group)
{
	int error = refusal_of(attributes, group);
	int i = 0;

	if (error)
		return refuse(error);
	if (fake.files_max > 0 && fake.opened >= fake.files_max)
		return refuse(EMFILE);
	while (files[i].is_open)
		i++;
	files[i] = (struct fake_file){.is_open = true,
		.leader = group < 0 ? i : group - FIRST_FILE,
		.attributes = *attributes,
		.value = fake.first_value};
	fake.opened++;
	return FIRST_FILE + i;
}

static int fake_close(int fd)
{
	files[fd - FIRST_FILE].is_open = false;
	fake.opened--;
	return 0;
}

// ---- counting

static void count(struct fake_file *file)
{
	bool runs = is_software(file) ||
		    group_size(file->leader) <= fake.counters - fake.counters_taken;

	file->enabled_ns += fake.enabled_ns;
	if (!runs)
		return;
	file->running_ns += fake.running_ns;
	if (is_software(file) || file->attributes.config != fake.silent_config)
		file->value += fake.events;
}

static void group_count(int leader)
{
	for (int i = 0; i < FILES_MAX; i++)
		if (files[i].is_open && files[i].leader == leader)
			count(&files[i]);
}

static int fake_ioctl(int fd, unsigned long request, unsigned long argument)
{
	struct fake_file *file = &files[fd - FIRST_FILE];

	(void)argument;
	if (request == PERF_EVENT_IOC_ENABLE) {
		file->is_started = true;
		if (group_size(file->leader) > fake.groups_max)
			fake.groups_max = group_size(file->leader);
		// What a page shows of a running event, from here on.
		for (int i = 0; i < FILES_MAX; i++)
			if (files[i].is_open && files[i].leader == file->leader)
				files[i].page.index = 1;
	} else if (file->is_started) {
		group_count(fd - FIRST_FILE);
		file->is_started = false;
	}
	return 0;
}

// Between two looks at a group that counts, whether reads or its stop, it counts once.
static ssize_t fake_read(int fd, void *buffer, size_t size)
{
	const struct fake_file *leader = &files[fd - FIRST_FILE];
	uint64_t *words = buffer;
	size_t members = 0;

	if (leader->is_started)
		group_count(fd - FIRST_FILE);
	for (int i = 0; i < FILES_MAX; i++)
		if (files[i].is_open && files[i].leader == fd - FIRST_FILE)
			words[3 + members++] = files[i].value;
	words[0] = members;
	words[1] = leader->enabled_ns;
	words[2] = leader->running_ns;
	return (3 + members) * sizeof(uint64_t) <= size
		       ? (ssize_t)((3 + members) * sizeof(uint64_t))
		       : refuse(ENOSPC);
}

// ---- pages

// A register of 48 bits, that has just wrapped below 0: the offset is added to it.
static struct perf_event_mmap_page *fake_map(int fd)
{
	struct perf_event_mmap_page *page = &files[fd - FIRST_FILE].page;

	if (!fake.has_pages)
		return NULL;
	*page = (struct perf_event_mmap_page){.cap_user_rdpmc = 1,
		.pmc_width = 48,
		.offset = 1000,
		.time_enabled = 500,
		.time_running = 500};
	return page;
}

static void fake_unmap(struct perf_event_mmap_page *page)
{
	page->index = 0;
}

// Each read of the register is fake.events later than the one before; on an interruption the page
// says that time went by uncounted.
static uint64_t fake_register(uint32_t index)
{
	static uint64_t value; // of the register, of all tests

	(void)index;
	if (fake.is_interrupted)
		for (int i = 0; i < FILES_MAX; i++)
			files[i].page.time_enabled += 7;
	value += fake.events;
	return (value - 500) & ((UINT64_C(1) << 48) - 1);
}

static int fake_setting(const char *path)
{
	return strcmp(path, "kernel/perf_event_paranoid") == 0 ? fake.paranoid : 0;
}

static bool fake_has_pmu(void)
{
	return fake.has_pmu;
}

const struct system_calls fake_calls = {
	.open = fake_open,
	.read = fake_read,
	.ioctl = fake_ioctl,
	.map = fake_map,
	.unmap = fake_unmap,
	.close = fake_close,
	.register_read = fake_register,
	.setting = fake_setting,
	.has_pmu = fake_has_pmu,
};
