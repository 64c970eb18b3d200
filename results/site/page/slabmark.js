// SPDX-License-Identifier: GPL-2.0-or-later
// The site: every page has a stable address, #/PAGE?NAME=VALUE&…, which holds all that its reader chose.
import { allocator } from "./allocator.js";
import { configs } from "./configs.js";
import { Index, load, take } from "./data.js";
import { history } from "./history.js";
import { address, make, select } from "./html.js";
import { method } from "./method.js";
import { numa } from "./numa.js";
import { overview } from "./overview.js";
import { run } from "./run.js";
import { workload } from "./workload.js";

// A page is an async function of {index, load, parameters, choose} that gives {title, content}.
const PAGES = {
	overview: { words: "Overview", show: overview },
	configs: { words: "Configs", show: configs },
	workload: { words: "Workload", show: workload },
	history: { words: "History", show: history },
	numa: { words: "NUMA", show: numa },
	allocator: { words: "Allocator", show: allocator },
	run: { words: "Run", show: run },
	method: { words: "Method", show: method },
};

function place() {
	const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
	return { page: path || "overview", parameters: Object.fromEntries(new URLSearchParams(query || "")) };
}

function navigation(current) {
	return make("nav", { "aria-label": "Pages" }, make("ul", {}, ...Object.entries(PAGES).map(([name, page]) =>
		make("li", {}, make("a", { href: address(name), "aria-current": name === current ? "page" : null }, page.words)))));
}

function footer(index) {
	return make("footer", {}, `Written ${index.written} by slabmark ${index.slabmark}. `,
		document.querySelector("script[data-chunk]") ? "" : make("a", { href: "tables.html" }, "Everything as plain tables"));
}

async function content(index) {
	const { page, parameters } = place();
	if (!PAGES[page])
		return { title: "No such page", content: make("h1", {}, "No such page: " + page) };
	// A choice is a new address, so that Back undoes it.
	const choose = (label, name, options, chosen) => select(label, options, chosen,
		(value) => (location.hash = address(page, { ...parameters, [name]: value })));
	try {
		return await PAGES[page].show({ index, load, parameters, choose });
	} catch (error) {
		console.warn(error);
		return { title: "Not shown", content: make("div", { role: "alert" }, make("h1", {}, "This cannot be shown"), make("p", {}, error.message)) };
	}
}

let asked = 0;

async function show(app, index, isFirst) {
	const number = ++asked;
	const { page } = place();
	const { title, content: shown } = await content(index);
	if (number !== asked) // the reader went on meanwhile
		return;
	const main = make("main", { id: "main", tabindex: "-1" }, shown);
	app.replaceChildren(make("a", { class: "skip", href: "#main", click: (event) => { event.preventDefault(); main.focus(); } }, "Skip to the page"),
		make("header", { class: "top" }, make("a", { class: "brand", href: "#/overview" }, "Slabmark"), navigation(page)),
		main, footer(index));
	document.title = title + " – Slabmark";
	document.documentElement.dataset.ready = page; // for tests: the page is complete
	performance.mark("slabmark-ready");
	if (!isFirst) {
		window.scrollTo(0, 0);
		main.focus({ preventScroll: true });
	}
}

async function start() {
	const app = document.getElementById("app");
	const raw = await load("index");
	if (raw.version !== 1) {
		app.replaceChildren(make("p", { role: "alert" }, `The data has version ${raw.version}, and this page reads version 1: write the site again.`));
		return;
	}
	const index = new Index(raw);
	window.addEventListener("hashchange", () => show(app, index, false));
	await show(app, index, true);
	document.getElementById("tables").remove();
}

window.SLABMARK = { take };
document.documentElement.classList.add("scripted"); // hides the tables for those without a script
if (document.readyState === "loading")
	document.addEventListener("DOMContentLoaded", start);
else
	start();
