// SPDX-License-Identifier: GPL-2.0-or-later
// Last night at a glance: what changed, by how much, how sure; what is undecided; where it changed for good; how far the
// harness itself can be trusted.
import { parameterWords } from "./data.js";
import { chart } from "./frame.js";
import { forest, forestRow } from "./forest.js";
import { byFamily } from "./families.js";
import { commit, day, effect, figure, interval, isNumber, link, make, plural, probability, ratio, share, time, verdict, verdictOf, warnings } from "./html.js";
import { rates } from "./rates.js";
import { table } from "./table.js";

const SLOWER = ["regression", "warning", "unconfirmed"]; // by more than the margin; "slower" is within it
const isSlower = (row) => SLOWER.includes(row.outcome);
// A change that is real, and perhaps too small to care about.
const isSmall = (row, index) => row.outcome === "slower"
	|| (row.outcome === "faster" && isNumber(row.ratio_high) && row.ratio_high > 1 / (1 + (row.margin ?? index.margin)));

const countOf = (night, outcomes) => outcomes.reduce((sum, outcome) => sum + (night.gate.counts?.[outcome] || 0), 0);

// ---- the headline

function headline(index) {
	const judged = index.nights.filter((night) => !night.gate.why_not);
	const slower = judged.reduce((sum, night) => sum + countOf(night, SLOWER), 0);
	const faster = judged.reduce((sum, night) => sum + (night.gate.rows || []).filter((row) => row.outcome === "faster" && !isSmall(row, index)).length, 0);
	if (judged.length === 0)
		return "No night to compare with yet";
	if (slower === 0)
		return faster ? plural(faster, "series", "series") + " got faster, none slower" : "Nothing got slower or faster";
	const machines = judged.filter((night) => countOf(night, SLOWER) > 0).map((night) => night.machine.host);
	return `${plural(slower, "series", "series")} got slower on ${machines.join(" and ")}`
		+ (faster ? `, ${faster} faster` : "");
}

// ---- what moved: the configs in which one benchmark moved the same way are one line

function groups(index, night) {
	const found = new Map();
	for (const row of night.gate.rows || []) {
		const key = [row.series, row.metric, verdictOf(row).words, isSmall(row, index)].join("\n");
		found.set(key, [...(found.get(key) || []), row]);
	}
	return [...found.values()];
}

function largest(rows) {
	return rows.reduce((most, row) => (Math.abs(Math.log(row.ratio || 1)) > Math.abs(Math.log(most.ratio || 1)) ? row : most));
}

function configRows(index, rows) {
	return table("By config", rows, [
		{ title: "Config", cell: (row) => row.config, isHead: true },
		{ title: "Before", key: (row) => row.baseline, cell: (row) => value(row, row.baseline), isNumber: true },
		{ title: "Last night", key: (row) => row.value, cell: (row) => value(row, row.value), isNumber: true },
		{ title: "Ratio", key: (row) => row.ratio, cell: (row) => ratio(row.ratio), isNumber: true },
		{ title: "95 % interval", key: (row) => row.ratio_low, cell: interval, isNumber: true },
		{ title: "q", key: (row) => row.q, cell: (row) => probability(row.q), isNumber: true },
		{ title: "Processes", key: (row) => row.n, cell: (row) => `${row.n_baseline} and ${row.n}`, isNumber: true },
		{ title: "Remark", cell: (row) => row.remark || "", isSparse: true, class: "notes" },
		{ title: "History", cell: (row) => (index.seriesById.has(row.id) ? link("over time", "history", { series: row.id }) : "") },
	], { isSorted: false });
}

const value = (row, number) => (row.metric === "time" ? time(number) : figure(number));

function sureness(rows) {
	const worst = Math.max(...rows.map((row) => row.q ?? 0));
	const spread = rows[0].night_spread;
	return worst > 0 ? `q at most ${probability(worst)}` + (isNumber(spread) && spread > 0 ? `; nights by themselves scatter by ${share(Number(spread.toPrecision(2)))}` : "") : "exact count";
}

function mover(index, night, rows) {
	const most = largest(rows);
	const benchmark = index.benchmarks.find((one) => one.name === most.series);
	const configs = rows.length === 1 ? [most.config] : [plural(rows.length, "config"), ", most in ", most.config];
	const words = benchmark ? parameterWords(benchmark.parameters).join(", ") : "";
	return make("li", { class: "mover " + verdictOf(most).kind },
		make("div", { class: "what" }, verdict(most), make("b", { class: "effect" }, effect(most.ratio)),
			make("span", { class: "sure" }, `${ratio(most.ratio)} ×, 95 % interval ${interval(most)}, ${sureness(rows)}`)),
		make("div", {}, make("span", { class: "series" }, make("b", {}, benchmark ? benchmark.workload : most.series), words ? " " + words : "",
			most.metric === "time" ? "" : ", " + most.metric), " in ", ...configs),
		make("div", { class: "links" }, index.seriesById.has(most.id) ? link("Over time", "history", { series: most.id }) : null,
			link("The workload", "workload", { name: most.workload, session: night.session }),
			link("The raw samples", "run", { session: night.session })),
		make("details", {}, make("summary", {}, rows.length === 1 ? "The figures" : `All ${rows.length} configs`), configRows(index, rows)));
}

