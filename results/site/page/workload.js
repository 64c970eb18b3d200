// SPDX-License-Identifier: GPL-2.0-or-later
// One workload: how it scales with threads, size and its other parameters, config beside config, with the floor and the peers; the
// counters that explain a difference.
import { parameterWords } from "./data.js";
import { chart } from "./frame.js";
import { lineChart } from "./lines.js";
import { day, figure, link, make, ratio, time, verdict } from "./html.js";
import { table } from "./table.js";

// Lines that can be told apart in one chart.
const LINES_MAX = 8;
// Counters of the machine's noise, which explain nothing.
const QUIET = /\.raw$|^code_bytes|^geometry_/;

const order = (a, b) => a.localeCompare(b, "en", { numeric: true });

// {config, benchmark, ns, low, high, n} of a night's series of this workload.
function stands(index, session, workload) {
	return session.rows.map(([number, ns, low, high, n]) => ({ series: index.series[number], ns, low, high, n }))
		.filter((row) => row.series.benchmark.workload === workload);
}

// The parameters that take several values, with the values of the others as words: one chart each.
function sweeps(rows) {
	const names = new Set(rows.flatMap((row) => Object.keys(row.series.benchmark.parameters)));
	const found = [];
	for (const parameter of names) {
		const groups = new Map();
		for (const row of rows.filter((one) => parameter in one.series.benchmark.parameters)) {
			const rest = parameterWords(row.series.benchmark.parameters, [parameter, ...(parameter === "relation" ? ["threads"] : [])]).join(", ");
			groups.set(rest, [...(groups.get(rest) || []), row]);
		}
		for (const [rest, list] of groups) {
			const xs = [...new Set(list.map((row) => row.series.benchmark.parameters[parameter]))];
			if (xs.length > 1)
				found.push({ parameter, rest, rows: list, xs: parameter === "relation" ? byDistance(xs) : xs.sort(order) });
		}
	}
	return found;
}

const DISTANCE = ["same-cpu", "smt-sibling", "same-cache", "same-node", "node-near", "node-far"];
const byDistance = (xs) => xs.sort((a, b) => DISTANCE.indexOf(a) - DISTANCE.indexOf(b));

const UNITS = { size: "size of an object, bytes", threads: "threads", relation: "how the two threads lie to each other" };

function sweepChart(index, sweep, chosen, workload) {
	const lines = chosen.map((config, number) => ({
		name: config.name + (config.simulated ? " (simulated)" : ""), number,
		points: sweep.xs.map((x) => {
			const row = sweep.rows.find((one) => one.series.config === config && one.series.benchmark.parameters[sweep.parameter] === x);
			return row && { x, ns: row.ns, low: row.low, high: row.high };
		}).filter(Boolean),
	})).filter((line) => line.points.length > 0);
	const shown = sweep.rows.filter((row) => chosen.includes(row.series.config));
	const title = `${workload}: time by ${sweep.parameter}` + (sweep.rest ? ` (${sweep.rest})` : "");
	if (lines.length === 0)
		return make("p", {}, title + ": none of the chosen configs was measured.");
	return chart({
		title, name: `${workload}-by-${sweep.parameter}`,
		note: "A point is the median over processes, the bar their range. Lower is faster.",
		draw: (width) => lineChart(lines, { width, xs: sweep.xs, xTitle: UNITS[sweep.parameter] || sweep.parameter, ariaLabel: title }),
		rows: shown, columns: STAND_COLUMNS,
	});
}

const STAND_COLUMNS = [
	{ title: "Benchmark", key: (row) => row.series.benchmark.label, cell: (row) => row.series.benchmark.label, isHead: true },
	{ title: "Config", cell: (row) => row.series.config.name },
	{ title: "Median", key: (row) => row.ns, cell: (row) => time(row.ns), isNumber: true },
	{ title: "Lowest process", key: (row) => row.low, cell: (row) => time(row.low), isNumber: true },
	{ title: "Highest process", key: (row) => row.high, cell: (row) => time(row.high), isNumber: true },
	{ title: "Processes", key: (row) => row.n, cell: (row) => String(row.n), isNumber: true },
	{ title: "History", cell: (row) => link("over time", "history", { series: row.series.id }), csv: (row) => row.series.id },
];

