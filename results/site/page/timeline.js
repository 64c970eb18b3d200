// SPDX-License-Identifier: GPL-2.0-or-later
// A series over its sessions: medians and ranges, levels with their bands, changes, events of the machine. A strip below
// shows all of it; whoever drags there, turns the wheel or presses + and - sees a part. One path a kind of mark, so
// that ten thousand values are drawn as quickly as ten.
import { extent, ticks } from "d3-array";
import { brushX } from "d3-brush";
import { scaleLinear, scaleUtc } from "d3-scale";
import { event as brushEvent, select } from "d3-selection";
import { title } from "./axis.js";
import { commit, day, make, plural, svg, time } from "./html.js";

const LEFT = 70, TOP = 26, HEIGHT = 300, STRIP_TOP = 348, STRIP = 44;

// {name, levels, address (of a value), values: [{at (ms), ns, low, high, session, n}], events: [{at, label, text}], changes: [{at, label, kind, text}]}
export class Timeline {
	constructor(model, width) {
		Object.assign(this, model, { width, right: width - 14, cursor: this.cursor ?? model.values.length - 1 });
		const [first, last] = extent(this.values, (value) => value.at);
		const room = Math.max((last - first) * 0.01, 3600e3);
		this.whole = scaleUtc([first - room, last + room], [LEFT, this.right]);
		this.x = this.whole.copy();
		this.y = scaleLinear([0, 1], [TOP + HEIGHT, TOP]);
		this.element = this.frame();
		this.strip();
		this.interact();
		this.draw();
	}

	frame() {
		this.layer = svg("g", { "clip-path": "url(#plot)" });
		this.axes = svg("g", { class: "axis" });
		this.pointer = svg("g", { class: "cursor" });
		this.says = make("p", { class: "reading", "aria-live": "polite" });
		this.plot = svg("svg", { width: this.width, height: STRIP_TOP + STRIP + 24, role: "application", tabindex: "0",
			viewBox: `0 0 ${this.width} ${STRIP_TOP + STRIP + 24}`,
			"aria-label": `${this.name} over time. Arrow keys go from night to night, plus and minus zoom, 0 shows all, Enter opens the night.` },
		svg("defs", {}, svg("clipPath", { id: "plot" }, svg("rect", { x: LEFT, y: TOP - 8, width: this.right - LEFT, height: HEIGHT + 16 }))),
		this.axes, this.layer, svg("rect", { class: "catch", x: LEFT, y: TOP, width: this.right - LEFT, height: HEIGHT }), this.pointer);
		return make("div", { class: "timeline" }, this.plot, this.says);
	}

	visible() {
		const [from, to] = this.x.domain().map(Number);
		return this.values.filter((value) => value.at >= from && value.at <= to);
	}

	// The axis follows what is seen, and says that it does not begin at 0.
	fit(values) {
		const all = values.length ? values : this.values;
		let low = Infinity, high = -Infinity;
		for (const value of all) {
			low = Math.min(low, value.low, value.ns);
			high = Math.max(high, value.high, value.ns);
		}
		const room = (high - low || high * 0.02) * 0.08;
		this.y.domain([Math.max(0, low - room), high + room]);
	}

	draw() {
		const values = this.visible();
		this.fit(values);
		this.layer.replaceChildren(...this.levelMarks(), ...this.eventMarks(),
			svg("path", { class: "ranges", d: values.map((v) => `M${this.x(v.at).toFixed(1)},${this.y(v.low).toFixed(1)}V${this.y(v.high).toFixed(1)}`).join("") }),
			svg("path", { class: "dots", d: values.map((v) => `M${this.x(v.at).toFixed(1)},${this.y(v.ns).toFixed(1)}h0`).join("") }),
			...this.changeMarks());
		this.drawAxes();
		this.drawCursor();
	}

	drawAxes() {
		const [low, high] = this.y.domain();
		const marks = ticks(low, high, 6);
		const format = this.x.tickFormat(Math.floor((this.right - LEFT) / 90));
		this.axes.replaceChildren(
			svg("text", { class: "tick title", x: 0, y: 12 }, "time an operation" + (low > 0 ? "; the axis does not begin at 0" : "")),
			...marks.flatMap((value) => [
				svg("line", { class: "grid", x1: LEFT, x2: this.right, y1: this.y(value), y2: this.y(value) }),
				svg("text", { class: "tick", x: LEFT - 6, y: this.y(value) + 4, "text-anchor": "end" }, time(value, 4))]),
			...this.x.ticks(Math.floor((this.right - LEFT) / 90)).filter((value) => this.x(value) > LEFT + 16 && this.x(value) < this.right - 22).map((value) =>
				svg("text", { class: "tick", x: this.x(value), y: TOP + HEIGHT + 18, "text-anchor": "middle" }, format(value))));
	}

	levelMarks() {
		return this.levels.filter(Boolean).flatMap((level) => {
			const from = this.x(this.values[level.first].at), to = this.x(this.values[level.last].at);
			return [svg("rect", { class: "band", x: from, width: Math.max(2, to - from), y: this.y(level.high),
				height: Math.max(1, this.y(level.low) - this.y(level.high)) }),
			svg("line", { class: "level", x1: from, x2: Math.max(from + 2, to), y1: this.y(level.ns), y2: this.y(level.ns) })];
		});
	}

