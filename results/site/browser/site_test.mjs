// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the site in a browser, from file:// and over a local server, and does what readers do. `node site_test.mjs SITE
// SINGLE_FILE SCREENSHOTS`: SITE is that of made-up nights (results/made/year.h says what they brought).
import fs from "node:fs";
import path from "node:path";
import { AXE, check, chromium, counts, findBrowser, go, open, ready, serve, SIZES } from "./harness.mjs";

const [site, singleFile, screenshots] = process.argv.slice(2).map((name) => path.resolve(name));
const HOSTILE = "<img src=x onerror=alert(1)>";

const read = (name) => {
	const text = fs.readFileSync(path.join(site, name), "utf8");
	return JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")")));
};
const index = read("data/index.js");
const placeOf = (list, name) => index[list].findIndex((item) => item.name === name);
const seriesOf = (benchmark, config, machine) => index.series.find(([, b, c, m]) =>
	b === placeOf("benchmarks", benchmark) && c === placeOf("configs", config) && m === placeOf("machines", machine))[0];
const SLOWER = "handover/size:192/relation:node-far/real_time/threads:2";
const slower = seriesOf(SLOWER, "default", "feedfacecafebeef");
const [bad] = index.nights;
const simulated = index.nights.find((night) => index.machines[night.machine].name === "0123456789abcdef");

// Every page in a state that shows all it can.
const PAGES = {
	overview: "",
	configs: "#/configs",
	pair: "#/configs?config=noshared",
	sessions: `#/configs?session=${bad.session}&against=${index.sessions[0][0]}`,
	workload: "#/workload?name=handover",
	threads: "#/workload?name=pair-threads",
	series: "#/history",
	history: "#/history?series=" + slower,
	numa: "#/numa",
	allocator: "#/allocator",
	session: "#/run",
	process: `#/run?session=${bad.session}&process=${read(`run/${bad.session}.js`).processes[0].id}`,
	method: "#/method",
};

// ---- what holds on every page

