// SPDX-License-Identifier: GPL-2.0-or-later
// The part of the public interface that has nothing to do in a peer: start, topology, names.
#include "peers/peer.h"

#include <errno.h>

#include "config.h"
#include "host/options.h"

int slab_init(const struct slab_options *options)
{
	return options_check(options);
}

int slab_set_cpu(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

const char *slab_config_name(void)
{
	return SLAB_CONFIG_NAME;
}

const char *slab_config_description(void)
{
	return SLAB_CONFIG_DESCRIPTION;
}

const char *slab_cpu_mode(void)
{
	return "none";
}