	eventMarks() {
		return this.events.map((event) => svg("g", { class: "event" }, title(event.text),
			svg("line", { x1: this.x(event.at), x2: this.x(event.at), y1: TOP, y2: TOP + HEIGHT }),
			svg("text", { x: this.x(event.at) + 4, y: TOP + 10 }, event.label)));
	}

	changeMarks() {
		return this.changes.map((change) => svg("g", { class: "change " + change.kind }, title(change.text),
			svg("line", { x1: this.x(change.at), x2: this.x(change.at), y1: TOP, y2: TOP + HEIGHT }),
			svg("text", { x: this.x(change.at) + 4, y: TOP + HEIGHT - 6 }, change.label)));
	}

	drawCursor() {
		const value = this.values[this.cursor];
		const x = this.x(value.at), isSeen = x >= LEFT && x <= this.right;
		this.pointer.replaceChildren(...(isSeen ? [
			svg("line", { x1: x, x2: x, y1: TOP, y2: TOP + HEIGHT }),
			svg("circle", { cx: x, cy: this.y(value.ns), r: 6 })] : []));
		this.says.replaceChildren(`${day(value.at / 1000)}, session ${value.session}, ${commit(value.commit)}: ${time(value.ns)}, `
			+ `${plural(value.n, "process", "processes")} from ${time(value.low)} to ${time(value.high)}. `,
		make("a", { href: this.address(value) }, "Open this night"));
	}

	strip() {
		const [low, high] = extent(this.values, (value) => value.ns);
		const y = scaleLinear([low, high], [STRIP_TOP + STRIP - 4, STRIP_TOP + 4]);
		this.plot.append(svg("rect", { class: "strip", x: LEFT, y: STRIP_TOP, width: this.right - LEFT, height: STRIP }),
			svg("path", { class: "dots small", d: this.values.map((v) => `M${this.whole(v.at).toFixed(1)},${y(v.ns).toFixed(1)}h0`).join("") }),
			svg("text", { class: "tick title", x: LEFT, y: STRIP_TOP + STRIP + 16 }, "all of it: drag here to see a part"));
		this.brush = brushX().extent([[LEFT, STRIP_TOP], [this.right, STRIP_TOP + STRIP]])
			.on("brush end", () => this.brushed(brushEvent));
		this.brushLayer = select(this.plot).append("g").attr("class", "brush").call(this.brush);
	}

	// Where the view is: what the brush spans, in pixels of the strip.
	show(from, to, isFromBrush) {
		const [least, most] = this.whole.range();
		const begin = Math.max(least, from), end = Math.min(most, Math.max(begin + 4, to));
		this.x.domain([this.whole.invert(begin), this.whole.invert(end)]);
		if (!isFromBrush)
			this.brushLayer.call(this.brush.move, begin <= least && end >= most ? null : [begin, end]);
		this.draw();
	}

	span() {
		return this.x.domain().map((at) => this.whole(at));
	}

	brushed(event) {
		if (!event.sourceEvent) // it was moved by us
			return;
		const [from, to] = event.selection || this.whole.range();
		this.show(from, to, true);
	}

	// A factor below 1 shows less; x is what stays in its place.
	zoomBy(factor, x) {
		const [from, to] = this.span();
		const at = this.whole(this.x.invert(x));
		this.show(at - (at - from) * factor, at + (to - at) * factor);
	}

	nearest(x) {
		const at = Number(this.x.invert(x));
		let low = 0, high = this.values.length - 1;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.values[middle].at < at)
				low = middle + 1;
			else
				high = middle;
		}
		return low > 0 && at - this.values[low - 1].at < this.values[low].at - at ? low - 1 : low;
	}

	moveTo(cursor) {
		this.cursor = Math.max(0, Math.min(this.values.length - 1, cursor));
		const [from, to] = this.span(), x = this.whole(this.values[this.cursor].at);
		if (x < from || x > to)
			this.show(x - (to - from) / 2, x + (to - from) / 2);
		else
			this.drawCursor();
	}

	interact() {
		const place = (event) => event.clientX - this.plot.getBoundingClientRect().left;
		const isInPlot = (event) => event.clientY - this.plot.getBoundingClientRect().top < STRIP_TOP;
		const all = () => this.show(...this.whole.range());
		const keys = {
			ArrowLeft: () => this.moveTo(this.cursor - 1),
			ArrowRight: () => this.moveTo(this.cursor + 1),
			PageUp: () => this.moveTo(this.cursor - 30),
			PageDown: () => this.moveTo(this.cursor + 30),
			Home: () => this.moveTo(0),
			End: () => this.moveTo(this.values.length - 1),
			"+": () => this.zoomBy(0.6, this.x(this.values[this.cursor].at)),
			"-": () => this.zoomBy(1 / 0.6, this.x(this.values[this.cursor].at)),
			0: all,
			Escape: all,
			Enter: () => (location.hash = this.address(this.values[this.cursor])),
		};
		keys["="] = keys["+"];
		this.plot.addEventListener("keydown", (event) => {
			if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
				return;
			event.preventDefault();
			keys[event.key]();
		});
		this.plot.addEventListener("pointermove", (event) => isInPlot(event) && this.moveTo(this.nearest(place(event))));
		this.plot.addEventListener("click", (event) => isInPlot(event) && place(event) > LEFT && keys.Enter());
		this.plot.addEventListener("dblclick", all);
		this.plot.addEventListener("wheel", (event) => {
			if (!isInPlot(event) || document.activeElement !== this.plot)
				return; // the page scrolls until the chart is chosen
			event.preventDefault();
			this.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, place(event));
		}, { passive: false });
	}
}