async function axe(page, where) {
	const found = await page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"], preload: false })).violations
		.filter((violation) => ["serious", "critical"].includes(violation.impact))
		.map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message || "")).join("; ")}`));
	check(`${where} has no accessibility violation`, found.length === 0, found.join(" | "));
}

function quiet(page, where) {
	check(`${where} says nothing on the console`, page.said.length === 0, page.said[0]);
	check(`${where} asks for nothing outside`, page.outside.length === 0, page.outside[0]);
}

async function fits(page, where) {
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	check(`${where} is no wider than the screen`, over <= 0, over + " pixels");
}

// Texts of a drawing that leave it on the left or the right are cut off.
async function whole(page, where) {
	const cut = await page.evaluate(() => [...document.querySelectorAll("main svg")].flatMap((drawing) => {
		const frame = drawing.getBoundingClientRect();
		return [...drawing.querySelectorAll("text")].filter((text) => {
			const box = text.getBoundingClientRect();
			return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1) && !text.closest("[clip-path]");
		}).map((text) => text.textContent);
	}));
	check(`${where} cuts off no text in a drawing`, cut.length === 0, cut.slice(0, 3).join(" | "));
}

async function everyPage(browser, base, size, scheme) {
	const page = await open(browser, base, { viewport: SIZES[size], colorScheme: scheme });
	await page.addInitScript(AXE);
	for (const [name, hash] of Object.entries(PAGES)) {
		const where = `${name}, ${size}, ${scheme}`;
		await go(page, base, hash);
		check(`${where} shows itself`, (await page.locator("[role=alert]").count()) === 0);
		await fits(page, where);
		await whole(page, where);
		await axe(page, where);
		await page.screenshot({ path: path.join(screenshots, `${name}-${size}-${scheme}.png`), fullPage: true });
	}
	quiet(page, `${size}, ${scheme}`);
	await page.context().close();
}

// ---- what the first page says

async function firstPage(browser, base) {
	const page = await open(browser, base);
	await go(page, base);
	const text = await page.locator("main").innerText();
	check("the first page's headline says how many got slower and where", /^\d+ series got slower on rome/.test(await page.locator("h1").innerText()), text.slice(0, 200));
	const first = await page.locator(".mover").first().innerText();
	check("the largest slowdown stands first", /slower/.test(first) && /handover/.test(first) && /node-far/.test(first), first);
	check("it says how sure that is", /95 % interval 1\.\d+ to 1\.\d+, q at most/.test(first), first);
	await page.locator(".mover summary").first().click();
	check("its configs unfold", (await page.locator(".mover").first().locator("tbody tr").count()) === 9);
	check("the harness's own rates are there", /False alarms: of 3 series of equal programs \d were called changed/.test(text) && /Detection: of 3 series of programs slowed by 5 % \d/.test(text), text.slice(-900));
	check("the undecided are counted", /\d+\s*✕?\s*undecided/.test(text));
	check("there is a section a machine, the one that got slower first", /^rome/.test(await page.locator(".night").first().innerText())
		&& (await page.locator(".night").count()) === 3);
	quiet(page, "the first page");
	await page.context().close();
}

// ---- going about

async function clicks(browser, base) {
	const page = await open(browser, base);
	await go(page, base);
	await page.locator(".mover a", { hasText: "Over time" }).first().click();
	await ready(page, "history");
	check("a link of the first page leads to the series", page.url().includes("#/history?series="));
	await page.goBack();
	await ready(page, "overview");
	check("Back leads to the first page", /got slower on rome/.test(await page.locator("h1").innerText()));
	await page.goForward();
	await ready(page, "history");
	for (const words of ["Configs", "Workload", "History", "NUMA", "Allocator", "Run", "Method", "Overview"]) {
		await page.locator("nav a", { hasText: words }).click();
		await ready(page, words.toLowerCase());
		check(`${words} is marked in the navigation`, (await page.locator("nav a[aria-current=page]").innerText()) === words);
	}
	quiet(page, "clicks");
	await page.context().close();
}

async function headlineCounts(browser, base) {
	const page = await open(browser, base);
	await go(page, base);
	const headline = await page.locator("h1").innerText();
	const shown = (await page.locator(".counts li").allInnerTexts()).map((words) => words.replace(/\s+/g, " "));
	const sum = (word) => shown.filter((words) => words.endsWith(word)).reduce((all, words) => all + parseInt(words, 10), 0);
	check("the headline counts the slower ones as the machines do", headline.startsWith(`${sum("slower")} series got slower`));
	check("and the faster ones", headline.endsWith(`, ${sum("faster")} faster`));
	check("what moved little stands apart", shown.some((words) => words.endsWith("moved little")));
	await page.context().close();
}

async function filters(browser, base) {
	const page = await open(browser, base);
	await go(page, base, "#/configs");
	await page.locator("label", { hasText: "Ratios to" }).locator("select").selectOption("noshared");
	await page.waitForSelector("caption:text('Ratios to noshared')");
	check("a choice is in the address", page.url().includes("base=noshared"));
	check("the base itself is no column", (await page.locator("thead th", { hasText: "noshared" }).count()) === 0);
	await page.goBack();
	await page.waitForSelector("caption:text('Ratios to default')");
	check("Back undoes a choice", !page.url().includes("base=noshared"));
	await page.locator("label", { hasText: "One config alone" }).locator("select").selectOption("noalien");
	await page.waitForSelector("svg.forest");
	check("two configs alone are a chart with a line a benchmark", (await page.locator("svg.forest .bar").count()) === 14);
	check("its axis is labelled at 1 ×", (await page.locator("svg.forest text.one").textContent()) === "1\u00a0×");
	await go(page, base, "#/history");
	const all = await page.locator("main tbody tr").count();
	await page.locator("label", { hasText: /^Config / }).locator("select").selectOption("minimal");
	await page.waitForURL(/config=minimal/);
	await ready(page, "history");
	const names = await page.locator("main table").first().locator("tbody tr td:nth-child(2)").allInnerTexts();
	check("a filter leaves what fits", names.length > 0 && names.length < all && names.every((name) => name === "minimal"), names.slice(0, 3).join());
	quiet(page, "filters");
	await page.context().close();
}

async function sorting(browser, base) {
	const page = await open(browser, base);
	await go(page, base, "#/history");
	const column = () => page.locator("main table").first().locator("tbody tr td:nth-child(6)").allInnerTexts();
	const nanoseconds = (text) => parseFloat(text.replace(",", "")) * { ns: 1, "µs": 1e3, ms: 1e6 }[text.split("\u00a0")[1]];
	await page.locator("th button", { hasText: "Newest" }).first().click();
	const ascending = (await column()).map(nanoseconds);
	check("a click on a head sorts", ascending.every((value, i) => i === 0 || value >= ascending[i - 1]));
	await page.locator("th button", { hasText: "Newest" }).first().click();
	const descending = (await column()).map(nanoseconds);
	check("a second click sorts the other way", descending[0] > ascending[0]);
	await page.context().close();
}

async function deepLinks(browser, base) {
	const page = await open(browser, base);
	await go(page, base, `#/configs?session=${bad.session}&base=glibc&config=jemalloc`);
	check("an address opens what it names", (await page.locator("h1").innerText()) === "jemalloc to glibc");
	await go(page, base, `#/configs?session=${simulated.session}`);
	check("a simulated config is called so", (await page.locator("thead th", { hasText: "onslab" }).locator(".simulated").count()) === 1);
	await go(page, base, `#/configs?session=${simulated.session}&config=onslab`);
	check("and drawn hatched", (await page.locator("svg.forest rect[fill='url(#hatch)']").count()) === 1);
	page.said.length = 0;
	await go(page, base, "#/history?series=000000000000");
	check("an address of nothing says so", /no series 000000000000/.test(await page.locator("[role=alert]").innerText()));
	await page.evaluate(() => (location.hash = "#/nowhere"));
	await page.waitForSelector("h1:text('No such page: nowhere')");
	await page.evaluate((hash) => (location.hash = hash), "#/run?session=1");
	await ready(page, "run");
	check("a session without raw samples says how to get them", /slabmark export --session=1 --format=csv/.test(await page.locator("main").innerText()));
	await page.context().close();
}

