// SPDX-License-Identifier: GPL-2.0-or-later
// Configs by workloads: ratios to a chosen reference; any two configs of a night as a chart; any two sessions, which may be of two
// commits or two machines.
import { besides } from "./curves.js";
import { parameterWords } from "./data.js";
import { byFamily } from "./families.js";
import { chart } from "./frame.js";
import { forest, forestRow } from "./forest.js";
import { commit, day, effect, interval, link, make, plural, probability, ratio, share, time, verdict, verdictOf, warnings } from "./html.js";
import { csvButton, table } from "./table.js";

const nightWords = (night) => `${night.machine.host}, ${day(night.started)}`;
const sessionWords = (session) => `${session.id}: ${session.machine.host}, ${day(session.started)}, ${commit(session.commit)}`;

const COLUMNS = [
	{ title: "Benchmark", cell: (row) => row.name, isHead: true },
	{ title: "Config", cell: (row) => row.config },
	{ title: "Ratio", key: (row) => row.ratio, cell: (row) => ratio(row.ratio), isNumber: true },
	{ title: "Low", key: (row) => row.ratio_low, cell: (row) => ratio(row.ratio_low), isNumber: true },
	{ title: "High", key: (row) => row.ratio_high, cell: (row) => ratio(row.ratio_high), isNumber: true },
	{ title: "Verdict", key: (row) => verdictOf(row).words, cell: verdict },
	{ title: "q", key: (row) => row.q, cell: (row) => probability(row.q), isNumber: true },
	{ title: "Base", key: (row) => row.base_ns, cell: (row) => time(row.base_ns), isNumber: true },
	{ title: "Time", key: (row) => row.config_ns, cell: (row) => time(row.config_ns), isNumber: true },
	{ title: "Processes", key: (row) => row.n, cell: (row) => String(row.n ?? ""), isNumber: true },
	{ title: "Warnings", cell: (row) => (row.warnings || []).join("; "), isSparse: true, class: "notes" },
];

// ---- the matrix

function cell(index, row, machine, address) {
	if (!row)
		return make("td", { class: "none" }, make("span", { "aria-hidden": "true" }, "·"), make("span", { class: "unseen" }, "not measured by both"));
	const known = verdictOf(row);
	const doubts = row.warnings?.length || 0;
	const says = `${effect(row.ratio)}, 95 % interval ${interval(row)}, ${known.words}` + (doubts ? `; ${plural(doubts, "warning")}: ${row.warnings.join("; ")}` : "");
	return make("td", { class: known.kind, title: says },
		make("a", { href: address(row) }, make("span", { class: "shape", "aria-hidden": "true" }, known.shape), ratio(row.ratio),
			doubts ? make("sup", {}, "⚠") : null, make("span", { class: "unseen" }, " × " + known.words)),
		make("small", {}, interval(row)));
}

function matrix(index, rows, configs, { caption, machine, address, mark }) {
	const byKey = new Map(rows.map((row) => [row.name + "\n" + row.config, row]));
	const names = [...new Set(rows.map((row) => row.name))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
	const body = [];
	let workload = null;
	for (const name of names) {
		const benchmark = index.benchmarks.find((one) => one.name === name) || { workload: name, parameters: {}, label: name };
		if (benchmark.workload !== workload) {
			workload = benchmark.workload;
			body.push(make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: configs.length + 1 },
				link(workload, "workload", { name: workload }))));
		}
		body.push(make("tr", {}, make("th", { scope: "row", title: name }, parameterWords(benchmark.parameters).join(", ") || benchmark.label),
			...configs.map((config) => cell(index, byKey.get(name + "\n" + config.name), machine, address))));
	}
	return make("div", { class: "table matrix", role: "region", "aria-label": caption, tabindex: "0" }, make("table", {}, make("caption", {}, caption),
		make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Benchmark"), ...configs.map((config) => make("th", { scope: "col", title: config.description || "" },
			mark(config), config.simulated ? make("span", { class: "simulated" }, "simulated") : null)))),
		make("tbody", {}, ...body)));
}

