// SPDX-License-Identifier: GPL-2.0-or-later
// How each config lays caches out: a slab to scale, with its freelist, colours, objects and waste; and what tells the configs apart.
import { fitting } from "./frame.js";
import { byFamily } from "./families.js";
import { link, make, plural, share, svg } from "./html.js";
import { csvButton, table } from "./table.js";

const PAGE = 4096;

// A row of the geometry table as numbers.
function geometryOf(columns, row) {
	const raw = Object.fromEntries(columns.map((column, i) => [column, row[i]]));
	const number = (name) => Number(raw[name]);
	const bytes = PAGE * 2 ** number("gfporder");
	const isOnSlab = raw.placement === "onslab";
	return { size: number("size"), isRefused: raw.err !== "0", placement: raw.placement, objects: number("num"), object: number("osize"), bytes,
		freelist: isOnSlab ? number("freelist_size") : 0, freelistBytes: number("freelist_size"), colours: number("colour"), step: number("colour_off"),
		waste: number("left_over"), limit: number("limit"), batch: number("batchcount"), shared: number("shared") };
}

// ---- the drawing

const BAR = 30;

// A slab of each config under the other, all to one scale.
function slabs(rows, width) {
	const isNarrow = width < 560;
	const left = isNarrow ? 0 : 130, most = Math.max(...rows.map((row) => row.geometry.bytes)), x = (bytes) => left + (bytes / most) * (width - left - 4);
	const height = (isNarrow ? 58 : 44);
	const marks = rows.map(({ config, geometry }, i) => {
		const y = i * height + (isNarrow ? 18 : 4);
		const first = geometry.placement === "onslab" ? geometry.freelist : 0;
		const objects = Array.from({ length: geometry.objects }, (_, n) => svg("rect", { class: "object", x: x(first + n * geometry.object), y,
			width: Math.max(0.5, x(first + (n + 1) * geometry.object) - x(first + n * geometry.object) - (geometry.objects > 200 ? 0 : 1)), height: BAR }));
		const end = first + geometry.objects * geometry.object;
		return svg("g", {}, svg("title", {}, says(config, geometry)),
			svg("text", { class: "label", x: isNarrow ? 0 : left - 8, y: isNarrow ? y - 5 : y + 19, "text-anchor": isNarrow ? "start" : "end" }, config),
			first ? svg("rect", { class: "freelist", x: x(0), y, width: x(first) - x(0), height: BAR }) : null, ...objects,
			end < geometry.bytes ? svg("rect", { class: "waste", x: x(end), y, width: x(geometry.bytes) - x(end), height: BAR }) : null,
			...Array.from({ length: geometry.bytes / PAGE + 1 }, (_, page) => svg("line", { class: "page", x1: x(page * PAGE), x2: x(page * PAGE), y1: y - 3, y2: y + BAR + 3 })));
	});
	const total = rows.length * height + 26;
	return svg("svg", { class: "slabs", width, height: total, viewBox: `0 0 ${width} ${total}`, role: "img", "aria-label": "A slab of each config, to scale; the table has the figures" },
		...marks, svg("text", { class: "tick title", x: left, y: total - 6 }, `bytes 0 to ${most}; upright lines are pages of ${PAGE} bytes`));
}

function says(config, geometry) {
	return `${config}: ${plural(geometry.objects, "object")} of ${geometry.object} bytes in ${geometry.bytes} bytes, freelist ${geometry.placement}, `
		+ `${plural(Math.max(1, geometry.colours), "colour")}, ${geometry.waste} bytes left over`;
}

const key = (name, words) => make("li", {}, make("span", { class: "key " + name, "aria-hidden": "true" }), words);

// ---- the page

const COLUMNS = [
	{ title: "Config", cell: (row) => row.config, isHead: true },
	{ title: "Freelist", cell: (row) => row.geometry.placement },
	{ title: "Objects a slab", key: (row) => row.geometry.objects, cell: (row) => String(row.geometry.objects), isNumber: true },
	{ title: "Object with padding", key: (row) => row.geometry.object, cell: (row) => row.geometry.object + " B", isNumber: true },
	{ title: "Slab", key: (row) => row.geometry.bytes, cell: (row) => row.geometry.bytes + " B", isNumber: true },
	{ title: "Freelist, bytes", key: (row) => row.geometry.freelistBytes, cell: (row) => String(row.geometry.freelistBytes), isNumber: true },
	{ title: "Left over", key: (row) => row.geometry.waste, cell: (row) => `${row.geometry.waste} B (${share(row.geometry.waste / row.geometry.bytes)})`, isNumber: true },
	{ title: "Colours", key: (row) => row.geometry.colours, cell: (row) => (row.geometry.colours > 1 ? `${row.geometry.colours}, ${row.geometry.step} B apart` : "1"), isNumber: true },
	{ title: "CPU array, batch, shared", cell: (row) => `${row.geometry.limit}, ${row.geometry.batch}, ${row.geometry.shared}` },
];

export async function allocator({ index, load, parameters, choose }) {
	const groups = byFamily(index, index.configs, (config) => config.name, () => 0);
	const about = groups.map(({ title, items }) => make("section", {}, make("h2", {}, title), make("dl", { class: "configs" },
		...items.flatMap((config) => [make("dt", {}, link(config.name, "configs", { config: config.name })),
			make("dd", {}, (config.description || "not described") + (config.simulated ? ` (simulated by ${config.simulated})` : ""))]))));
	const drawing = index.has_geometry ? await drawn(await load("geometry"), parameters, choose)
		: make("p", {}, "This site was written without the programs ", make("code", {}, "slabmark-inspect-CONFIG"), ", which know how caches are laid out.");
	return { title: "Allocator", content: make("div", {}, make("h1", {}, "How the configs lay caches out"), drawing, ...about) };
}

async function drawn(data, parameters, choose) {
	const all = data.configs.flatMap(({ config, columns, rows }) => rows.map((row) => ({ config, geometry: geometryOf(columns, row) }))).filter((row) => !row.geometry.isRefused);
	const sizes = [...new Set(all.map((row) => row.geometry.size))].sort((a, b) => a - b);
	const size = sizes.includes(Number(parameters.size)) ? Number(parameters.size) : sizes.includes(192) ? 192 : sizes[0];
	const rows = all.filter((row) => row.geometry.size === size);
	return make("div", {}, make("div", { class: "choices" }, choose("Objects of", "size", sizes.map((one) => [one, one + " bytes"]), size)),
		make("figure", { class: "chart" }, make("figcaption", {}, make("h3", {}, `A slab of ${size}-byte objects, to scale`)),
			make("ul", { class: "legend" }, key("object", "object, with padding"), key("freelist", "freelist within the slab"), key("waste", "left over: colours use it")),
			fitting((width) => slabs(rows, width))),
		table("Geometry", rows, COLUMNS), make("div", { class: "tools" }, csvButton("geometry-" + size, rows, COLUMNS)));
}