// The base, the floor and the peers first: what every config is read against; then those that differ most.
function usual(configs, base, rows) {
	const far = (config) => Math.max(0, ...rows.filter((row) => row.config === config.name && row.ratio > 0).map((row) => Math.abs(Math.log(row.ratio))));
	const rest = configs.filter((config) => config !== base);
	const peers = rest.filter((config) => config.family === "peer").slice(0, 2);
	const floor = rest.filter((config) => config.family === "floor");
	const own = rest.filter((config) => config.family === "slab" && config.name !== "debug").sort((a, b) => far(b) - far(a));
	return [base, ...floor, ...peers, ...own].filter((config) => configs.includes(config)).slice(0, 6);
}

function picker(page, configs, chosen) {
	const boxes = configs.map((config) => make("label", {}, make("input", {
		type: "checkbox", value: config.name, checked: chosen.includes(config),
		change: () => {
			const names = boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value);
			location.hash = page.addressWith({ configs: names.join(",") });
		},
	}), config.name));
	return make("fieldset", { class: "picker" }, make("legend", {}, `Configs in the charts, up to ${LINES_MAX}`), ...boxes);
}

// ---- counters

function counterRows(rows) {
	return rows.flatMap((row) => (row.counters || []).filter((counter) => !QUIET.test(counter.name) && counter.verdict === "changed")
		.map((counter) => ({ row, counter })));
}

// Times the base's count or, where a process counted 0, by how much it is another.
function change(counter) {
	if (counter.ratio !== null)
		return ratio(counter.ratio);
	return (counter.difference > 0 ? "+" : "") + figure(counter.difference);
}

function counterInterval(counter) {
	if (counter.kind === "exact")
		return "exact";
	if (counter.low === null || counter.high === null)
		return "";
	return counter.kind === "ratio" ? `${ratio(counter.low)} to ${ratio(counter.high)}` : `${figure(counter.low)} to ${figure(counter.high)}`;
}

// What a reader must know of how it was counted.
function counterNote(counter) {
	if (counter.doubt)
		return `doubtful: ${counter.doubt}`;
	return counter.running !== null && counter.running < 0.995 ? `counted for ${Math.round(100 * counter.running)} % of the time` : "";
}

function counters(rows, base) {
	const found = counterRows(rows);
	const explained = rows.filter((row) => row.explanation);
	if (found.length === 0)
		return make("p", {}, `No counter of this workload surely differs from ${base}'s.`);
	return make("div", {},
		explained.length === 0 ? null : make("ul", {}, ...explained.map((row) => make("li", {}, make("strong", {}, `${row.name}, ${row.config}: `), row.explanation))),
		table("Counters that differ", found, [
			{ title: "Benchmark", cell: ({ row }) => row.name, isHead: true },
			{ title: "Config", cell: ({ row }) => row.config },
			{ title: "Time", key: ({ row }) => row.ratio, cell: ({ row }) => make("span", {}, verdict(row), " " + ratio(row.ratio)) },
			{ title: "Counter", cell: ({ counter }) => counter.name + (counter.simulated ? " (simulated)" : "") + (counter.per_operation ? ", an operation" : "") },
			{ title: base, key: ({ counter }) => counter.base, cell: ({ counter }) => figure(counter.base), isNumber: true },
			{ title: "Config's", key: ({ counter }) => counter.config, cell: ({ counter }) => figure(counter.config), isNumber: true },
			{ title: "Change", key: ({ counter }) => counter.ratio, cell: ({ counter }) => change(counter), isNumber: true },
			{ title: "95 % interval", cell: ({ counter }) => counterInterval(counter), isNumber: true },
			{ title: "Note", cell: ({ counter }) => counterNote(counter), isSparse: true },
		], { more: 40 }));
}

// ---- how configs scale

