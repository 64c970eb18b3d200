// SPDX-License-Identifier: GPL-2.0-or-later
// What the site itself measured of its own errors: how small a slowdown each machine can see, and how many of the changes that
// people looked at were none.
import { make, plural, share } from "./html.js";
import { table } from "./table.js";

function detection(index) {
	const measured = index.machines.filter((machine) => machine.calibration);
	const missing = index.machines.filter((machine) => !machine.calibration).map((machine) => machine.host);
	const rounds = measured[0]?.calibration.smallest.map(([count]) => count) || [];
	return [
		measured.length === 0 ? null : table("Detection", measured, [
			{ title: "Machine", cell: (machine) => machine.host, isHead: true },
			{ title: "Measured", cell: (machine) => machine.calibration.day },
			{ title: "Series", key: (machine) => machine.calibration.series, cell: (machine) => String(machine.calibration.series), isNumber: true },
			{ title: "Equal programs differ by", key: (machine) => machine.calibration.spread, cell: (machine) => share(machine.calibration.spread), isNumber: true },
			...rounds.map((count, i) => ({
				title: `Seen by ${count} rounds`,
				key: (machine) => machine.calibration.smallest[i][1],
				cell: (machine) => share(machine.calibration.smallest[i][1]),
				isNumber: true,
			})),
		]),
		measured.length === 0 ? null : make("p", { class: "note" }, "One program was measured under two names. Its spread is what equal programs "
			+ "differ by; the other columns are the slowdown that so many rounds call changed in 80 of 100 cases. Medians over the series."),
		missing.length === 0 ? null : make("p", {}, "The detection rate of " + missing.join(", ") + " was not measured yet: ",
			make("code", {}, "slabmark calibrate"), " does it."),
	];
}

const rate = (of) => `${share(of.share)}, 95 % interval ${share(of.low)} to ${share(of.high)}`;

// Equal programs and slowed ones, measured beside the others: what is said of them is known to be right or wrong.
function selfcheck(index) {
	const check = index.selfcheck;
	if (!check || check.sessions === 0)
		return make("p", {}, "No night measured equal programs and slowed ones beside the others, so that the harness's own rates of false alarms and of "
			+ "detection are not known.");
	const [least, most] = check.slow_percent;
	return make("ul", {},
		make("li", {}, make("b", {}, "False alarms: "), `of ${plural(check.equal, "series", "series")} of equal programs ${check.alarms} were called changed (${rate(check.alarm_rate)}).`),
		make("li", {}, make("b", {}, "Detection: "), `of ${plural(check.slowed, "series", "series")} of programs slowed by ${least === most ? least : least + " to " + most} % `
			+ `${check.found} were called slower (${rate(check.detection_rate)}).`),
		make("li", {}, `From ${plural(check.sessions, "session")} that measured a program, a copy of it, and the same slowed down on purpose.`));
}

function falseAlarms(index) {
	const alarms = index.incidents.flatMap((incident) => incident.series);
	const judged = alarms.filter((alarm) => alarm.judgement && alarm.judgement !== "new");
	const noise = judged.filter((alarm) => alarm.judgement === "noise");
	const gated = index.sessions.filter((session) => session.gate !== null);
	const failed = gated.filter((session) => session.gate === 1);
	return make("ul", {},
		make("li", {}, alarms.length === 0 ? "No alarm was opened over time. " : judged.length === 0
			? `Of the ${plural(alarms.length, "alarm")} over time nobody has judged one yet, so that their false-alarm rate here is not known. `
			: `People judged ${judged.length} of the ${plural(alarms.length, "alarm")} over time; ${noise.length} of them were noise (${share(noise.length / judged.length)}). `,
		make("code", {}, "slabmark history --triage=ID:STATE"), " keeps a judgement."),
		make("li", {}, "The watch over the nights is set so that noise opens an alarm in at most 1 of 100 nights, over all series together, and in one series in at most 5 of 100 years."),
		make("li", {}, `Rows of one night: at most ${share(index.alpha)} of those called slower or faster are expected to be false (Benjamini and Hochberg).`),
		gated.length === 0 ? null : make("li", {}, `The gate judged ${plural(gated.length, "session")}; ${failed.length} did not pass.`));
}

export function rates(index) {
	return make("div", {}, selfcheck(index), ...detection(index).filter(Boolean), falseAlarms(index));
}

