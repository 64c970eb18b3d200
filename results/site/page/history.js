// SPDX-License-Identifier: GPL-2.0-or-later
// A series over time: its levels, what changed it, what changed on its machine meanwhile; down to the commit and the processes.
import { chart } from "./frame.js";
import { address, breakable, commit, day, effect, figure, interval, link, make, plural, ratio, time, verdict } from "./html.js";
import { table } from "./table.js";
import { Timeline } from "./timeline.js";

function valuesOf(index, data) {
	return data.sessions.map((id, i) => {
		const session = index.sessionById.get(id);
		return { at: (session?.started || 0) * 1000, session: id, commit: session?.commit, ns: data.ns[i], low: data.low[i], high: data.high[i],
			figures: data.figures[i], n: data.n[i], i };
	});
}

function eventsOf(index, series, values) {
	return index.events.filter((event) => event.machine === series.machine.name).map((event) => ({
		at: (index.sessionById.get(event.session)?.started || 0) * 1000, label: event.event,
		text: `${event.event} of ${series.machine.host} changed from ${event.before} to ${event.after}`,
	})).filter((event) => event.at >= values[0].at);
}

function changesOf(data, values) {
	const steps = data.changes.map((change) => ({ ...change, at: values[change.index].at, shown: change.kind || "step" }));
	return steps.map((change) => ({
		at: change.at, kind: change.ratio > 1 ? "slower" : "faster",
		label: (change.ratio > 1 ? "▲ " : "▼ ") + ratio(change.ratio),
		text: `${change.day}: ${effect(change.ratio)}, 95 % interval ${interval(change)}`,
	}));
}

function changeTable(data) {
	const all = [...data.changes.map((change) => ({ kind: "step", ...change })), ...(data.drift ? [{ kind: "drift", ...data.drift }] : [])];
	if (all.length === 0)
		return make("p", {}, "No change was found.");
	return table("Changes", all, [
		{ title: "First seen", key: (change) => change.session, cell: (change) => link(change.day || "–", "run", { session: change.session }) },
		{ title: "Kind", cell: (change) => change.kind },
		{ title: "Change", key: (change) => change.ratio, cell: (change) => make("span", {}, verdict({ outcome: change.ratio > 1 ? "slower" : "faster" }), " " + effect(change.ratio)) },
		{ title: "95 % interval", key: (change) => change.ratio_low, cell: interval, isNumber: true },
		{ title: "Before", key: (change) => change.before, cell: (change) => time(change.before), isNumber: true },
		{ title: "After", key: (change) => change.after, cell: (change) => time(change.after), isNumber: true },
		{ title: "Commit", cell: (change) => commit(change.commit) },
		{ title: "Last before", cell: (change) => (change.commit_before ? commit(change.commit_before) + ", " + change.day_before : "–") },
		{ title: "State", cell: (change) => (change.state || "") + (change.note ? ": " + change.note : "") },
		{ title: "ID", cell: (change) => change.id || "" },
	], { isSorted: false });
}

function alarms(data) {
	if (!data.alarms?.length)
		return make("p", {}, "None was opened.");
	return table("Alarms", data.alarms, [
		{ title: "Since", key: (alarm) => alarm.since_session, cell: (alarm) => link(alarm.since_day || "–", "run", { session: alarm.since_session }) },
		{ title: "Known since", key: (alarm) => alarm.opened_session, cell: (alarm) => alarm.opened_day || "–" },
		{ title: "Kind", cell: (alarm) => alarm.kind },
		{ title: "Change", key: (alarm) => alarm.ratio, cell: (alarm) => make("span", {}, verdict({ outcome: alarm.ratio > 1 ? "slower" : "faster" }), " " + effect(alarm.ratio)) },
		{ title: "95 % interval", key: (alarm) => alarm.ratio_low, cell: interval, isNumber: true },
		{ title: "Commit", cell: (alarm) => commit(alarm.since_commit) },
		{ title: "State", cell: (alarm) => alarm.state + (alarm.judgement && alarm.judgement !== "new" ? ", " + alarm.judgement : "") + (alarm.note ? ": " + alarm.note : "") },
		{ title: "ID", cell: (alarm) => alarm.id || "" },
	], { isSorted: false });
}

const COLUMNS = [
	{ title: "Day", key: (value) => value.at, cell: (value) => day(value.at / 1000), csv: (value) => new Date(value.at).toISOString() },
	{ title: "Session", key: (value) => value.session, cell: (value) => link(String(value.session), "run", { session: value.session }), csv: (value) => value.session },
	{ title: "Commit", cell: (value) => commit(value.commit), csv: (value) => value.commit },
	{ title: "Median", key: (value) => value.ns, cell: (value) => time(value.ns), isNumber: true },
	{ title: "Lowest process", key: (value) => value.low, cell: (value) => time(value.low), isNumber: true },
	{ title: "Highest process", key: (value) => value.high, cell: (value) => time(value.high), isNumber: true },
	{ title: "Processes (ns)", cell: (value) => (value.figures || []).map((one) => figure(one)).join(" "), csv: (value) => (value.figures || []).join(" "), isSparse: true },
];

