// SPDX-License-Identifier: GPL-2.0-or-later
// The machine as hwloc describes it with the threads where they ran; what it costs when objects travel between CPUs; node by node
// counts of frees and of whatever else was counted so.
import { square } from "./curves.js";
import { chart, fitting } from "./frame.js";
import { lineChart } from "./lines.js";
import { day, figure, make, svg, time } from "./html.js";
import { topologyOf } from "./topology.js";

const DISTANCE = ["same-cpu", "smt-sibling", "same-cache", "same-node", "node-near", "node-far"];

// ---- who ran where: "producer on CPU 1 of node 0, consumer on CPU 0 of node 0"

function placesOf(label) {
	return [...(label || "").matchAll(/([\w ]+?) on CPU (\d+) of node (\d+)/g)].map(([, role, cpu, node]) => ({
		role: role.replace(/^[, ]+/, ""), cpu: Number(cpu), node: Number(node) }));
}

// The placements of a night: one a benchmark and way to run.
function placements(run) {
	const found = new Map();
	for (const process of run?.processes || []) {
		for (const sample of process.samples) {
			const places = placesOf(sample.label);
			if (places.length > 0 && !found.has(sample.name))
				found.set(sample.name, places);
		}
	}
	return found;
}

// ---- the drawing

const CPU = 26, GAP = 6, HEAD = 18;

// Sizes from the inside out; what stands beside what wraps at the width.
function layout(part, width) {
	if (part.kind === "cpu")
		return { part, width: CPU, height: CPU, inside: [] };
	const room = width - 2 * GAP;
	const inside = [];
	let x = GAP, y = GAP + (part.kind === "core" ? 0 : HEAD), tall = 0, most = 0;
	for (const child of part.children) {
		const box = layout(child, room);
		if (x > GAP && x + box.width > width - GAP) {
			x = GAP;
			y += tall + GAP;
			tall = 0;
		}
		inside.push({ box, x, y });
		x += box.width + GAP;
		most = Math.max(most, x);
		tall = Math.max(tall, box.height);
	}
	return { part, width: Math.max(most, part.kind === "core" ? 0 : 84), height: y + tall + GAP, inside };
}

const NAMES = { package: "package", node: "node", L3: "L3 cache", die: "die", group: "group", machine: "machine" };

function nameOf(part) {
	if (part.isNode && part.kind !== "node")
		return `${NAMES[part.kind]} ${part.number}, node ${part.node}`;
	return `${NAMES[part.kind]} ${part.number}`;
}

function drawn({ part, width, height, inside }, x, y, threads) {
	const thread = part.kind === "cpu" ? threads.find((one) => one.cpu === part.cpu) : null;
	return svg("g", { class: "part " + part.kind + (part.isNode ? " node" : "") + (thread ? " used" : ""), transform: `translate(${x},${y})` },
		svg("rect", { width, height, rx: 3 }),
		part.kind === "cpu" ? svg("text", { x: width / 2, y: height / 2 + 4, "text-anchor": "middle" }, String(part.cpu))
			: part.kind === "core" ? null : svg("text", { x: GAP, y: 14 }, nameOf(part)),
		thread ? svg("title", {}, thread.roles.join(", ") + " on CPU " + part.cpu) : null,
		...inside.map((one) => drawn(one.box, one.x, one.y, threads)));
}

function machineDrawing(tree, width, places) {
	const threads = [...new Set(places.map((place) => place.cpu))].map((cpu) => ({ cpu, roles: places.filter((place) => place.cpu === cpu).map((place) => place.role) }));
	const parts = tree.children.map((child) => layout(child, width));
	let y = 0;
	const marks = parts.map((box) => {
		const mark = drawn(box, 0, y, threads);
		y += box.height + GAP;
		return mark;
	});
	return svg("svg", { class: "machine", width, height: y, viewBox: `0 0 ${width} ${y}`, role: "img",
		"aria-label": "The machine's packages, nodes, caches, cores and hardware threads" + (threads.length ? "; used: "
			+ threads.map((thread) => thread.roles.join(" and ") + " on CPU " + thread.cpu).join(", ") : "") }, ...marks);
}

