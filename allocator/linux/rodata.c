// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a text is a program's own constant, which kstrdup_const() need not copy and kfree_const()
// must not free. Entry: slab_is_rodata. The kernel compares with the bounds of its .rodata; here
// every loaded object's read-only segments are looked at.
#include <link.h>
#include <slab/linux.h>

static bool is_in_segment(ElfW(Addr) base, const ElfW(Phdr) * segment, uintptr_t address)
{
	return segment->p_type == PT_LOAD && !(segment->p_flags & PF_W) &&
	       address - (base + segment->p_vaddr) < segment->p_memsz;
}

static int look_into(struct dl_phdr_info *object, size_t size, void *address)
{
	(void)size;
	for (unsigned i = 0; i < object->dlpi_phnum; i++)
		if (is_in_segment(object->dlpi_addr, &object->dlpi_phdr[i], (uintptr_t)address))
			return 1;
	return 0;
}

bool slab_is_rodata(const void *address)
{
	return dl_iterate_phdr(look_into, (void *)address) != 0;
}
