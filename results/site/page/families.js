// SPDX-License-Identifier: GPL-2.0-or-later
// The order of configs: SLAB's own first, then the peers, then the floor; within a family by effect, or as the store has them.

const FAMILIES = [["slab", "SLAB's configs"], ["peer", "Peers: other allocators"], ["floor", "The floor: the workload itself"]];

// [{title, items}] of items that belong to a config each.
export function byFamily(index, items, nameOf, order = (item) => item.ratio ?? 0) {
	const family = (item) => index.configs.find((config) => config.name === nameOf(item))?.family || "slab";
	return FAMILIES.map(([key, title]) => ({
		title,
		items: items.filter((item) => family(item) === key).sort((a, b) => order(a) - order(b)),
	})).filter((group) => group.items.length > 0);
}

export const familyTitle = (family) => (FAMILIES.find(([key]) => key === family) || FAMILIES[0])[1];
