// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of the site share: a browser, a local server, checks that count, and the figures that are printed.
import { createRequire } from "node:module";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

// `npm ci` was run elsewhere: nothing of it lies in the source tree.
const require = createRequire(path.join(path.resolve(process.env.SLABMARK_BROWSER_MODULES || "."), "x.js"));
export const { chromium } = require("playwright-core");
export const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

export function findBrowser() {
	for (const folder of process.env.PATH.split(":")) {
		for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
			if (fs.existsSync(path.join(folder, name)))
				return path.join(folder, name);
		}
	}
	return null;
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

// Serves a folder; says how many bytes went out.
export function serve(folder) {
	const sent = { bytes: 0, files: 0 };
	const server = http.createServer((request, response) => {
		const name = path.normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)).replace(/\/$/, "/index.html");
		const file = path.join(folder, name);
		if (!file.startsWith(folder) || !fs.existsSync(file)) {
			response.writeHead(404);
			response.end();
			return;
		}
		const body = fs.readFileSync(file);
		sent.bytes += body.length;
		sent.files++;
		response.writeHead(200, { "Content-Type": TYPES[path.extname(file)] || "application/octet-stream" });
		response.end(body);
	});
	return new Promise((resolve) => server.listen(0, "127.0.0.1", () =>
		resolve({ address: `http://127.0.0.1:${server.address().port}/`, sent, close: () => server.close() })));
}

export const counts = { passed: 0, failed: 0 };

export function check(promise, isGood, detail = "") {
	counts[isGood ? "passed" : "failed"]++;
	if (!isGood)
		console.log(`FAILED: ${promise}${detail ? ": " + detail : ""}`);
}

// A page that remembers what it said on its console and asked for outside of its site.
export async function open(browser, base, options = {}) {
	const context = await browser.newContext({ viewport: SIZES.wide, acceptDownloads: true, ...options });
	const page = await context.newPage();
	page.said = [];
	page.outside = [];
	page.on("console", (message) => page.said.push(message.type() + ": " + message.text()));
	page.on("pageerror", (error) => page.said.push("error: " + error.message));
	page.on("request", (request) => {
		const url = request.url();
		if (!url.startsWith(base) && !url.startsWith("data:") && !url.startsWith("blob:"))
			page.outside.push(url);
	});
	page.on("dialog", (dialog) => {
		page.said.push("dialog: " + dialog.message());
		dialog.dismiss();
	});
	return page;
}

// Goes to an address of the site and waits until the page is complete.
export async function go(page, base, hash = "") {
	const address = base + "index.html" + hash;
	const name = hash.replace(/^#\/?/, "").split("?")[0] || "overview";
	await page.goto("about:blank"); // else only the part behind # would change, and nobody could tell when that is done
	await page.goto(address);
	await ready(page, name);
}

export async function ready(page, name) {
	// A selector, because the site's policy forbids what waitForFunction() does.
	await page.waitForSelector(`html[data-ready="${name}"] main h1`, { state: "attached", timeout: 20000 });
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