// As the headline counts: what moved little stands apart.
function counts(index, night) {
	const small = (night.gate.rows || []).filter((row) => isSmall(row, index));
	const rest = Object.entries(night.gate.counts || {})
		.map(([outcome, count]) => [outcome, count - small.filter((row) => row.outcome === outcome).length])
		.filter(([, count]) => count > 0);
	return make("ul", { class: "counts" }, ...rest.map(([outcome, count]) =>
		make("li", {}, make("b", {}, String(count)), " ", verdict({ outcome }))),
	small.length ? make("li", {}, make("b", {}, String(small.length)), " moved little") : null);
}

function nightSection(index, night) {
	const list = groups(index, night).sort((a, b) => Number(isSlower(b[0])) - Number(isSlower(a[0]))
		|| Math.abs(Math.log(largest(b).ratio || 1)) - Math.abs(Math.log(largest(a).ratio || 1)));
	const small = list.filter((rows) => isSmall(rows[0], index));
	const large = list.filter((rows) => !small.includes(rows));
	const about = make("p", { class: "note" }, `${day(night.started)}, commit ${commit(night.commit)}, `,
		link("session " + night.session, "run", { session: night.session }),
		night.gate.why_not ? "" : `; held against the ${plural(night.gate.baseline_sessions.length, "night")} before, series by series`);
	return make("section", { class: "night" }, make("h2", {}, night.machine.host), about,
		night.gate.why_not ? make("p", {}, "Not judged: " + night.gate.why_not + ".") : counts(index, night),
		night.gate.refusal ? make("p", { class: "alarm" }, night.gate.refusal) : null,
		warnings(night.gate.warnings, "reason to doubt this night", "reasons to doubt this night"),
		large.length ? make("ol", { class: "movers" }, ...large.map((rows) => mover(index, night, rows))) : null,
		small.length ? make("details", {}, make("summary", {}, plural(small.length, "benchmark") + " moved little, perhaps by less than the margin"),
			make("ol", { class: "movers" }, ...small.map((rows) => mover(index, night, rows)))) : null,
		night.gate.why_not || large.length ? null : make("p", {}, "Nothing moved beyond chance and margin."));
}

// ---- what the watch over the nights says: alarms that began together are one incident

const isOpen = (alarm) => alarm.state === "open";
const WORDS = { incident: "was gone soon", step: "stays", drift: "goes on" };

function alarmTable(alarms) {
	return table("Alarms", alarms, [
		{ title: "Benchmark", key: (alarm) => alarm.series.benchmark.label, cell: (alarm) => link(alarm.series.benchmark.label, "history", { series: alarm.series.id }), isHead: true },
		{ title: "Config", cell: (alarm) => alarm.series.config.name },
		{ title: "Machine", cell: (alarm) => alarm.series.machine.host },
		{ title: "Change", key: (alarm) => alarm.ratio, cell: (alarm) => effect(alarm.ratio) },
		{ title: "95 % interval", key: (alarm) => alarm.ratio_low, cell: interval, isNumber: true },
		{ title: "Known since", key: (alarm) => alarm.opened_session, cell: (alarm) => alarm.opened_day || "–" },
		{ title: "State", cell: (alarm) => alarm.state + (alarm.judgement && alarm.judgement !== "new" ? ", " + alarm.judgement : "") },
		{ title: "Note", cell: (alarm) => alarm.note || "", isSparse: true, class: "notes" },
		{ title: "ID", cell: (alarm) => alarm.id || "" },
	], { isSorted: false });
}

function incidentItem(incident) {
	const [most] = incident.series;
	const machines = [...new Set(incident.series.map((alarm) => alarm.series.machine.host))];
	const row = { outcome: most.ratio_low > 1 ? "slower" : most.ratio_high < 1 ? "faster" : "undecided" };
	const open = incident.series.filter(isOpen).length;
	const names = [...new Set(incident.series.map((alarm) => alarm.series.benchmark.workload))];
	return make("li", { class: "mover " + row.outcome },
		make("div", { class: "what" }, verdict(row), make("b", { class: "effect" }, effect(most.ratio)),
			make("span", { class: "sure" }, `since ${most.since_day || "?"}, commit ${commit(most.since_commit)}; known since ${most.opened_day || "?"}; 95 % interval ${interval(most)}`)),
		make("div", { class: "series" }, make("b", {}, names.slice(0, 3).join(", ") + (names.length > 3 ? " …" : "")),
			` in ${plural(incident.series.length, "series", "series")} on ${machines.join(", ")}: `,
			open === 0 ? "judged or gone" : open === incident.series.length ? `open; ${WORDS[most.kind] || most.kind}` : `${open} of them open`),
		make("details", {}, make("summary", {}, incident.series.length === 1 ? "The alarm" : `All ${incident.series.length} alarms`), alarmTable(incident.series)));
}