// ---- one series

async function one({ index, load }, series) {
	const data = await load("series/" + series.id);
	const values = valuesOf(index, data);
	const name = `${series.benchmark.label}, ${series.config.name}`;
	const model = { name, values, levels: data.levels, events: eventsOf(index, series, values), changes: changesOf(data, values),
		address: (value) => address("run", { session: value.session, name: series.benchmark.name, config: series.config.name }) };
	const others = index.series.filter((other) => other !== series && other.benchmark === series.benchmark)
		.sort((a, b) => Number(b.machine === series.machine) - Number(a.machine === series.machine));
	return {
		title: name,
		content: make("div", {}, make("p", { class: "over" }, link("All series", "history", {})), make("h1", {}, series.benchmark.label),
			make("p", { class: "lede" }, `${series.config.name} on ${series.machine.host}, ${plural(values.length, "session")}`
				+ (series.config.simulated ? ", simulated" : "")),
			chart({
				title: "Time an operation, night by night", name: "history-" + series.id,
				note: "A dot is a night's median, the line through it goes from its lowest process to its highest. The bar behind is a level: 95 of 100 of its nights lie within. ▲ and ▼ are where the level changed.",
				draw: (width) => new Timeline(model, width).element,
				rows: values, columns: COLUMNS,
			}),
			make("section", {}, make("h2", {}, "Changes, as all values tell them"), changeTable(data)),
			make("section", {}, make("h2", {}, "Alarms, as they were known night after night"), alarms(data)),
			make("section", {}, make("h2", {}, "The same benchmark elsewhere"), list(others, 12)),
			make("p", { class: "note" }, breakable(series.benchmark.name))),
	};
}

// ---- all of them

function list(series, more) {
	return table("Series", series, [
		{ title: "Benchmark", key: (one) => one.benchmark.label, cell: (one) => link(one.benchmark.label, "history", { series: one.id }), isHead: true },
		{ title: "Config", cell: (one) => one.config.name },
		{ title: "Machine", cell: (one) => one.machine.host },
		{ title: "Sessions", key: (one) => one.values, cell: (one) => String(one.values), isNumber: true },
		{ title: "Changes", key: (one) => one.changes, cell: (one) => String(one.changes), isNumber: true },
		{ title: "Newest", key: (one) => one.ns, cell: (one) => time(one.ns), isNumber: true },
	], { more });
}

function all({ index, parameters, choose }) {
	const unique = (values) => [["", "all"], ...[...new Set(values)].map((value) => [value, value])];
	const shown = index.series.filter((series) => (!parameters.machine || series.machine.host === parameters.machine)
		&& (!parameters.config || series.config.name === parameters.config)
		&& (!parameters.workload || series.benchmark.workload === parameters.workload)
		&& (!parameters.changed || series.changes > 0));
	return {
		title: "History",
		content: make("div", {}, make("h1", {}, "History"),
			make("p", { class: "lede" }, `${plural(index.series.length, "series", "series")} over ${plural(index.sessions.length, "session")}; `
				+ `${index.series.filter((series) => series.changes > 0).length} changed their level. Choose one to see it over time.`),
			make("div", { class: "choices" },
				choose("Workload", "workload", unique(index.benchmarks.map((benchmark) => benchmark.workload)), parameters.workload || ""),
				choose("Config", "config", unique(index.series.map((series) => series.config.name)), parameters.config || ""),
				choose("Machine", "machine", unique(index.machines.map((machine) => machine.host)), parameters.machine || ""),
				choose("Which", "changed", [["", "all"], ["yes", "only those that changed"]], parameters.changed || "")),
			make("p", {}, plural(shown.length, "series", "series")),
			list([...shown].sort((a, b) => b.changes - a.changes), 60),
			make("section", {}, make("h2", {}, "What changed on the machines"), events(index))),
	};
}

function events(index) {
	if (index.events.length === 0)
		return make("p", {}, "Nothing, as far as it was recorded.");
	return table("Events", index.events, [
		{ title: "Day", key: (event) => event.session, cell: (event) => day(index.sessionById.get(event.session)?.started) },
		{ title: "Machine", cell: (event) => index.machines.find((machine) => machine.name === event.machine)?.host || event.machine },
		{ title: "What", cell: (event) => event.event, isHead: true },
		{ title: "Before", cell: (event) => event.before, class: "notes" },
		{ title: "After", cell: (event) => event.after, class: "notes" },
		{ title: "Series that changed with it", key: (event) => event.changes, cell: (event) => `${event.changes} of ${event.series}`, isNumber: true },
	]);
}

export async function history(page) {
	const { index, parameters } = page;
	if (!parameters.series)
		return all(page);
	const series = index.seriesById.get(parameters.series);
	if (!series)
		throw new Error("This site has no series " + parameters.series + "; it may have been pruned.");
	return one(page, series);
}
