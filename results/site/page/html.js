// SPDX-License-Identifier: GPL-2.0-or-later
// Elements and figures. Texts reach the page as text nodes only, whatever they hold.

export function make(tag, attributes = {}, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
	return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function")
			element.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
	return element;
}

// ---- figures

const digits = (value, count) => Number(value.toPrecision(count)).toLocaleString("en", { maximumSignificantDigits: count });

export function ratio(value) {
	if (!isNumber(value))
		return "–";
	return value >= 0.1 ? value.toFixed(value >= 100 ? 0 : value >= 10 ? 2 : 3) : value.toPrecision(3);
}

const UNITS = [["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]];

export function time(ns, count = 4) {
	if (!isNumber(ns))
		return "–";
	const [unit, size] = UNITS.findLast(([, least]) => least === 1 || ns >= 0.99995 * least);
	return digits(ns / size, count) + "\u00a0" + unit;
}

export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
export const share = (value) => digits(value * 100, 3) + "\u00a0%";
export const probability = (value) => (!isNumber(value) ? "–" : value < 0.001 ? value.toExponential(1) : value.toFixed(3));
export const figure = (value) => (isNumber(value) ? digits(value, 4) : "–");
export const plural = (count, one, many) => count + " " + (count === 1 ? one : many || one + "s");
// 1.12 is "12 % slower", 0.93 is "7 % faster".
export function effect(value) {
	if (!isNumber(value))
		return "–";
	if (value >= 2)
		return ratio(value) + " × the time";
	const percent = Math.abs(value - 1) * 100;
	return (percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1)) + "\u00a0% " + (value >= 1 ? "slower" : "faster");
}

export function interval(row) {
	return isNumber(row.ratio_low) && isNumber(row.ratio_high) ? ratio(row.ratio_low) + " to " + ratio(row.ratio_high) : "–";
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
export const day = (unix) => (unix ? DAY.format(new Date(unix * 1000)) : "unknown day");
export const commit = (text) => (text ? text.slice(0, 12) : "unknown commit");

// ---- verdicts: shape, colour and word always together

const VERDICTS = {
	slower: { shape: "▲", words: "slower" },
	faster: { shape: "▼", words: "faster" },
	equivalent: { shape: "●", words: "equivalent" },
	undecided: { shape: "✕", words: "undecided" },
	regression: { shape: "▲", words: "slower", kind: "slower" },
	unconfirmed: { shape: "◇", words: "slower, not confirmed", kind: "undecided" },
	warning: { shape: "◆", words: "warning", kind: "slower" },
	accepted: { shape: "■", words: "slower, accepted", kind: "equivalent" },
	"not measured": { shape: "○", words: "not measured", kind: "undecided" },
	"not judged": { shape: "–", words: "not judged", kind: "undecided" },
};

export function verdictOf(row) {
	const name = row.outcome || (row.verdict === "changed" ? row.direction : row.verdict) || "not judged";
	const known = VERDICTS[name] || { shape: "?", words: name, kind: "undecided" };
	return { name, kind: known.kind || name, ...known };
}

export function verdict(row) {
	const known = verdictOf(row);
	return make("span", { class: "verdict " + known.kind },
		make("span", { class: "shape", "aria-hidden": "true" }, known.shape), known.words);
}

// ---- links: the addresses of the site

export function address(page, parameters = {}) {
	const query = Object.entries(parameters)
		.filter(([, value]) => value !== null && value !== undefined && value !== "")
		.map(([name, value]) => name + "=" + encodeURIComponent(value)).join("&");
	return "#/" + page + (query ? "?" + query : "");
}

export const link = (text, page, parameters) => make("a", { href: address(page, parameters) }, text);

// A long name may break behind its slashes, and should not break elsewhere.
export function breakable(name) {
	return make("span", { class: "name" },
		...name.split("/").flatMap((part, i) => (i === 0 ? [part] : ["/", make("wbr"), part])));
}

// ---- what a reader chooses

export function select(label, options, chosen, onChoice) {
	const element = make("select", { change: () => onChoice(element.value) },
		...options.map(([value, text]) => make("option", { value, selected: String(value) === String(chosen) }, text)));
	return make("label", { class: "choice" }, label + " ", element);
}

// Warnings as one line with a count, and all of them behind it.
export function warnings(list, what = "reason to doubt these figures", many = "reasons to doubt these figures") {
	if (!list || list.length === 0)
		return null;
	return make("details", { class: "warnings" },
		make("summary", {}, "⚠ " + plural(list.length, what, many)),
		make("ul", {}, ...list.map((text) => make("li", {}, text))));
}

export function download(name, text, type) {
	const anchor = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
	anchor.click();
	setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}
