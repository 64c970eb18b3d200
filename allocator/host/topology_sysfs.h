// SPDX-License-Identifier: GPL-2.0-or-later
// This machine's nodes and CPUs from the kernel's own files, without a library and without malloc:
// a few reads a node, where hwloc takes milliseconds.
#ifndef SLAB_HOST_TOPOLOGY_SYSFS_H
#define SLAB_HOST_TOPOLOGY_SYSFS_H

// Fills `topology` from the tree at `root` ("/sys/devices/system"). A machine without node files is
// one node; one without any files has as many CPUs as the kernel's CPU masks have bits. Returns 0,
// or -EINVAL after a message when there are too many nodes or CPUs.
int topology_read_sysfs(const char *root);

#endif
