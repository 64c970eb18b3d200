// SPDX-License-Identifier: GPL-2.0-or-later
// Ratios with their intervals, a line each: {label, title, ratio, low, high, kind, href, simulated, heading}. A row with a heading
// begins a group.
import { ratioAxis, ratioScale, title } from "./axis.js";
import { ratio, svg, verdictOf } from "./html.js";
import { hatching, mark } from "./marks.js";

const ROW = 26, NARROW_ROW = 42, HEADING = 30;

function label(row, x, y, anchor, room) {
	const letters = Math.max(6, Math.floor(room / 7));
	const text = row.label.length > letters ? row.label.slice(0, letters - 1) + "…" : row.label;
	const words = svg("text", { class: "label", x, y, "text-anchor": anchor }, text);
	return row.href ? svg("a", { href: row.href }, title(row.title || row.label), words) : words;
}

function bar(row, scale, y, right) {
	const says = `${row.title || row.label}: ${ratio(row.ratio)} ×, 95 % interval ${ratio(row.low)} to ${ratio(row.high)}, ${verdictOf(row.row).words}`
		+ (row.simulated ? ", simulated" : "");
	const group = svg("g", { class: "bar " + row.kind }, title(says));
	const low = row.low > 0 ? row.low : row.ratio;
	const high = row.high > 0 ? row.high : row.ratio;
	if (!(row.ratio > 0))
		return group;
	if (row.simulated)
		group.append(svg("rect", { x: scale(low) - 4, y: y - 8, width: scale(high) - scale(low) + 8, height: 16, fill: "url(#hatch)" }));
	group.append(svg("line", { class: "interval " + row.kind, x1: scale(low), x2: scale(high), y1: y, y2: y }),
		mark(row.kind, scale(row.ratio), y),
		svg("text", { class: "value", x: right, y: y + 4, "text-anchor": "end" }, ratio(row.ratio)));
	return group;
}

export function forest(rows, { width, margin = 0.02, axisTitle, ariaLabel }) {
	const isNarrow = width < 620;
	const longest = Math.max(0, ...rows.map((row) => row.label.length));
	const left = isNarrow ? 8 : Math.min(longest * 7 + 16, width * 0.4);
	const right = width - 56;
	const scale = ratioScale(rows, margin, left + 8, right - 8);
	const marks = [];
	let y = 8;
	for (const row of rows) {
		if (row.heading) {
			y += HEADING;
			marks.push(svg("text", { class: "heading", x: isNarrow ? 8 : 0, y: y - 8 }, row.heading));
		}
		const height = isNarrow ? NARROW_ROW : ROW;
		const middle = y + (isNarrow ? 28 : height / 2);
		marks.push(label(row, isNarrow ? 8 : left - 8, isNarrow ? y + 13 : middle + 4, isNarrow ? "start" : "end",
			isNarrow ? width - 16 : left - 16), bar(row, scale, middle, width - 4));
		y += height;
	}
	const height = y + 44;
	return svg("svg", { class: "forest", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": ariaLabel },
		hatching(), ratioAxis(scale, 4, y, margin, axisTitle), ...marks);
}

// A comparison's row as the chart takes it.
export function forestRow(row, label, more = {}) {
	return { label, row, ratio: row.ratio, low: row.ratio_low, high: row.ratio_high, kind: verdictOf(row).kind, ...more };
}