function ordered(index, rows, order) {
	const names = [...new Set(rows.map((row) => row.config))];
	const mean = (name) => {
		const logs = rows.filter((row) => row.config === name && row.ratio > 0).map((row) => Math.log(row.ratio));
		return logs.reduce((sum, log) => sum + log, 0) / (logs.length || 1);
	};
	const found = names.map((name) => index.configs.find((config) => config.name === name) || { name, family: "slab" });
	if (order === "effect")
		return found.map((config) => ({ config, mean: mean(config.name) })).sort((a, b) => a.mean - b.mean).map(({ config }) => config);
	return byFamily(index, found, (config) => config.name, (config) => (order === "name" ? 0 : mean(config.name))).flatMap((group) => group.items);
}

// ---- two configs

function pair(rows, config, base, index, night) {
	const mine = rows.filter((row) => row.config === config);
	if (mine.length === 0)
		return make("p", {}, `Nothing was measured for both ${config} and ${base}.`);
	const simulated = index.configs.find((one) => one.name === config)?.simulated;
	const shown = mine.map((row) => {
		const benchmark = index.benchmarks.find((one) => one.name === row.name);
		const series = index.find(row.name, config, night.machine);
		return forestRow(row, benchmark ? benchmark.label : row.name, { title: row.name, simulated, href: series ? "#/history?series=" + series.id : null });
	});
	return chart({
		title: `${config} to ${base}`, name: `${config}-to-${base}`,
		note: "A line is a benchmark. The bar holds the true ratio with 95 % confidence; within the band a difference is too small to care about.",
		draw: (width) => forest(shown, { width, margin: index.margin, axisTitle: `time of ${config} ÷ time of ${base}`, ariaLabel: `Ratios of ${config} to ${base}` }),
		rows: mine, columns: COLUMNS,
	});
}

// ---- one config alone

function alone(figures, name) {
	return make("div", {}, make("p", {}, `The session measured ${name} alone: there is no ratio, and these are its times.`), table("Times", figures, [
		{ title: "Benchmark", cell: (row) => row.name, isHead: true },
		{ title: "Time", key: (row) => row.ns, cell: (row) => time(row.ns), isNumber: true },
		{ title: "Interval", key: (row) => row.ns_low, cell: (row) => `${time(row.ns_low)} to ${time(row.ns_high)}`, isNumber: true },
		{ title: "Processes", key: (row) => row.n, cell: (row) => String(row.n), isNumber: true },
		{ title: "Failed", key: (row) => row.failed, cell: (row) => (row.failed ? String(row.failed) : ""), isSparse: true, isNumber: true },
		{ title: "Equal programs differ by", key: (row) => row.floor, cell: (row) => (row.floor === null ? "–" : share(row.floor)), isNumber: true },
	]));
}

// ---- two sessions: what each series stood at, without a verdict

async function twoSessions({ index, load, parameters, choose }) {
	const [left, right] = [Number(parameters.session), Number(parameters.against)].map((id) => index.sessionById.get(id));
	if (!left || !right)
		throw new Error("One of these sessions is not in this site.");
	const [before, after] = await Promise.all([load("session/" + right.id), load("session/" + left.id)]);
	const key = (series) => series.benchmark.name + "\n" + series.config.name;
	const base = new Map(before.rows.map(([number, ns, low, high, n]) => [key(index.series[number]), { ns, low, high, n }]));
	const rows = after.rows.map(([number, ns, low, high, n]) => {
		const series = index.series[number], from = base.get(key(series));
		return from && { name: series.benchmark.name, workload: series.benchmark.workload, config: series.config.name, series: series.id,
			ratio: ns / from.ns, ratio_low: low / from.high, ratio_high: high / from.low, base_ns: from.ns, config_ns: ns, n, verdict: "not judged" };
	}).filter(Boolean);
	const command = left.machine === right.machine ? `slabmark compare --col=session ${right.id} ${left.id}`
		: `slabmark compare --col=session --across ${right.id} ${left.id}`;
	return {
		title: `Session ${left.id} to ${right.id}`,
		content: make("div", {}, make("h1", {}, `Session ${left.id} to session ${right.id}`),
			make("p", { class: "lede" }, `${sessionWords(left)} to ${sessionWords(right)}`), choices({ index, parameters, choose }, index.night(left.id)),
			make("p", {}, "The medians of the two sessions; the range is from the processes nearest to each other to those farthest apart. These ratios are not judged. ",
				"For a verdict: ", make("code", {}, command), left.machine === right.machine ? "" : ". The machines differ: what they are is part of the ratio."),
			rows.length ? matrix(index, rows, ordered(index, rows, parameters.order), { caption: "Ratios of the sessions", address: (row) => "#/history?series=" + row.series,
				mark: (config) => config.name }) : make("p", {}, "The two sessions measured nothing that is the same."),
			csvButton(`session-${left.id}-to-${right.id}`, rows, COLUMNS)),
	};
}

