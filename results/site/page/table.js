// SPDX-License-Identifier: GPL-2.0-or-later
// Tables that sort by a click on a head, scroll by themselves where they are too wide, and are there as CSV. A column is
// {title, cell (an element or a text of a row), key (what it sorts by; the cell otherwise), isHead, isNumber, isSparse}.
import { download, make } from "./html.js";

function compareKeys(left, right) {
	if (typeof left === "string" || typeof right === "string")
		return String(left ?? "").localeCompare(String(right ?? ""), "en", { numeric: true });
	return (left ?? Infinity) - (right ?? Infinity) || 0;
}

const keyOf = (column, row) => (column.key ? column.key(row) : column.cell(row));

// On a narrow screen a row becomes a card, in which each cell says what it is. The roles keep it a table for whoever listens.
function tableRow(row, columns) {
	return make("tr", { role: "row" }, ...columns.map((column) => (column.isHead
		? make("th", { scope: "row", role: "rowheader" }, column.cell(row))
		: make("td", { role: "cell", class: column.isNumber ? "number" : column.class, "data-title": column.title }, column.cell(row)))));
}

function sortBy(table, column, head, rows, columns) {
	const isDescending = head.getAttribute("aria-sort") === "ascending";
	for (const other of table.tHead.rows[0].cells)
		other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
	const sorted = [...rows].sort((a, b) => compareKeys(keyOf(column, a), keyOf(column, b)) * (isDescending ? -1 : 1));
	table.tBodies[0].replaceChildren(...sorted.map((row) => tableRow(row, columns)));
}

// A column of empty cells would only take room from the others.
const shown = (columns, rows) => columns.filter((column) => !column.isSparse
	|| rows.some((row) => { const cell = column.cell(row); return cell !== "" && cell !== null; }));

export function table(label, rows, columns, { isSorted = true, more = 200 } = {}) {
	const kept = shown(columns, rows);
	const heads = make("tr", { role: "row" });
	const element = make("table", { role: "table", "aria-label": label }, make("thead", { role: "rowgroup" }, heads),
		make("tbody", { role: "rowgroup" }, ...rows.slice(0, more).map((row) => tableRow(row, kept))));
	for (const column of kept) {
		const head = make("th", { scope: "col", role: "columnheader", class: column.isNumber ? "number" : null });
		head.append(isSorted ? make("button", { type: "button", click: () => sortBy(element, column, head, rows, kept) },
			column.title) : column.title);
		heads.append(head);
	}
	const region = make("div", { class: "table stacks", role: "region", "aria-label": label, tabindex: "0" }, element);
	if (rows.length <= more)
		return region;
	const button = make("button", { type: "button", class: "quiet", click: () => {
		element.tBodies[0].append(...rows.slice(more).map((row) => tableRow(row, kept)));
		button.remove();
	} }, "Show all " + rows.length + " rows");
	return make("div", {}, region, button);
}

// ---- CSV

function field(value) {
	const text = value instanceof Node ? value.textContent : String(value ?? "");
	return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

// Numbers in full: what a column sorts by, where that is a number.
export function csv(rows, columns) {
	const lines = [columns.map((column) => field(column.title)).join(",")];
	for (const row of rows)
		lines.push(columns.map((column) => field(column.csv ? column.csv(row)
			: column.key && typeof column.key(row) === "number" ? column.key(row) : column.cell(row))).join(","));
	return lines.join("\r\n") + "\r\n";
}

export function csvButton(name, rows, columns) {
	return make("button", { type: "button", class: "quiet", click: () => download(name + ".csv", csv(rows, columns), "text/csv") },
		"Data as CSV");
}