// ---- node by node

const PAIR = /^(.+?)\.node(\d+)\.node(\d+)$/;

// {counter: {"benchmark, config": [[mean]]}} of what was counted for pairs of nodes.
function matrices(run) {
	const found = new Map();
	for (const process of run?.processes || []) {
		for (const sample of process.samples) {
			for (const [name, count] of Object.entries(sample.counters)) {
				const [, counter, from, to] = PAIR.exec(name) || [];
				if (!counter || counter.endsWith(".raw"))
					continue;
				const key = [counter, sample.name, process.config].join("\n");
				const matrix = found.get(key) || { counter, benchmark: sample.name, config: process.config, cells: new Map() };
				const cell = matrix.cells.get(from + "," + to) || { sum: 0, n: 0, from: Number(from), to: Number(to) };
				cell.sum += count;
				cell.n++;
				matrix.cells.set(from + "," + to, cell);
				found.set(key, matrix);
			}
		}
	}
	return [...found.values()];
}

function matrixTable(matrix, nodes) {
	const numbers = Array.from({ length: nodes }, (_, i) => i);
	const mean = (from, to) => { const cell = matrix.cells.get(from + "," + to); return cell ? cell.sum / cell.n : 0; };
	const most = Math.max(...[...matrix.cells.values()].map((cell) => cell.sum / cell.n));
	return make("div", { class: "table", role: "region", tabindex: "0", "aria-label": matrix.counter }, make("table", { class: "nodes" },
		make("caption", {}, `${matrix.counter} an operation: ${matrix.benchmark}, ${matrix.config}`),
		make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "from \\ to"), ...numbers.map((to) => make("th", { scope: "col" }, "node " + to)))),
		make("tbody", {}, ...numbers.map((from) => make("tr", {}, make("th", { scope: "row" }, "node " + from),
			...numbers.map((to) => make("td", { class: "number heat" + Math.round(4 * mean(from, to) / (most || 1)) }, figure(mean(from, to)))))))));
}

function matrixSection(run, tree, parameters, choose) {
	const all = matrices(run);
	if (all.length === 0)
		return make("p", {}, "This night counted nothing node by node. On a machine with several nodes the allocator counts who freed whose objects.");
	const chosen = all[Number(parameters.matrix)] || all.find((one) => one.config === "default" && [...one.cells.values()].some((cell) => cell.sum > 0)) || all[0];
	const nodes = Math.max(tree?.nodes || 0, ...[...chosen.cells.values()].map((cell) => Math.max(cell.from, cell.to) + 1));
	return make("div", {}, choose("Which", "matrix", all.map((one, i) => [i, `${one.counter}: ${one.benchmark}, ${one.config}`]), all.indexOf(chosen)),
		matrixTable(chosen, nodes), make("p", { class: "note" }, "Of remote_frees a row is the node that freed, and a column the node whose objects they were. The stronger the colour, the more."));
}

// Hand-over from node to node, as `slabmark run --place=matrix` measures it.
function handovers(compared, parameters, choose) {
	const all = compared?.matrices || [];
	if (all.length === 0)
		return null;
	const chosen = all[Number(parameters.handover)] || all[0];
	return make("section", {}, make("h2", {}, "Hand-over from node to node"),
		choose("Which", "handover", all.map((one, i) => [i, `${one.benchmark}, ${one.side}${one.memory ? ", memory " + one.memory : ""}`]), all.indexOf(chosen)),
		square(chosen, "ns", "Time an object", (value) => time(value)), square(chosen, "remote_frees", "Remote frees an object", figure),
		make("p", { class: "note" }, "A line is the node whose threads allocate, a column the node whose threads free."));
}

// ---- what distance costs

