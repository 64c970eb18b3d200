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

async function timeline(base) {
	const page = await open(browser, base);
	await go(page, base, "#/history");
	const hash = await page.evaluate(() => document.querySelector("main tbody a").hash);
	await go(page, base, hash);
	const marks = await page.evaluate(async () => {
		const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
		const chart = document.querySelector(".timeline svg");
		const holder = document.querySelector(".drawing");
		const draws = [];
		for (let i = 0; i < 7; i++) { // a width that changes draws all anew
			const before = performance.now();
			holder.style.width = 900 + i * 7 + "px";
			await frame();
			await frame();
			draws.push(performance.now() - before);
		}
		const again = document.querySelector(".timeline svg");
		again.focus();
		const zooms = [];
		for (let i = 0; i < 20; i++) {
			const before = performance.now();
			again.dispatchEvent(new KeyboardEvent("keydown", { key: i < 10 ? "+" : "-", bubbles: true }));
			await frame();
			zooms.push(performance.now() - before);
		}
		return { draws, zooms, values: document.querySelector(".timeline .dots.small").getAttribute("d").split("M").length - 1, isSame: chart === again };
	});
	console.log(`a series of ${marks.values} values`);
	told("drawn anew, up to the next frame", marks.draws, "ms");
	told("a step of zoom, up to the next frame", marks.zooms, "ms");
	await page.context().close();
}

if (long)
	await timeline("file://" + long + "/");
await browser.close();
