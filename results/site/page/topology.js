// SPDX-License-Identifier: GPL-2.0-or-later
// A machine out of hwloc's synthetic description, such as "Package:2 [NUMANode(memory=8G)] L3Cache:2(size=16M) Core:4 PU:2(indexes=…)":
// boxes within boxes, and the hardware threads by the numbers that the system gives them.

const KINDS = { Package: "package", NUMANode: "node", Group: "group", Group0: "group", Die: "die", L3Cache: "L3", Core: "core", PU: "cpu" };

function levelsOf(text) {
	const levels = [];
	let merged = 1; // of caches that are not drawn: what they hold belongs to the part above
	for (const [, bracket, type, count, attributes] of text.matchAll(/(\[)?(\w+)(?::(\d+))?(?:\(([^)]*)\))?\]?/g)) {
		if (bracket && type === "NUMANode") {
			if (levels.length === 0)
				levels.push({ kind: "machine", count: 1 });
			levels.at(-1).isNode = true;
		} else if (!bracket && KINDS[type] && count) {
			levels.push({ kind: KINDS[type], count: Number(count) * merged, isNode: type === "NUMANode", attributes: attributes || "" });
			merged = 1;
		} else if (!bracket && count) {
			merged *= Number(count);
		}
	}
	return levels;
}

// hwloc's "indexes": a list, or loops STEP*COUNT:… in which a step counts hardware threads in hwloc's order, and the numbers of the
// system grow loop by loop.
function numbersOf(attributes, count) {
	const said = /indexes=([\d,:*]+)/.exec(attributes);
	if (!said)
		return Array.from({ length: count }, (_, i) => i);
	if (!said[1].includes("*"))
		return said[1].split(",").map(Number);
	const loops = said[1].split(":").map((loop) => loop.split("*").map(Number));
	return Array.from({ length: count }, (_, i) => {
		let number = 0, factor = 1;
		for (const [step, turns] of loops) {
			number += (Math.floor(i / step) % turns) * factor;
			factor *= turns;
		}
		return number;
	});
}

// The tree: {kind, number, node, children}; a hardware thread has cpu. null: the text is no such description.
export function topologyOf(text) {
	const levels = levelsOf(text || "");
	if (levels.length === 0 || levels.at(-1).kind !== "cpu")
		return null;
	const total = levels.reduce((product, level) => product * level.count, 1);
	if (total > 4096)
		return null;
	const numbers = numbersOf(levels.at(-1).attributes, total);
	const seen = levels.map(() => 0);
	let nodes = 0;
	const children = (depth, node) => Array.from({ length: levels[depth]?.count || 0 }, () => {
		const level = levels[depth], number = seen[depth]++;
		const own = level.isNode ? nodes++ : node;
		return { kind: level.kind, number, node: own, isNode: level.isNode, cpu: level.kind === "cpu" ? numbers[number] : undefined,
			children: children(depth + 1, own) };
	});
	return { kind: "machine", number: 0, node: 0, children: children(0, 0), nodes: Math.max(1, nodes), cpus: total };
}
