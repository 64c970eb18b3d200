// SPDX-License-Identifier: GPL-2.0-or-later
// Times, or speed-ups, over a parameter such as threads or bytes: a line a config, {name, number (of its colour), points: [{x, ns, low,
// high}]}.
import { scaleLog, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import { logarithmicTicks, title } from "./axis.js";
import { svg, time } from "./html.js";
import { DASHES, point } from "./marks.js";

function valueScale(lines, top, bottom) {
	const all = lines.flatMap((one) => one.points.flatMap((at) => [at.low, at.high, at.ns])).filter((value) => value > 0);
	const low = Math.min(...all), high = Math.max(...all);
	const room = Math.max(1.05, (high / low) ** 0.06);
	return scaleLog([low / room, high * room], [bottom, top]);
}

function valueAxis(scale, left, right, top, isNarrow, format, title) {
	const [low, high] = scale.domain();
	return svg("g", { class: "axis" }, ...logarithmicTicks(low, high, 8).map((value) => svg("g", {},
		svg("line", { class: "grid", x1: left, x2: right, y1: scale(value), y2: scale(value) }),
		svg("text", { class: "tick", x: left - 6, y: scale(value) + 4, "text-anchor": "end" }, format(value)))),
	svg("text", { class: "tick title", x: isNarrow ? 0 : 4, y: top - 10 }, title));
}

// Names at the lines' ends, moved apart where they would cover each other.
function endLabels(lines, scale, x, top, bottom) {
	const ends = lines.filter((one) => one.points.length > 0)
		.map((one) => ({ one, y: scale(one.points.at(-1).ns) })).sort((a, b) => a.y - b.y);
	ends.forEach((end, i) => (end.y = Math.max(end.y, i ? ends[i - 1].y + 15 : top + 6)));
	for (let i = ends.length - 1, most = bottom; i >= 0; most = ends[i].y - 15, i--)
		ends[i].y = Math.min(ends[i].y, most);
	return ends.map(({ one, y }) => svg("text", { class: "label line" + (one.number % 8), x, y: y + 4 }, one.name));
}

export function lineChart(lines, { width, xs, xTitle, ariaLabel, format = (value) => time(value, 3), valueTitle = "time an operation (logarithmic)" }) {
	const isNarrow = width < 520;
	const left = 64, right = width - (isNarrow ? 84 : 110), top = 30, bottom = 300, height = 364;
	const y = valueScale(lines, top, bottom);
	const x = scalePoint(xs, [left, right]).padding(0.3);
	const isTight = Math.max(...xs.map((value) => String(value).length)) * 7 > x.step(); // names then stand on two lines by turns
	const path = line().x((at) => x(at.x)).y((at) => y(at.ns));
	const marks = lines.flatMap((one) => [
		svg("path", { class: "series line" + (one.number % 8), d: path(one.points), "stroke-dasharray": DASHES[one.number % 8] }),
		...one.points.map((at) => svg("g", {},
			title(`${one.name}, ${at.x}: ${format(at.ns)}, from ${format(at.low)} to ${format(at.high)}`),
			svg("line", { class: "range line" + (one.number % 8), x1: x(at.x), x2: x(at.x), y1: y(at.low), y2: y(at.high) }),
			point(one.number, x(at.x), y(at.ns)))),
	]);
	return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": ariaLabel },
		valueAxis(y, left, right, top, isNarrow, format, valueTitle),
		svg("g", { class: "axis" }, ...xs.map((value, i) => svg("text", { class: "tick", x: x(value), y: bottom + 20 + (isTight && i % 2 ? 14 : 0), "text-anchor": "middle" }, value)),
			svg("text", { class: "tick title", x: (left + right) / 2, y: bottom + (isTight ? 56 : 42), "text-anchor": "middle" }, xTitle)),
		...marks, ...endLabels(lines, y, right + 8, top, bottom));
}