function speedup(compared, name, index, chosen) {
	const curves = (compared.curves || []).filter((curve) => curve.benchmark.split("/")[0] === name && chosen.some((config) => config.name === curve.side));
	const places = [...new Set(curves.map((curve) => curve.benchmark + "\n" + curve.placement))];
	return places.map((place) => {
		const own = curves.filter((curve) => curve.benchmark + "\n" + curve.placement === place);
		const xs = [...new Set(own.flatMap((curve) => curve.points.map((at) => String(at.threads))))].sort(order);
		const lines = own.map((curve) => ({ name: curve.side, number: chosen.findIndex((config) => config.name === curve.side),
			points: curve.points.filter((at) => at.speedup > 0).map((at) => ({ x: String(at.threads), ns: at.speedup, low: at.speedup_low ?? at.speedup, high: at.speedup_high ?? at.speedup })) }));
		const title = `Speed-up over ${own[0].threads_base === 1 ? "one thread" : own[0].threads_base + " threads"}, ${own[0].placement}`;
		return lines.every((line) => line.points.length === 0) ? null : chart({ title: `${name}: ${title.toLowerCase()}`, name: `${name}-speed-up-${own[0].placement}`,
			note: "The bar is the 95 % interval, paired by round. Higher is better.",
			draw: (width) => lineChart(lines, { width, xs, xTitle: "threads", ariaLabel: title, valueTitle: "speed-up (logarithmic)", format: (value) => Number(value.toPrecision(3)) + " ×" }),
			rows: own.flatMap((curve) => curve.points.map((at) => ({ side: curve.side, ...at }))), columns: [
				{ title: "Config", cell: (at) => at.side, isHead: true },
				{ title: "Threads", key: (at) => at.threads, cell: (at) => String(at.threads), isNumber: true },
				{ title: "Speed-up", key: (at) => at.speedup, cell: (at) => ratio(at.speedup), isNumber: true },
				{ title: "Low", key: (at) => at.speedup_low, cell: (at) => ratio(at.speedup_low), isNumber: true },
				{ title: "High", key: (at) => at.speedup_high, cell: (at) => ratio(at.speedup_high), isNumber: true },
				{ title: "Time", key: (at) => at.ns, cell: (at) => time(at.ns), isNumber: true }] });
	}).filter(Boolean);
}

// Latency by percentile, where the workload counts it.
const PERCENTILE = /(?:^|[_.])p(\d+(?:_\d+)?)(?:_ns)?$/;

function percentiles(rows) {
	const found = rows.flatMap((row) => (row.counters || []).filter((counter) => PERCENTILE.test(counter.name)).map((counter) => ({ row, counter })));
	return found.length === 0 ? null : make("section", {}, make("h2", {}, "Percentiles"), table("Percentiles", found, [
		{ title: "Benchmark", cell: ({ row }) => row.name, isHead: true },
		{ title: "Config", cell: ({ row }) => row.config },
		{ title: "Percentile", cell: ({ counter }) => counter.name },
		{ title: "Base", key: ({ counter }) => counter.base, cell: ({ counter }) => time(counter.base), isNumber: true },
		{ title: "Config's", key: ({ counter }) => counter.config, cell: ({ counter }) => time(counter.config), isNumber: true },
	], { more: 60 }));
}

// ---- the page

export async function workload(page) {
	const { index, load, parameters, choose } = page;
	const names = [...new Set(index.benchmarks.map((benchmark) => benchmark.workload))].sort(order);
	const name = names.includes(parameters.name) ? parameters.name : names[0];
	const night = index.night(Number(parameters.session));
	const session = night && await load("session/" + night.session);
	const compared = night && night.bases.includes(night.base.number) ? await load(`compare/${night.session}-${night.base.number}`) : { rows: [] };
	const rows = session ? stands(index, session, name) : [];
	const configs = index.configs.filter((config) => rows.some((row) => row.series.config === config));
	const own = compared.rows.filter((row) => row.workload === name);
	const asked = (parameters.configs || "").split(",");
	const chosen = parameters.configs ? configs.filter((config) => asked.includes(config.name)).slice(0, LINES_MAX) : usual(configs, night?.base, own);
	page.addressWith = (more) => "#/workload?" + new URLSearchParams({ name, session: night.session, ...more });
	return {
		title: name,
		content: make("div", {}, make("h1", {}, name),
			night ? make("p", { class: "lede" }, `${night.machine.host}, ${day(night.started)}`) : null,
			make("div", { class: "choices" }, choose("Workload", "name", names.map((one) => [one, one]), name),
				choose("Machine", "session", index.nights.map((one) => [one.session, one.machine.host]), night?.session)),
			rows.length === 0 ? make("p", {}, "This night measured nothing of this workload.") : picker(page, configs, chosen),
			...speedup(compared, name, index, chosen),
			...sweeps(rows).map((sweep) => sweepChart(index, sweep, chosen, name)),
			rows.length === 0 ? null : make("details", {}, make("summary", {}, `Every figure of this workload: ${rows.length}`), table("Every figure", rows, STAND_COLUMNS)),
			percentiles(own),
			own.length === 0 ? null : make("section", {}, make("h2", {}, "Counters that explain it"),
				make("p", { class: "note" }, "What both sides counted, and surely differs: judged as times are, with q of a family of its own. It shows what went with a time, and decides nothing."), counters(own, night.base.name))),
	};
}