function incidents(index) {
	const size = (incident) => Math.abs(Math.log(incident.series[0].ratio || 1));
	const open = index.incidents.filter((incident) => incident.series.some(isOpen)).sort((a, b) => size(b) - size(a));
	const past = index.incidents.filter((incident) => !open.includes(incident));
	const list = (all) => make("ol", { class: "movers" }, ...all.map(incidentItem));
	if (index.incidents.length === 0)
		return make("p", {}, "No series left its level, as far as the nights tell.");
	const few = 5;
	return make("div", {}, open.length === 0 ? make("p", {}, "No alarm is open.") : list(open.slice(0, few)),
		open.length > few ? make("details", {}, make("summary", {}, `${open.length - few} more that are open`), list(open.slice(few))) : null,
		past.length === 0 ? null : make("details", {}, make("summary", {}, plural(past.length, "incident") + " that is over or judged".replace("is", past.length === 1 ? "is" : "are")), list(past.slice(0, 30))));
}

// ---- how the configs stand

function configs(index, night) {
	const compared = night.compare;
	if (compared.why_not || !compared.means?.length)
		return make("p", {}, "No two configs to compare" + (compared.why_not ? ": " + compared.why_not : "") + ".");
	const rows = byFamily(index, compared.means, (mean) => mean.config).flatMap(({ title, items }) => items.map((mean, i) =>
		forestRow({ ...mean, verdict: meanVerdict(mean) }, mean.config, {
			heading: i === 0 ? title : null,
			href: "#/configs?session=" + night.session + "&config=" + encodeURIComponent(mean.config),
			simulated: index.configs.find((config) => config.name === mean.config)?.simulated,
		})));
	return make("div", {}, chart({
		title: `Every config to ${compared.base}, on ${night.machine.host}`,
		note: `Geometric mean of the ratios of the times over all benchmarks that both measured. Right of 1 × is slower than ${compared.base}.`,
		name: "configs-" + night.session,
		draw: (width) => forest(rows, { width, margin: index.margin, axisTitle: "time ÷ time of " + compared.base,
			ariaLabel: "Geometric mean of every config's ratio to " + compared.base }),
		rows: compared.means,
		columns: [
			{ title: "Config", cell: (mean) => mean.config, isHead: true },
			{ title: "Geometric mean", key: (mean) => mean.ratio, cell: (mean) => ratio(mean.ratio), isNumber: true },
			{ title: "Interval, low", key: (mean) => mean.ratio_low, cell: (mean) => ratio(mean.ratio_low), isNumber: true },
			{ title: "Interval, high", key: (mean) => mean.ratio_high, cell: (mean) => ratio(mean.ratio_high), isNumber: true },
			{ title: "Benchmarks", key: (mean) => mean.rows, cell: (mean) => String(mean.rows), isNumber: true },
		],
	}), warnings(compared.warnings));
}

// A mean has no q of its own: what its interval says is shown, in the shapes of verdicts.
function meanVerdict(mean) {
	if (!isNumber(mean.ratio_low))
		return "undecided";
	return mean.ratio_low > 1 ? "slower" : mean.ratio_high < 1 ? "faster" : "undecided";
}

export async function overview({ index, choose, parameters }) {
	const night = index.night(Number(parameters.session) || index.nights[0]?.session);
	const newest = Math.max(...index.nights.map((one) => one.started));
	return {
		title: "Last night",
		content: make("div", {},
			make("p", { class: "over" }, `The newest night, ${day(newest)}`),
			make("h1", {}, headline(index)),
			make("p", { class: "lede" }, `A series is one benchmark of one config on one machine. It counts as slower or faster when its 95 % interval excludes 1 and its q is at most ${share(index.alpha)}: `
				+ `of all rows called so, at most that share is expected to be false. Undecided means that more rounds would tell. `,
			link("How a verdict is made", "method")),
			...index.nights.map((one) => nightSection(index, one)),
			make("section", {}, make("h2", {}, "Where series left their level, night after night"),
				make("p", { class: "note" }, "Every night is judged with what was known then. Alarms that began together are one incident. An alarm stays open until its level is back or somebody judges it."),
				incidents(index)),
			night ? make("section", {}, make("h2", {}, "How the configs stand"),
				index.nights.length > 1 ? choose("Machine", "session", index.nights.map((one) => [one.session, one.machine.host]), night.session) : null,
				configs(index, night)) : null,
			make("section", {}, make("h2", {}, "How far this can be trusted"), rates(index))),
	};
}