// ---- the page

function choices({ index, parameters, choose }, night) {
	const here = index.is_single_file ? index.nights.map((one) => index.sessionById.get(one.session)).filter(Boolean) : index.sessions;
	const sessions = [...here].sort((a, b) => b.started - a.started).map((session) => [session.id, sessionWords(session)]);
	const bases = (night.bases || []).map((number) => index.configs[number]);
	return make("div", { class: "choices" },
		parameters.against ? choose("Session", "session", sessions, parameters.session)
			: choose("Night", "session", index.nights.map((one) => [one.session, nightWords(one)]), night.session),
		parameters.against ? null : choose("Ratios to", "base", bases.map((config) => [config.name, config.name]), parameters.base || night.base.name),
		parameters.against ? null : choose("One config alone", "config", [["", "all of them"], ...night.configs.map((config) => [config.name, config.name])], parameters.config || ""),
		choose("Order", "order", [["", "by family, then effect"], ["effect", "by effect"], ["name", "as measured"]], parameters.order || ""),
		choose("Against session", "against", [["", "none: configs of one night"], ...sessions], parameters.against || ""));
}

export async function configs(page) {
	const { index, load, parameters } = page;
	if (parameters.against)
		return twoSessions({ ...page, parameters: { session: index.nights[0]?.session, ...parameters } });
	const night = index.night(Number(parameters.session));
	const base = index.configs.find((config) => config.name === parameters.base) || night?.base;
	if (!night || !night.bases.includes(base.number))
		return { title: "Configs", content: make("div", {}, make("h1", {}, "Configs"), choices(page, night || { bases: [], configs: [], base: {} }),
			make("p", {}, night?.compare.why_not ? "There is nothing to compare: " + night.compare.why_not + "." : "There is nothing to compare.")) };
	const data = await load(`compare/${night.session}-${base.number}`);
	const config = parameters.config && parameters.config !== base.name ? parameters.config : null;
	const rows = config ? data.rows.filter((row) => row.config === config) : data.rows;
	return {
		title: config ? `${config} to ${base.name}` : "Configs",
		content: make("div", {}, make("h1", {}, config ? `${config} to ${base.name}` : data.rows.length ? `Every config to ${base.name}` : base.name),
			make("p", { class: "lede" }, `${nightWords(night)}. A ratio is a config's time an operation over that of ${base.name}; above 1 is slower. `
				+ `${plural(data.rounds, "round")}, a fresh process of each config in each; within ${share(data.margin)} is too little to care about.`),
			choices(page, night), legend(), warnings(data.warnings),
			data.rows.length === 0 ? alone(data.figures || [], base.name)
				: config ? pair(rows, config, base.name, index, night)
					: matrix(index, rows, ordered(index, rows, parameters.order), { caption: `Ratios to ${base.name}`, machine: night.machine,
						address: (row) => `#/configs?session=${night.session}&base=${encodeURIComponent(base.name)}&config=${encodeURIComponent(row.config)}`,
						mark: (one) => link(one.name, "configs", { session: night.session, base: base.name, config: one.name }) }),
			config ? null : make("div", { class: "tools" }, csvButton(`configs-${night.session}-${base.name}`, rows, COLUMNS)),
			...besides(data, rows),
			make("p", { class: "note" }, "The address of this page holds what you chose: copy it to share it.")),
	};
}

const legend = () => make("ul", { class: "legend" }, ...["slower", "faster", "equivalent", "undecided"].map((outcome) => make("li", {}, verdict({ outcome }))));
