// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison holds beside its ratios: how configs scale with threads, what objects cost that travel from node to node, and
// what is left of times above the floor.
import { figure, interval, isNumber, make, ratio, time } from "./html.js";
import { table } from "./table.js";

// "1.94 (1.90 to 1.98)"; what the others are held against has no interval.
function speedup(point) {
	const isBase = !isNumber(point.speedup_low) || point.speedup_high - point.speedup_low < 1e-9;
	return figure(point.speedup) + (isBase ? "" : ` (${figure(point.speedup_low)} to ${figure(point.speedup_high)})`);
}

function curveSection(curves) {
	const points = curves.flatMap((curve) => curve.points.map((point) => ({ ...point, curve })));
	return make("section", {}, make("h2", {}, "Scaling"),
		make("p", {}, "How many times as many operations a second the threads do together as the fewest that were measured; compact and spread placement."),
		table("Scaling", points, [
			{ title: "Benchmark", cell: (point) => point.curve.benchmark, isHead: true },
			{ title: "Config", cell: (point) => point.curve.side },
			{ title: "Placement", cell: (point) => point.curve.placement },
			{ title: "Threads", key: (point) => point.threads, cell: (point) => String(point.threads), isNumber: true },
			{ title: "Time an operation", key: (point) => point.ns, cell: (point) => time(point.ns), isNumber: true },
			{ title: "Speed-up", key: (point) => point.speedup, cell: speedup, isNumber: true },
		]));
}

// A table of nodes by nodes; null where nothing was measured.
export function square(matrix, member, caption, show) {
	const figures = matrix[member].flat().filter(isNumber);
	const most = Math.max(...figures, 0);
	const heat = (value) => "number" + (isNumber(value) ? " heat" + Math.round(4 * value / (most || 1)) : "");
	return figures.length === 0 ? null : make("div", { class: "table", role: "region", tabindex: "0", "aria-label": caption }, make("table", { class: "nodes" },
		make("caption", {}, caption),
		make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "from \\ to"), ...matrix.nodes.map((node) => make("th", { scope: "col" }, "node " + node)))),
		make("tbody", {}, ...matrix[member].map((row, i) => make("tr", {}, make("th", { scope: "row" }, "node " + matrix.nodes[i]),
			...row.map((value) => make("td", { class: heat(value) }, isNumber(value) ? show(value) : "–")))))));
}

function matrixSection(matrices) {
	return make("section", {}, make("h2", {}, "From node to node"),
		make("p", {}, "Threads of one node (lines) allocate, threads of another (columns) free. The stronger the colour, the more."),
		...matrices.flatMap((matrix) => {
			const name = `${matrix.benchmark}, ${matrix.side}, memory ${matrix.memory}`;
			return [square(matrix, "ns", `Time an object: ${name}`, (value) => time(value)),
				square(matrix, "remote_frees", `Remote frees an object: ${name}`, figure)];
		}));
}

function floorSection(rows) {
	return make("details", {}, make("summary", {}, `Above the floor: the same times without what ${rows[0].above_floor.floor} takes`),
		make("p", {}, `The same times without what ${rows[0].above_floor.floor} takes, which is what the workload itself costs. Loops overlap with the allocator's work, so the difference is no exact price, and no verdict rests on it.`),
		table("Above the floor", rows, [
			{ title: "Benchmark", cell: (row) => row.name, isHead: true },
			{ title: "Config", cell: (row) => row.config },
			{ title: "Time", key: (row) => row.config_ns, cell: (row) => time(row.config_ns), isNumber: true },
			{ title: "Ratio", key: (row) => row.ratio, cell: (row) => ratio(row.ratio), isNumber: true },
			{ title: "Floor", key: (row) => row.above_floor.floor_ns, cell: (row) => time(row.above_floor.floor_ns), isNumber: true },
			{ title: "Time above it", key: (row) => row.above_floor.config_ns, cell: (row) => time(row.above_floor.config_ns), isNumber: true },
			{ title: "Ratio above it", key: (row) => row.above_floor.ratio, cell: (row) => ratio(row.above_floor.ratio), isNumber: true },
			{ title: "Interval", cell: (row) => interval(row.above_floor) },
		]));
}

// The sections that the comparison has something for.
export function besides(data, rows) {
	const floors = rows.filter((row) => isNumber(row.above_floor?.ratio));
	return [data.curves ? curveSection(data.curves) : null, data.matrices ? matrixSection(data.matrices) : null,
		floors.length > 0 ? floorSection(floors) : null].filter(Boolean);
}