// ---- by the keyboard alone

async function keyboard(browser, base) {
	const page = await open(browser, base);
	await go(page, base);
	await page.keyboard.press("Tab");
	check("the first Tab offers to skip the navigation", (await page.evaluate(() => document.activeElement.textContent)) === "Skip to the page");
	for (let i = 0; i < 5; i++)
		await page.keyboard.press("Tab");
	check("Tab goes through the pages", (await page.evaluate(() => document.activeElement.textContent)) === "History");
	await page.keyboard.press("Enter");
	await ready(page, "history");
	check("Enter opens one, and the reader is in it", await page.evaluate(() => document.activeElement.id === "main"));
	await go(page, base, "#/history?series=" + slower);
	const reading = () => page.locator(".reading").innerText();
	await page.locator(".timeline svg").focus();
	const last = await reading();
	await page.keyboard.press("ArrowLeft");
	check("an arrow goes to the night before", (await reading()) !== last);
	await page.keyboard.press("End");
	check("End goes to the last", (await reading()) === last);
	const dots = async () => (await page.locator(".timeline .dots").first().getAttribute("d")).split("M").length - 1;
	const all = await dots();
	await page.keyboard.press("+");
	await page.keyboard.press("+");
	check("plus shows less", (await dots()) < all);
	await page.keyboard.press("0");
	check("0 shows all again", (await dots()) === all);
	await page.keyboard.press("Enter");
	await ready(page, "run");
	check("Enter opens the night's samples", page.url().includes("#/run?session=" + bad.session));
	check("they are of this benchmark alone", (await page.locator("main table").first().locator("tbody tr").count()) === 12);
	quiet(page, "the keyboard");
	await page.context().close();
}

async function mouse(browser, base) {
	const page = await open(browser, base);
	await go(page, base, "#/history?series=" + slower);
	const strip = await page.locator(".timeline .strip").boundingBox();
	const dots = async () => (await page.locator(".timeline .dots").first().getAttribute("d")).split("M").length - 1;
	const all = await dots();
	await page.mouse.move(strip.x + strip.width * 0.3, strip.y + strip.height / 2);
	await page.mouse.down();
	await page.mouse.move(strip.x + strip.width * 0.6, strip.y + strip.height / 2, { steps: 4 });
	await page.mouse.up();
	const some = await dots();
	check("dragging over the strip shows a part", some > 0 && some < all, some + " of " + all);
	quiet(page, "the mouse");
	await page.context().close();
}

async function machines(browser, base) {
	const page = await open(browser, base);
	const night = (fingerprint) => index.nights.find((one) => index.machines[one.machine].name === fingerprint).session;
	const numbers = () => page.locator(".machine .cpu text").allTextContents();
	await go(page, base, `#/numa?session=${night("feedfacecafebeef")}&name=${encodeURIComponent(SLOWER)}`);
	check("every hardware thread is drawn", (await numbers()).length === 64);
	check("those that ran threads are filled", (await page.locator(".machine .used text").allTextContents()).join() === "0,49");
	check("nodes are drawn in packages", (await page.locator(".machine .package .node").count()) === 4);
	// As hwloc numbers "PU:2(indexes=2*16:1*2)".
	await go(page, base, `#/numa?session=${night("abad1deadeadf00d")}`);
	check("hardware threads have the system's numbers", (await numbers()).slice(0, 4).join() === "0,16,1,17", (await numbers()).slice(0, 4).join());
	check("frees are counted node by node", (await page.locator("table.nodes td").count()) === 4);
	quiet(page, "machines");
	await page.context().close();
}

