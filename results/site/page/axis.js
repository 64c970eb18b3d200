// SPDX-License-Identifier: GPL-2.0-or-later
// Axes. A ratio's axis is logarithmic, holds 1 × wherever its data lies, and labels it.
import { ticks } from "d3-array";
import { scaleLog } from "d3-scale";
import { svg } from "./html.js";

const STEPS = [1, 1.5, 2, 3, 5, 7];

// Ticks of a logarithmic axis: round numbers a few pixels apart, 1 among them.
export function logarithmicTicks(low, high, most) {
	if (high / low < 3) {
		const even = ticks(low, high, most).filter((value) => value >= low && value <= high);
		return low <= 1 && high >= 1 && !even.includes(1) ? [...even, 1].sort((a, b) => a - b) : even;
	}
	for (const steps of [STEPS, [1, 2, 5], [1, 3], [1]]) {
		const values = [];
		for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
			values.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(6))));
		const inside = values.filter((value) => value >= low && value <= high);
		if (inside.length <= most)
			return inside;
	}
	return [1];
}

// A scale for ratios from the rows' intervals and the margin around 1.
export function ratioScale(rows, margin, from, to) {
	const bounds = rows.flatMap((row) => [row.low, row.high, row.ratio]).filter((value) => value > 0 && Number.isFinite(value));
	const low = Math.min(1 / (1 + margin), ...bounds);
	const high = Math.max(1 + margin, ...bounds);
	const room = (high / low) ** 0.06;
	return scaleLog([low / room, high * room], [from, to]);
}

export const ratioText = (value) => Number(value.toPrecision(3)) + "\u00a0×";

// The lines and labels of a ratio's axis, and the band within which a difference is too small to care about.
export function ratioAxis(scale, top, bottom, margin, title) {
	const [from, to] = scale.range();
	const [low, high] = scale.domain();
	const shown = logarithmicTicks(low, high, Math.max(3, Math.floor((to - from) / 70)));
	const one = scale(1);
	return svg("g", { class: "axis" },
		svg("rect", { class: "margin", x: scale(1 / (1 + margin)), y: top,
			width: Math.max(1, scale(1 + margin) - scale(1 / (1 + margin))), height: bottom - top }),
		...shown.map((value) => svg("line", { class: value === 1 ? "one" : "grid", x1: scale(value), x2: scale(value), y1: top, y2: bottom })),
		...shown.filter((value) => value === 1 || Math.abs(scale(value) - one) > 30).map((value) => svg("text",
			{ class: value === 1 ? "tick one" : "tick", x: scale(value), y: bottom + 16, "text-anchor": "middle" }, ratioText(value))),
		svg("text", { class: "tick title", x: (from + to) / 2, y: bottom + 34, "text-anchor": "middle" }, title));
}

export const title = (text) => svg("title", {}, text);
