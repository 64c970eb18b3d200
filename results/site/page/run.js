// SPDX-License-Identifier: GPL-2.0-or-later
// What was recorded: the processes of a session, and of one process everything, to read and to take away.
import { commit, day, download, figure, link, make, plural, time } from "./html.js";
import { csvButton, table } from "./table.js";

const textOf = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function facts(of) {
	return make("dl", { class: "facts" }, ...Object.entries(of).sort(([a], [b]) => a.localeCompare(b)).flatMap(([name, value]) =>
		[make("dt", {}, name.replaceAll("_", " ")), make("dd", {}, textOf(value))]));
}

function counters(of) {
	const list = Object.entries(of).sort(([a], [b]) => a.localeCompare(b));
	return list.length === 0 ? null : make("details", {}, make("summary", {}, plural(list.length, "counter")),
		table("Counters", list, [{ title: "Counter", cell: ([name]) => name, isHead: true }, { title: "Count", key: ([, value]) => value, cell: ([, value]) => figure(value), isNumber: true }]));
}

const SAMPLE = [
	{ title: "Benchmark", cell: (sample) => sample.name, isHead: true },
	{ title: "Repetition", key: (sample) => sample.repetition, cell: (sample) => sample.aggregate || String(sample.repetition ?? ""), isNumber: true },
	{ title: "Time", key: (sample) => sample.ns, cell: (sample) => time(sample.ns, 6), isNumber: true },
	{ title: "CPU time", key: (sample) => sample.cpu_ns, cell: (sample) => time(sample.cpu_ns, 6), isNumber: true },
	{ title: "Iterations", key: (sample) => sample.iterations, cell: (sample) => (sample.iterations ?? "–").toLocaleString("en"), isNumber: true },
	{ title: "Threads", key: (sample) => sample.threads, cell: (sample) => String(sample.threads ?? ""), isNumber: true },
	{ title: "Placement", cell: (sample) => sample.label || "", isSparse: true, class: "notes" },
	{ title: "Failure", cell: (sample) => sample.error || "", isSparse: true, class: "notes" },
	{ title: "Counters", cell: (sample) => counters(sample.counters) || "", csv: (sample) => JSON.stringify(sample.counters), isSparse: true },
];

// ---- one process

function one(data, process, session) {
	return {
		title: "Process " + process.id,
		content: make("div", {}, make("p", { class: "over" }, link("Session " + data.session, "run", { session: data.session })), make("h1", {}, `Process ${process.id}`),
			make("p", { class: "lede" }, `${process.config}, ${process.workload}, round ${process.round + 1}, place ${process.position + 1} of its round, `
				+ `${day(process.started)}, commit ${commit(session?.commit)}`),
			make("h2", {}, "Samples"), table("Samples", process.samples, SAMPLE),
			make("div", { class: "tools" }, csvButton("process-" + process.id, process.samples, SAMPLE),
				make("button", { type: "button", class: "quiet", click: () => download(`process-${process.id}.json`,
					JSON.stringify({ ...process, facts: { ...data.facts, ...process.facts } }, null, 1), "application/json") }, "Everything as JSON")),
			make("h2", {}, "Of this process alone"), facts({ ...process.facts, elapsed: process.elapsed_s + " s" }),
			make("h2", {}, "Of all processes of the session"), facts(data.facts)),
	};
}

// ---- a session

function processRows(data, parameters) {
	return data.processes.flatMap((process) => process.samples.map((sample) => ({ process, sample }))).filter(({ process, sample }) =>
		(!parameters.name || sample.name === parameters.name) && (!parameters.config || process.config === parameters.config));
}

const ROW = [
	{ title: "Process", key: ({ process }) => process.id, cell: ({ process, session }) => link(String(process.id), "run", { session, process: process.id }), isHead: true, csv: ({ process }) => process.id },
	{ title: "Round", key: ({ process }) => process.round, cell: ({ process }) => String(process.round + 1), isNumber: true },
	{ title: "Config", cell: ({ process }) => process.config },
	{ title: "Benchmark", cell: ({ sample }) => sample.name },
	{ title: "Repetition", key: ({ sample }) => sample.repetition, cell: ({ sample }) => sample.aggregate || String(sample.repetition ?? ""), isNumber: true },
	{ title: "Time", key: ({ sample }) => sample.ns, cell: ({ sample }) => time(sample.ns, 5), isNumber: true },
	{ title: "Migrations", key: ({ sample }) => sample.counters.migrations, cell: ({ sample }) => (sample.counters.migrations ? String(sample.counters.migrations) : ""), isSparse: true, isNumber: true },
	{ title: "Failure", cell: ({ sample }) => sample.error || "", isSparse: true, class: "notes" },
];

function without(index, id, session, choose, sessions) {
	return {
		title: "Session " + id,
		content: make("div", {}, make("h1", {}, "Session " + id), session ? make("p", { class: "lede" }, `${session.machine.host}, ${day(session.started)}, commit ${commit(session.commit)}, ${plural(session.processes, "process", "processes")}`) : null,
			make("div", { class: "choices" }, choose("Session", "session", sessions, id)),
			make("p", {}, "The site holds the raw samples of the newest nights and of those in which a level changed. Of this session they are in the store: ",
				make("code", {}, `slabmark export --session=${id} --format=csv`)),
			session ? make("p", {}, link("What each series stood at then, against the newest night", "configs", { session: id, against: index.night()?.session })) : null),
	};
}

export async function run({ index, load, parameters, choose }) {
	const id = Number(parameters.session) || index.runs[0];
	const session = index.sessionById.get(id);
	const sessions = index.runs.map((one) => index.sessionById.get(one)).filter(Boolean)
		.map((one) => [one.id, `${one.id}: ${one.machine.host}, ${day(one.started)}`]);
	if (!index.runs.includes(id))
		return without(index, id, session, choose, [[id, id + ": not here"], ...sessions]);
	const data = await load("run/" + id);
	const process = data.processes.find((one) => one.id === Number(parameters.process));
	if (process)
		return one(data, process, session);
	const rows = processRows(data, parameters).map((row) => ({ ...row, session: id }));
	const unique = (values, chosen) => [["", "all"], ...[...new Set([...values, ...(chosen ? [chosen] : [])])].sort().map((value) => [value, value])];
	return {
		title: "Session " + id,
		content: make("div", {}, make("h1", {}, "Session " + id),
			make("p", { class: "lede" }, session ? `${session.machine.host}, ${day(session.started)}, commit ${commit(session.commit)}, ${plural(session.processes, "process", "processes")}, `
				+ (session.isComplete ? "complete" : "not complete") : ""),
			make("div", { class: "choices" }, choose("Session", "session", sessions, id),
				choose("Config", "config", unique(data.processes.map((one) => one.config), parameters.config), parameters.config || ""),
				choose("Benchmark", "name", unique(data.processes.flatMap((one) => one.samples.map((sample) => sample.name)), parameters.name), parameters.name || "")),
			make("h2", {}, plural(rows.length, "raw sample")), table("Raw samples", rows, ROW, { more: 40 }),
			make("div", { class: "tools" }, csvButton("session-" + id, rows, ROW)),
			make("h2", {}, "What all of its processes share"), facts(data.facts)),
	};
}
