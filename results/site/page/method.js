// SPDX-License-Identifier: GPL-2.0-or-later
// How a verdict is made, in plain words, with this site's own error rates; and the machines.
import { make, share, verdict } from "./html.js";
import { rates } from "./rates.js";

const paragraph = (...children) => make("p", {}, ...children);

function words(list) {
	return make("dl", { class: "configs" }, ...list.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]));
}

function machines(index) {
	return index.machines.map((machine) => make("details", {}, make("summary", {}, machine.host + " (" + machine.name + ")"),
		make("dl", { class: "facts" }, ...Object.entries(machine.facts || {}).filter(([, value]) => !String(value).startsWith("unknown"))
			.flatMap(([name, value]) => [make("dt", {}, name.replaceAll("_", " ")), make("dd", {}, value)]))));
}

export async function method({ index }) {
	return {
		title: "Method",
		content: make("div", { class: "prose" }, make("h1", {}, "How a verdict is made"),
			make("h2", {}, "One process, one figure"),
			paragraph("A process measures one workload with one config. Whatever it repeats inside shares its luck: where its memory lies, how its code is laid out. ",
				"So a process counts as one figure, the mean of the logarithms of its times. Each round runs every config once, in a fresh process, in a new order."),
			make("h2", {}, "Two configs of one night"),
			paragraph("In each round two configs give a pair of figures. Their ratio is the median over the pairs (Hodges and Lehmann), and the interval holds the true ratio in 95 of 100 such reports. ",
				"The p of a row comes from turning the signs of the pairs in every way there is."),
			make("h2", {}, "A night against those before"),
			paragraph("Each series of the night is held against the nights before it, on the same machine. A night does something to all that it measures, so nights count and not processes alone: ",
				"the interval is wide enough for what successive nights of the series differ by anyway."),
			make("h2", {}, "Many rows at once"),
			paragraph(`A night has hundreds of rows, and one in twenty would differ by chance alone. So each p becomes a q (Benjamini and Hochberg): of all rows with q at most ${share(index.alpha)}, at most that share is expected to be false.`),
			make("h2", {}, "The words"),
			words([
				[verdict({ outcome: "slower" }), "Beyond chance (the interval excludes 1, and q is small enough), and not shown to lie within the margin."],
				[verdict({ outcome: "faster" }), "The same, in the other direction."],
				[verdict({ outcome: "equivalent" }), `The whole interval lies within the margin, ${share(index.margin)} where the machine was not calibrated: too little to care about.`],
				[verdict({ outcome: "undecided" }), "Neither. More rounds, or a quieter machine, would tell."],
				[verdict({ outcome: "accepted" }), "It is slower, and somebody said why that is right."],
				[verdict({ outcome: "not measured" }), "The nights before have it, and this one has not: never a good sign."],
			]),
			make("h2", {}, "A level that changed and stayed"),
			paragraph("The history looks at one figure a night. It says where the level changed, when the change is larger than what noise of this kind gives by chance, however many places it looks at. One spike is no change. ",
				"What changed on the machine at the same time (kernel, microcode, memory, compiler) is told beside it."),
			make("h2", {}, "This site's own error rates"), rates(index),
			make("h2", {}, "What was simulated"),
			paragraph("Counts and times of a simulator are no measurements. They are called simulated wherever they stand, and drawn hatched."),
			make("h2", {}, "The machines"), ...machines(index)),
	};
}
