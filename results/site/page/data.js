// SPDX-License-Identifier: GPL-2.0-or-later
// Gets the site's data: chunks come as scripts, because file:// forbids a page to fetch, or lie in the page itself
// where the site is one file. What is in each is in DATA.md.

const chunks = new Map(); // name -> promise of its data
const waiting = new Map(); // name -> what to call when its script ran

// What a chunk's script calls.
export function take(name, data) {
	const wait = waiting.get(name);
	if (wait)
		wait(data);
	else
		chunks.set(name, Promise.resolve(data));
}

const path = (name) => (name.includes("/") ? name : "data/" + name) + ".js";

function embedded(name) {
	return [...document.querySelectorAll("script[data-chunk]")].find((script) => script.dataset.chunk === name);
}

function request(name) {
	const inside = embedded(name);
	if (inside)
		return Promise.resolve(JSON.parse(inside.textContent));
	return new Promise((resolve, reject) => {
		const script = document.createElement("script");
		waiting.set(name, resolve);
		script.src = path(name);
		script.onerror = () => {
			chunks.delete(name);
			reject(new Error("the site has no file " + path(name)));
		};
		document.head.append(script);
	});
}

// A promise of a chunk's data.
export function load(name) {
	if (!chunks.has(name))
		chunks.set(name, request(name));
	return chunks.get(name);
}

// ---- the index, with names in place of numbers

export class Index {
	constructor(raw) {
		Object.assign(this, raw);
		this.configs.forEach((config, number) => Object.assign(config, { number, family: config.family || "slab" }));
		this.machines.forEach((machine, number) => Object.assign(machine, { number, host: machineHost(machine) }));
		this.benchmarks.forEach((benchmark, number) => Object.assign(benchmark, { number }, parsed(benchmark.name)));
		this.series = this.series.map(([id, benchmark, config, machine, values, session, ns, changes], number) => ({
			number, id, values, session, ns, changes,
			benchmark: this.benchmarks[benchmark],
			config: this.configs[config],
			machine: this.machines[machine],
		}));
		this.sessions = this.sessions.map(([id, started, commit, machine, isComplete, gate, processes]) => ({
			id, started, commit, isComplete, gate, processes, machine: this.machines[machine],
		}));
		this.changes.forEach((change) => (change.series = this.series[change.series]));
		this.incidents.forEach((incident) => incident.series.forEach((alarm) => (alarm.series = this.series[alarm.place])));
		this.nights.forEach((night) => {
			night.machine = this.machines[night.machine];
			night.base = this.configs[night.base];
			night.configs = night.configs.map((number) => this.configs[number]);
		});
		this.seriesById = new Map(this.series.map((series) => [series.id, series]));
		this.sessionById = new Map(this.sessions.map((session) => [session.id, session]));
	}

	night(session) {
		return this.nights.find((night) => night.session === session) || this.nights[0];
	}

	find(benchmark, config, machine) {
		return this.series.find((series) => series.benchmark.name === benchmark && series.config.name === config
			&& series.machine === machine);
	}
}

function machineHost(machine) {
	const host = machine.facts && machine.facts.host_name;
	return host && host !== "unknown" ? host : machine.name;
}

// ---- names of benchmarks: WORKLOAD/KEY:VALUE/…

// Parts that say nothing to a reader.
const SILENT = ["real_time", "process_time", "manual_time"];

export function parsed(name) {
	const parts = name.split("/");
	const parameters = {};
	const words = [];
	for (const part of parts.slice(1)) {
		const colon = part.indexOf(":");
		if (SILENT.includes(part))
			continue;
		if (colon > 0)
			parameters[part.slice(0, colon)] = part.slice(colon + 1);
		else
			words.push(part);
	}
	return { workload: parts[0], parameters, label: [parts[0], ...parameterWords(parameters), ...words].join(", ") };
}

const SPOKEN = {
	size: (value) => value + " bytes",
	relation: (value) => value,
	threads: (value) => (value === "1" ? "1 thread" : value + " threads"),
};

export function parameterWords(parameters, without = []) {
	return Object.entries(parameters)
		.filter(([key]) => !without.includes(key))
		.map(([key, value]) => (SPOKEN[key] ? SPOKEN[key](value) : key + " " + value));
}