function distances(index, session, night) {
	const rows = session.rows.map(([number, ns, low, high]) => ({ series: index.series[number], ns, low, high }))
		.filter((row) => row.series.benchmark.parameters.relation && row.series.benchmark.parameters.threads === "2");
	const workloads = [...new Set(rows.map((row) => row.series.benchmark.workload))];
	return workloads.map((workload) => {
		const own = rows.filter((row) => row.series.benchmark.workload === workload);
		const xs = DISTANCE.filter((relation) => own.some((row) => row.series.benchmark.parameters.relation === relation));
		const configs = [...new Set(own.map((row) => row.series.config))].filter((config) => config.name !== "debug").slice(0, 6);
		if (xs.length < 2)
			return null;
		const lines = configs.map((config, number) => ({ name: config.name, number, points: xs.map((x) => {
			const row = own.find((one) => one.series.config === config && one.series.benchmark.parameters.relation === x);
			return row && { x, ns: row.ns, low: row.low, high: row.high };
		}).filter(Boolean) }));
		return chart({ title: `${workload}: what distance costs`, name: `${workload}-by-distance-${night.session}`,
			note: "From left to right the two CPUs lie farther from each other.",
			draw: (width) => lineChart(lines, { width, xs, xTitle: "how the two threads lie to each other", ariaLabel: `${workload} by distance` }),
			rows: own, columns: [
				{ title: "Relation", cell: (row) => row.series.benchmark.parameters.relation, isHead: true },
				{ title: "Config", cell: (row) => row.series.config.name },
				{ title: "Median", key: (row) => row.ns, cell: (row) => time(row.ns), isNumber: true },
				{ title: "Lowest", key: (row) => row.low, cell: (row) => time(row.low), isNumber: true },
				{ title: "Highest", key: (row) => row.high, cell: (row) => time(row.high), isNumber: true }] });
	}).filter(Boolean);
}

// ---- the page

function placeTable(places, name) {
	const own = places.get(name) || [];
	return own.length === 0 ? null : make("p", {}, own.map((place) => `${place.role} on CPU ${place.cpu} of node ${place.node}`).join("; "));
}

export async function numa({ index, load, parameters, choose }) {
	const night = index.night(Number(parameters.session));
	if (!night)
		return { title: "NUMA", content: make("div", {}, make("h1", {}, "NUMA"), make("p", {}, "No session was measured yet.")) };
	const [session, run, compared] = await Promise.all([load("session/" + night.session), index.runs.includes(night.session) ? load("run/" + night.session) : null,
		night.bases.includes(night.base.number) ? load(`compare/${night.session}-${night.base.number}`) : null]);
	const tree = topologyOf(night.machine.topology);
	const places = placements(run);
	const names = [...places.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
	const name = names.includes(parameters.name) ? parameters.name : names.find((one) => one.includes("node-far")) || names[0];
	return {
		title: "NUMA",
		content: make("div", {}, make("h1", {}, night.machine.host),
			make("p", { class: "lede" }, `${night.machine.facts?.topology_summary || "unknown topology"}; ${day(night.started)}`),
			make("div", { class: "choices" }, choose("Machine", "session", index.nights.map((one) => [one.session, one.machine.host]), night.session),
				names.length ? choose("Threads of", "name", names.map((one) => [one, one]), name) : null),
			placeTable(places, name),
			tree ? make("figure", { class: "chart" }, make("figcaption", {}, make("h3", {}, "The machine, as hwloc describes it"),
				make("p", { class: "note" }, "A box is a hardware thread, with its number; filled ones ran the threads of the chosen benchmark.")),
			fitting((width) => machineDrawing(tree, width, places.get(name) || []))) : make("p", {}, "The store does not hold this machine's topology: programs of this version record it as the fact ",
				make("code", {}, "topology"), "."),
			...distances(index, session, night), handovers(compared, parameters, choose),
			make("section", {}, make("h2", {}, "Node by node"), matrixSection(run, tree, parameters, choose))),
	};
}
