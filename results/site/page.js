// SPDX-License-Identifier: GPL-2.0-or-later
// Draws window.SLABMARK (data.js; its shape is that of `slabmark compare --format=json`): the facts, and for each
// workload a chart and the same numbers as a table. Texts reach the page as text nodes only, whatever they hold.
"use strict";

(() => {
	const data = window.SLABMARK;
	const hasRatios = data.rows.length > 0;
	const VERDICTS = {
		slower: { shape: "▲", point: "triangle", radius: 9, rotation: 0, words: "changed, slower" },
		faster: { shape: "▼", point: "triangle", radius: 9, rotation: 180, words: "changed, faster" },
		equivalent: { shape: "●", point: "circle", radius: 7, rotation: 0, words: "equivalent" },
		undecided: { shape: "✕", point: "crossRot", radius: 7, rotation: 0, words: "undecided" },
	};
	const kindOf = (row) => (row.verdict === "changed" ? row.direction : row.verdict);

	// ---- making elements ----

	function make(tag, attributes = {}, ...children) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes))
			element.setAttribute(name, value);
		element.append(...children);
		return element;
	}

	// A fact that could not be read may carry the reason ("unknown: …"), which is for the store, not for here.
	const known = (text) => (!text || text.startsWith("unknown") ? "unknown" : text);
	const ratio = (value) => {
		if (value === null)
			return "–";
		return value >= 0.1 || value === 0 ? value.toFixed(value >= 1000 ? 0 : 3) : value.toPrecision(3);
	};
	const UNITS = [["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]];
	const time = (value) => {
		if (value === null)
			return "–";
		const [unit, size] = UNITS.findLast(([, ns]) => ns === 1 || value >= 0.99995 * ns);
		return Number((value / size).toPrecision(4)).toLocaleString("en") + "\u00a0" + unit;
	};
	const share = (value) => Number((value * 100).toPrecision(3)) + " %";
	const probability = (value) => (value === null ? "–" : value < 0.001 ? value.toExponential(1) : value.toFixed(3));

	// A long name may break behind its slashes, and should not break elsewhere.
	function breakable(name) {
		const parts = name.split("/").flatMap((part, i) => (i === 0 ? [part] : ["/", make("wbr"), part]));
		return make("span", {}, ...parts);
	}

	function verdictText(kind) {
		const shape = make("span", { class: "shape", "aria-hidden": "true" }, VERDICTS[kind].shape);
		return make("span", { class: "verdict " + kind }, shape, VERDICTS[kind].words);
	}

	// ---- facts ----

	const isSimulated = (config) => config.simulated && config.simulated !== "no";

	function configText(config) {
		const description = known(config.config_description);
		return config.config + ": " + description + (isSimulated(config) ? " [simulated by " + config.simulated + "]" : "");
	}

	// One line each; folded, so that the charts come soon however many there are.
	function showConfigs(configs) {
		document.getElementById("configs").parentElement.hidden = configs.length === 0;
		document.getElementById("configs-count").textContent =
			configs.length === 1 ? "The other config" : "The " + configs.length + " other configs";
		for (const config of configs)
			document.getElementById("configs").append(make("li", {}, configText(config)));
	}

	// The kernel's words of /sys/devices/system/cpu/smt/control.
	const SMT = { forceoff: "off", notsupported: "not there", notimplemented: "unknown" };

	function showFacts() {
		const machine = data.machine;
		const base = data.configs[0];
		const facts = [
			["Machine", [machine.cpu_model, machine.topology_summary, machine.kernel].map(known).join(", ")],
			["Fingerprint", known(machine.fingerprint)],
			["Settings", "governor " + known(machine.governor) + ", SMT " + (SMT[machine.smt] || known(machine.smt)) + ", huge pages " + known(machine.thp)],
			["Commit", known(base.commit)],
			["Compiler", known(base.compiler) + " " + known(base.compiler_flags)],
			["Time source", known(base.time_source)],
			...(hasRatios ? [["Rounds", data.rounds + ", a fresh process of each config in each"]] : []),
			["Session", data.session.id + ", " + data.session.started + ", " + (data.session.ended || "not ended")],
			[hasRatios ? "Base" : "Config", configText(base)],
		];
		for (const [name, value] of facts)
			document.getElementById("facts").append(make("dt", {}, name), make("dd", {}, value));
		showConfigs(data.configs.slice(1));
		const warnings = [...data.warnings];
		if (data.rows.some((row) => row.confidence < data.confidence))
			warnings.push("With few rounds a bar holds the true ratio with less confidence; the tables say with how much.");
		for (const warning of warnings)
			document.getElementById("warnings").append(make("li", {}, warning));
	}

	// A machine that was calibrated has a margin of its own for each benchmark.
	const widestMargin = (rows) => Math.max(...rows.map((row) => row.margin ?? data.margin));

	function marginText() {
		const least = Math.min(...data.rows.map((row) => row.margin ?? data.margin));
		const most = widestMargin(data.rows);
		return least === most ? share(most) : share(least) + " to " + share(most);
	}

	// Of a page without ratios what explains them goes.
	function showOtherWords() {
		const title = data.series ? "What changed over time" : "The times of " + data.base;
		document.title = "Slabmark: " + title;
		document.getElementById("lede").textContent = data.series
			? "Where the benchmarks of all sessions took another level."
			: "What " + data.base + " takes on one machine; the session has nothing to compare it with.";
		for (const id of ["legend-section", "means-section", "statistics"])
			document.getElementById(id).hidden = true;
	}

	function showWords() {
		document.title = "Slabmark: ratios to " + data.base;
		document.getElementById("lede").textContent =
			"How much slower or faster each config of the slab allocator is than " + data.base + ", on one machine.";
		for (const element of document.querySelectorAll(".base"))
			element.textContent = data.base;
		document.getElementById("confidence").textContent = share(data.confidence);
		document.getElementById("margin").textContent = "±\u00a0" + marginText().replaceAll(" ", "\u00a0");
		for (const kind of Object.keys(VERDICTS))
			document.getElementById("legend").append(make("li", {}, verdictText(kind)));
	}

	// ---- tables ----

	const COLUMNS = [
		{ title: "Benchmark", key: (row) => row.name, cell: (row) => breakable(row.name), isHead: true },
		{ title: "Config", key: (row) => row.config, cell: (row) => row.config },
		{ title: "Ratio", key: (row) => row.ratio, cell: (row) => ratio(row.ratio), isNumber: true },
		{ title: "Interval", key: (row) => row.ratio_low, cell: intervalText, isNumber: true },
		{ title: "Verdict", key: (row) => kindOf(row), cell: (row) => verdictText(kindOf(row)) },
		{ title: "q", key: (row) => row.q, cell: (row) => probability(row.q), isNumber: true },
		{ title: "Base", key: (row) => row.base_ns, cell: (row) => time(row.base_ns), isNumber: true },
		{ title: "Time", key: (row) => row.config_ns, cell: (row) => time(row.config_ns), isNumber: true },
		{ title: "Rounds", key: (row) => row.n, cell: (row) => String(row.n), isNumber: true },
		{ title: "Warnings", key: (row) => row.warnings.length, cell: (row) => row.warnings.join("; "), class: "notes", isSparse: true },
	];

	// A column of empty cells would only take room from the others.
	const columnsFor = (rows) => COLUMNS.filter((column) => !column.isSparse || rows.some((row) => column.cell(row) !== ""));

	function intervalText(row) {
		if (row.ratio_low === null)
			return "–";
		const short = row.confidence < data.confidence ? " (" + share(row.confidence) + ")" : "";
		return ratio(row.ratio_low) + " – " + ratio(row.ratio_high) + short;
	}

	function tableRow(row, columns) {
		const cells = columns.map((column) =>
			column.isHead
				? make("th", { scope: "row" }, column.cell(row))
				: make("td", { class: column.class || (column.isNumber ? "number" : "") }, column.cell(row)));
		return make("tr", {}, ...cells);
	}

	function compareKeys(left, right) {
		if (typeof left === "string")
			return left.localeCompare(right, "en", { numeric: true });
		return (left ?? Infinity) - (right ?? Infinity) || 0;
	}

	// A click on a head sorts by it, a second click the other way round.
	function sortBy(table, column, head, rows, columns) {
		const isDescending = head.getAttribute("aria-sort") === "ascending";
		for (const other of table.tHead.rows[0].cells)
			other.removeAttribute("aria-sort");
		head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
		const sorted = [...rows].sort((a, b) => compareKeys(column.key(a), column.key(b)) * (isDescending ? -1 : 1));
		table.tBodies[0].replaceChildren(...sorted.map((row) => tableRow(row, columns)));
	}

	function makeTable(label, rows, columns) {
		const table = make("table", { "aria-label": label });
		const heads = make("tr");
		table.append(make("thead", {}, heads), make("tbody", {}, ...rows.map((row) => tableRow(row, columns))));
		for (const column of columns) {
			const button = make("button", { type: "button" }, column.title);
			const head = make("th", { scope: "col", class: column.isNumber ? "number" : "" }, button);
			button.addEventListener("click", () => sortBy(table, column, head, rows, columns));
			heads.append(head);
		}
		// A wide table scrolls by itself; with tabindex also from the keyboard.
		return make("div", { class: "table", role: "region", "aria-label": label, tabindex: "0" }, table);
	}

	function showMeans() {
		const count = (config, kind) => data.rows.filter((row) => row.config === config && kindOf(row) === kind).length;
		const columns = [
			{ title: "Config", key: (mean) => mean.config, cell: (mean) => mean.config, isHead: true },
			{ title: "Geometric mean", key: (mean) => mean.ratio, cell: (mean) => ratio(mean.ratio), isNumber: true },
			{ title: "Benchmarks", key: (mean) => mean.rows, cell: (mean) => String(mean.rows), isNumber: true },
			...Object.keys(VERDICTS).map((kind) => ({
				title: kind[0].toUpperCase() + kind.slice(1),
				key: (mean) => count(mean.config, kind),
				cell: (mean) => String(count(mean.config, kind)),
				isNumber: true,
			})),
		];
		document.getElementById("means").append(makeTable("Geometric means", data.means, columns));
	}

	// ---- charts ----

	const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

	// What tells the rows of a workload apart: the config, and the parameters where there are several benchmarks.
	function labelOf(row, hasSeveral) {
		const parameters = row.name.startsWith(row.workload) ? row.name.slice(row.workload.length) : " " + row.name;
		// Google Benchmark ends the name of each benchmark that counts real time with the same word.
		return hasSeveral ? [row.config, parameters.replace(/^\//, "").replace("/real_time", "")] : row.config;
	}

	const low = (row) => row.ratio_low ?? row.ratio;
	const high = (row) => row.ratio_high ?? row.ratio;

	// The line at 1 and the band of the margin, beneath everything else.
	const referenceFor = (rows) => ({
		id: "reference",
		beforeDatasetsDraw(chart) {
			const { ctx, chartArea, scales } = chart;
			const left = Math.max(chartArea.left, scales.x.getPixelForValue(1 / (1 + widestMargin(rows))));
			const right = Math.min(chartArea.right, scales.x.getPixelForValue(1 + widestMargin(rows)));
			const one = scales.x.getPixelForValue(1);
			ctx.save();
			ctx.fillStyle = colour("band");
			ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top);
			ctx.strokeStyle = colour("text");
			ctx.lineWidth = 1.5;
			ctx.beginPath();
			ctx.moveTo(one, chartArea.top);
			ctx.lineTo(one, chartArea.bottom);
			ctx.stroke();
			ctx.restore();
		},
	});

	// Chart.js labels powers of ten and leaves long stretches between them empty.
	function logarithmicTicks(scale) {
		const steps = [1, 1.5, 2, 3, 5, 7];
		const values = [-3, -2, -1, 0, 1, 2, 3].flatMap((power) => steps.map((step) => step * Math.pow(10, power)));
		const shown = values.filter((value) => value >= scale.min && value <= scale.max);
		scale.ticks = shown.map((value) => ({ value }));
	}

	// All charts share one axis, so that they can be compared by eye.
	function axis() {
		const least = Math.min(1 / (1 + widestMargin(data.rows)), ...data.rows.map(low));
		const most = Math.max(1 + widestMargin(data.rows), ...data.rows.map(high));
		const isWide = most / least > 4;
		const room = isWide ? Math.pow(most / least, 0.05) : 0.06 * (most - least);
		return {
			type: isWide ? "logarithmic" : "linear",
			min: isWide ? least / room : least - room,
			max: isWide ? most * room : most + room,
			afterBuildTicks: isWide ? logarithmicTicks : undefined,
			title: { display: true, text: "time ÷ time of " + data.base, color: colour("muted") },
			grid: { color: colour("line"), borderColor: colour("line") },
			ticks: {
				color: colour("muted"),
				maxTicksLimit: 8,
				includeBounds: false,
				callback: (value) => Number(value.toPrecision(3)) + " ×",
			},
		};
	}

	function tooltipText(row) {
		return [row.name + ", " + row.config,
			ratio(row.ratio) + " (" + intervalText(row) + "), " + VERDICTS[kindOf(row)].words];
	}

	function chartConfig(rows, labels) {
		const colours = rows.map((row) => colour(kindOf(row)));
		const points = {
			type: "line",
			label: "ratio",
			data: rows.map((row) => row.ratio),
			showLine: false,
			pointStyle: rows.map((row) => VERDICTS[kindOf(row)].point),
			rotation: rows.map((row) => VERDICTS[kindOf(row)].rotation),
			pointRadius: rows.map((row) => VERDICTS[kindOf(row)].radius),
			pointHoverRadius: 10,
			pointBackgroundColor: colours,
			pointBorderColor: rows.map((row, i) => (row.verdict === "undecided" ? colours[i] : colour("background"))),
			pointBorderWidth: rows.map((row) => (row.verdict === "undecided" ? 3 : 1)),
			order: 0, // in front of the bars
		};
		const intervals = {
			type: "bar",
			label: "interval",
			data: rows.map((row) => [low(row), high(row)]),
			backgroundColor: colours,
			barThickness: 4,
			minBarLength: 2,
			order: 1,
		};
		return {
			data: { labels, datasets: [points, intervals] },
			plugins: [referenceFor(rows)],
			options: {
				indexAxis: "y",
				animation: false,
				responsive: true,
				maintainAspectRatio: false,
				scales: {
					x: axis(),
					y: {
						type: "category",
						offset: true,
						grid: { display: false, borderColor: colour("line") },
						ticks: { color: colour("text"), autoSkip: false },
					},
				},
				plugins: {
					legend: { display: false },
					tooltip: {
						displayColors: false,
						filter: (item) => item.datasetIndex === 0,
						callbacks: { title: () => "", label: (item) => tooltipText(rows[item.dataIndex]) },
					},
				},
			},
		};
	}

	// ---- times alone

	function timesText(row) {
		const few = row.confidence < data.confidence ? " (" + share(row.confidence) + ")" : "";
		return row.ns_low === null ? "–" : time(row.ns_low) + " – " + time(row.ns_high) + few;
	}

	const shareOrNone = (value) => (value === null ? "–" : share(value));

	function showFigures() {
		const columns = [
			{ title: "Benchmark", key: (row) => row.name, cell: (row) => breakable(row.name), isHead: true },
			{ title: "Time", key: (row) => row.ns, cell: (row) => time(row.ns), isNumber: true },
			{ title: "Interval", key: (row) => row.ns_low, cell: timesText, isNumber: true },
			{ title: "Processes", key: (row) => row.n, cell: (row) => String(row.n), isNumber: true },
			{ title: "Failed", key: (row) => row.failed, cell: (row) => (row.failed ? String(row.failed) : ""), isSparse: true },
			{ title: "Noise floor", key: (row) => row.floor, cell: (row) => shareOrNone(row.floor), isNumber: true },
			{ title: "Seen by 10 rounds", key: (row) => row.seen, cell: (row) => shareOrNone(row.seen), isNumber: true },
		];
		const shown = columns.filter((column) => !column.isSparse || data.figures.some((row) => column.cell(row) !== ""));
		document.getElementById("workloads").append(
			make("section", {}, make("h2", {}, "Times"), makeTable("Times", data.figures, shown),
				make("p", {}, "An operation, one figure a process. The noise floor is what equal programs' ratios spread by here; ",
					make("code", {}, "slabmark calibrate"), " finds it out.")));
	}

	function showSeries() {
		const changed = (series) => series.changes.length + (series.drift ? 1 : 0);
		const columns = [
			{ title: "Benchmark", key: (series) => series.name, cell: (series) => breakable(series.name), isHead: true },
			{ title: "Config", key: (series) => series.config, cell: (series) => series.config },
			{ title: "Machine", key: (series) => series.machine, cell: (series) => series.machine },
			{ title: "Sessions", key: (series) => series.values, cell: (series) => String(series.values), isNumber: true },
			{ title: "Changes", key: changed, cell: (series) => String(changed(series)), isNumber: true },
		];
		document.getElementById("workloads").append(
			make("section", {}, make("h2", {}, "Series"), makeTable("Series", data.series, columns)));
	}

	const drawn = [];

	function draw(canvas, rows, labels) {
		drawn.push({ canvas, rows, labels, chart: new Chart(canvas, chartConfig(rows, labels)) });
	}

	function showWorkload(workload, rows) {
		const hasSeveral = new Set(rows.map((row) => row.name)).size > 1;
		const labels = rows.map((row) => labelOf(row, hasSeveral));
		const canvas = make("canvas", {
			role: "img",
			"aria-label": "Ratios of " + workload + " to " + data.base + "; the table below has the same numbers.",
		});
		const chart = make("div", { class: "chart" }, canvas);
		chart.style.height = 70 + rows.length * (hasSeveral ? 42 : 32) + "px";
		document.getElementById("workloads").append(
			make("section", {}, make("h2", {}, workload), chart, makeTable(workload, rows, columnsFor(rows))));
		draw(canvas, rows, labels);
	}

	function showWorkloads() {
		const groups = new Map();
		for (const row of data.rows)
			groups.set(row.workload, [...(groups.get(row.workload) || []), row]);
		for (const [workload, rows] of groups) {
			rows.sort((a, b) => compareKeys(a.name, b.name)); // stable: configs keep their order
			showWorkload(workload, rows);
		}
	}

	function changeText(change) {
		const interval = " (" + ratio(change.ratio_low) + " – " + ratio(change.ratio_high) + ")";
		return ratio(change.ratio) + (change.ratio_low === null ? "" : interval);
	}

	// "4f2c1e0, 16 November 2026"
	const place = (commit, day) => (day ? (commit || "unknown commit") + ", " + day : "–");

	function showHistory() {
		const changes = data.history || [];
		if (changes.length === 0)
			return;
		const columns = [
			{ title: "Benchmark", key: (change) => change.name, cell: (change) => breakable(change.name), isHead: true },
			{ title: "Config", key: (change) => change.config, cell: (change) => change.config },
			{ title: "Session", key: (change) => change.session, cell: (change) => String(change.session), isNumber: true },
			{ title: "First seen", key: (change) => change.session, cell: (change) => place(change.commit, change.day) },
			{ title: "Last before", key: (change) => change.session, cell: (change) => place(change.commit_before, change.day_before) },
			{ title: "Change", key: (change) => change.kind, cell: (change) => change.kind + " " + change.direction },
			{ title: "Ratio", key: (change) => change.ratio, cell: changeText, isNumber: true },
			{ title: "With", key: (change) => change.events.join(), cell: (change) => change.events.join(", ") },
			{ title: "State", key: (change) => change.state, cell: (change) => change.state },
			{ title: "ID", key: (change) => change.id, cell: (change) => change.id },
			{ title: "Note", key: (change) => change.note || "", cell: (change) => change.note || "", class: "notes" },
		];
		changes.sort((a, b) => b.session - a.session); // the newest first
		document.getElementById("changes").append(makeTable("Changes over time", changes, columns));
		document.getElementById("history").hidden = false;
	}

	// Canvases do not follow the style sheet by themselves.
	function redraw() {
		for (const entry of drawn) {
			entry.chart.destroy();
			entry.chart = new Chart(entry.canvas, chartConfig(entry.rows, entry.labels));
		}
	}

	if (data.series) {
		document.getElementById("facts-section").hidden = true;
		showSeries();
	} else {
		showFacts();
	}
	if (hasRatios) {
		showWords();
		showMeans();
		showWorkloads();
	} else {
		showOtherWords();
	}
	if (data.figures)
		showFigures();
	showHistory();
	window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
	document.documentElement.dataset.ready = "yes"; // for tests: the page is complete
})();
