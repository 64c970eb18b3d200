// SPDX-License-Identifier: GPL-2.0-or-later
// How quick a site is, as figures and never as a check: `node speed.mjs SITE [LONG_SITE]`. LONG_SITE has a series of very many
// sessions.
import path from "node:path";
import { chromium, findBrowser, go, open, serve } from "./harness.mjs";

const [site, long] = process.argv.slice(2).map((name) => path.resolve(name));
const REPEATS = 7;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const told = (what, values, unit) => console.log(`${what}: median ${median(values).toFixed(1)} ${unit} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`);

const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });

// From the beginning of the navigation to the complete page, as the browser's own clock has it.
async function firstPage(base) {
	const page = await open(browser, base);
	await go(page, base);
	const ms = await page.evaluate(() => performance.getEntriesByName("slabmark-ready")[0].startTime);
	await page.context().close();
	return ms;
}

const server = await serve(site);
const times = [];
for (let i = 0; i < REPEATS; i++) {
	server.sent.bytes = server.sent.files = 0;
	times.push(await firstPage(server.address));
}
told("first page complete", times, "ms");
console.log(`transferred for it: ${server.sent.bytes} bytes in ${server.sent.files} files, not compressed`);
server.close();

// What the page's thread worked, by its own clock: other work on the machine does not count.
async function meter(page) {
	const session = await page.context().newCDPSession(page);
	await session.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
	await session.send("Performance.enable");
	return async () => (await session.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
}

async function timeline(base) {
	const page = await open(browser, base);
	const worked = await meter(page);
	await go(page, base, "#/history");
	const hash = await page.evaluate(() => document.querySelector("main tbody a").hash);
	await go(page, base, hash);
	const frames = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))));
	const measured = async (act) => {
		await frames();
		const before = [await worked(), performance.now()];
		await act();
		await frames();
		return [await worked() - before[0], performance.now() - before[1]];
	};
	const draws = [], zooms = [];
	for (let i = 0; i < REPEATS; i++) // a width that changes draws all anew
		draws.push(await measured(() => page.evaluate((width) => (document.querySelector(".drawing").style.width = width + "px"), 900 + i * 7)));
	await page.locator(".timeline svg").focus();
	for (let i = 0; i < 2 * REPEATS; i++)
		zooms.push(await measured(() => page.keyboard.press(i < REPEATS ? "+" : "-")));
	const values = await page.evaluate(() => document.querySelector(".timeline .dots.small").getAttribute("d").split("M").length - 1);
	console.log(`a series of ${values} values; the time that the page's thread worked:`);
	told("drawn anew", draws.map(([work]) => work), "ms");
	told("a step of zoom", zooms.map(([work]) => work), "ms");
	console.log("and as a clock on the wall has it, to the second frame after:");
	told("drawn anew", draws.map(([, wall]) => wall), "ms");
	told("a step of zoom", zooms.map(([, wall]) => wall), "ms");
	await page.context().close();
}

if (long)
	await timeline("file://" + long + "/");
await browser.close();
