// SPDX-License-Identifier: GPL-2.0-or-later
// Names a process by host, boot, pid namespace, pid and start. A pid alone is given to another
// process in time; with the start, in ticks since boot, it is not. A restarted machine has another
// boot id, and nothing of before runs on it.
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "results/text/first_line.h"

enum { PART_SIZE = 65 };

struct writer {
	char host[PART_SIZE];
	char boot[PART_SIZE];
	char namespace[PART_SIZE];
	long pid;
	unsigned long long start; // ticks since boot
};

static bool namespace_read(char namespace[PART_SIZE])
{
	ssize_t length = readlink("/proc/self/ns/pid", namespace, PART_SIZE - 1);

	namespace[length > 0 ? length : 0] = '\0';
	return length > 0;
}

// A process that ended and was not waited for yet has a state of Z or X, and is gone for us. False
// where there is none.
static bool start_read(long pid, unsigned long long *start)
{
	char path[64];
	char line[1024];
	char state = 'X';
	const char *end;
	size_t length;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	length = fread(line, 1, sizeof(line) - 1, file);
	line[length] = '\0';
	(void)fclose(file);
	end = strrchr(line, ')'); // of the program's name, which may hold anything
	return end &&
	       // NOLINTNEXTLINE(cert-err34-c): the kernel wrote these numbers
	       sscanf(end + 1,
		       " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
		       "%*d %llu",
		       &state, start) == 2 &&
	       state != 'Z' && state != 'X';
}

static bool writer_self(struct writer *self)
{
	struct utsname system;

	*self = (struct writer){.pid = (long)getpid()};
	if (uname(&system) != 0 ||
		!first_line("/proc/sys/kernel/random/boot_id", self->boot, PART_SIZE) ||
		!namespace_read(self->namespace) || !start_read(self->pid, &self->start))
		return false;
	(void)snprintf(
		self->host, PART_SIZE, "%.64s", *system.nodename ? system.nodename : "unnamed");
	return true;
}

const char *writer_name(char name[WRITER_SIZE])
{
	struct writer self;

	if (!writer_self(&self))
		return NULL;
	(void)snprintf(name, WRITER_SIZE, "%s %s %s %ld %llu", self.host, self.boot, self.namespace,
		self.pid, self.start);
	return name;
}

static bool writer_parse(const char *name, struct writer *writer)
{
	int length = 0;

	*writer = (struct writer){0};
	// NOLINTNEXTLINE(cert-err34-c): a number too large is that of no process
	return sscanf(name, "%64s %64s %64s %ld %llu%n", writer->host, writer->boot,
		       writer->namespace, &writer->pid, &writer->start, &length) == 5 &&
	       name[length] == '\0' && writer->pid > 0;
}

bool writer_is_gone(const char *name, bool is_local)
{
	struct writer writer;
	struct writer self;
	unsigned long long start;

	if (!writer_parse(name, &writer) || !writer_self(&self))
		return false;
	if (strcmp(writer.boot, self.boot) != 0)
		return is_local || strcmp(writer.host, self.host) == 0;
	if (strcmp(writer.namespace, self.namespace) != 0)
		return false;
	return !start_read(writer.pid, &start) || start != writer.start;
}
