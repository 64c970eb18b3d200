// SPDX-License-Identifier: GPL-2.0-or-later
// What every chart has around it: a title, its data as a table and as a download, itself as SVG, and a drawing that
// follows the width of the page.
import { csvButton, table } from "./table.js";
import { download, make, svg } from "./html.js";

// Styles that a drawing takes from the page's style sheet and needs to keep when it leaves the page.
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "font-family",
	"font-size", "font-weight", "text-anchor"];

function standalone(drawing) {
	const copy = drawing.cloneNode(true);
	const from = [drawing, ...drawing.querySelectorAll("*")];
	[copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
		const style = getComputedStyle(from[i]);
		for (const name of KEPT)
			element.setAttribute(name, style.getPropertyValue(name));
	});
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	copy.prepend(svg("rect", { width: "100%", height: "100%",
		fill: getComputedStyle(document.documentElement).getPropertyValue("--background") }));
	return new XMLSerializer().serializeToString(copy);
}

// Draws again when the width changes, and only then.
export function fitting(draw) {
	const holder = make("div", { class: "drawing" });
	let width = 0;
	const redraw = () => {
		const now = Math.floor(holder.clientWidth);
		if (now > 0 && now !== width) {
			width = now;
			holder.replaceChildren(draw(width));
		}
	};
	new ResizeObserver(redraw).observe(holder);
	return holder;
}

// {title, note, name (of downloads), draw (width -> svg), rows, columns, extra (more elements under the drawing)}
export function chart({ title, note, name, draw, rows, columns, extra }) {
	const drawing = fitting(draw);
	const details = make("details", { class: "data" }, make("summary", {}, "Data as a table"));
	details.addEventListener("toggle", () => {
		if (details.open && details.children.length === 1)
			details.append(table(title, rows, columns));
	});
	return make("figure", { class: "chart" },
		make("figcaption", {}, make("h3", {}, title), note ? make("p", { class: "note" }, note) : null),
		drawing, extra,
		make("div", { class: "tools" }, csvButton(name, rows, columns),
			make("button", { type: "button", class: "quiet",
				click: () => download(name + ".svg", standalone(drawing.querySelector("svg")), "image/svg+xml") }, "Chart as SVG")),
		details);
}