// ---- names that try to become markup, no script, one file, downloads

async function hostile(browser, base) {
	const page = await open(browser, base);
	for (const hash of ["#/workload?name=" + encodeURIComponent(HOSTILE), "#/configs?config=" + encodeURIComponent(HOSTILE), "#/history?workload=" + encodeURIComponent(HOSTILE),
		"#/run?name=" + encodeURIComponent(HOSTILE + "/\"'&/real_time"), "#/allocator", "#/configs?base=" + encodeURIComponent(HOSTILE)]) {
		await go(page, base, hash);
		check(`a hostile name makes no element in ${hash.slice(0, 12)}`, (await page.locator("img, #app script, main iframe").count()) === 0);
		check(`a hostile name stays text in ${hash.slice(0, 12)}`, (await page.locator("main").innerText()).includes(HOSTILE));
	}
	quiet(page, "hostile names");
	await page.context().close();
}

async function withoutScript(browser, base) {
	const page = await open(browser, base, { javaScriptEnabled: false });
	await page.goto(base + "index.html");
	check("without JavaScript the first page has its tables", (await page.locator("#tables table").count()) >= 4);
	check("and says what got slower", /\d+ regression/.test(await page.locator("#tables").innerText()));
	await page.screenshot({ path: path.join(screenshots, "no-script-wide-light.png"), fullPage: true });
	await page.locator("a", { hasText: "as tables" }).click();
	check("every row is a click away", (await page.locator("table tbody tr").count()) > 500);
	quiet(page, "no script");
	await page.context().close();
}

async function oneFile(browser) {
	const base = "file://" + path.dirname(singleFile) + "/";
	const page = await open(browser, "file://" + singleFile);
	for (const [name, hash] of Object.entries(PAGES)) {
		if (name === "sessions")
			continue; // it has the nights alone
		await page.goto("about:blank");
		await page.goto(base + path.basename(singleFile) + hash);
		await ready(page, hash.replace(/^#\/?/, "").split("?")[0] || "overview");
		check(`${name} of the single file shows itself`, (await page.locator("[role=alert]").count()) === 0);
	}
	quiet(page, "the single file");
	await page.context().close();
}

async function downloads(browser, base) {
	const page = await open(browser, base);
	const take = async (words) => {
		const [file] = await Promise.all([page.waitForEvent("download"), page.locator("main button", { hasText: words }).first().click()]);
		return fs.readFileSync(await file.path(), "utf8");
	};
	await go(page, base, "#/history?series=" + slower);
	const csv = await take("Data as CSV");
	check("a chart's data comes as CSV, a line a night", csv.trim().split("\r\n").length === index.series.find(([id]) => id === slower)[4] + 1, csv.slice(0, 200));
	const drawing = await take("Chart as SVG");
	check("a chart comes as SVG with its styles", drawing.startsWith("<svg") && /stroke="rgb/.test(drawing), drawing.slice(0, 200));
	await page.locator("details.data summary").click();
	check("a chart's data is a table, too", (await page.locator("details.data tbody tr").count()) > 5);
	await go(page, base, PAGES.process);
	const everything = JSON.parse(await take("Everything as JSON"));
	check("a process comes whole, with the facts of its session", everything.samples.length > 0 && everything.facts.governor === "performance" && everything.facts.seed !== undefined);
	quiet(page, "downloads");
	await page.context().close();
}

async function darkMode(browser, base) {
	const page = await open(browser, base);
	await go(page, base);
	const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await colour();
	await page.emulateMedia({ colorScheme: "dark" });
	check("the site follows the reader's dark mode at once", (await colour()) !== light);
	await page.emulateMedia({ colorScheme: "light", media: "print" });
	check("on paper there is no navigation", !(await page.locator("nav").isVisible()));
	await page.context().close();
}

// ---- all of it

fs.mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
const server = await serve(site);
const file = "file://" + site + "/";
for (const base of [file, server.address]) {
	await firstPage(browser, base);
	await clicks(browser, base);
	await headlineCounts(browser, base);
	await deepLinks(browser, base);
}
for (const part of [filters, sorting, machines, keyboard, mouse, hostile, downloads, withoutScript, darkMode])
	await part(browser, file);
await oneFile(browser);
for (const size of Object.keys(SIZES)) {
	for (const scheme of ["light", "dark"])
		await everyPage(browser, size === "wide" ? file : server.address, size, scheme);
}
server.close();
await browser.close();
console.log(`${counts.passed} checks passed, ${counts.failed} failed; screenshots in ${screenshots}`);
process.exit(counts.failed ? 1 : 0);
