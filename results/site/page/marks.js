// SPDX-License-Identifier: GPL-2.0-or-later
// The shapes of verdicts in drawings, the same as in words: no meaning rests on a colour alone.
import { svg } from "./html.js";

const PATHS = {
	slower: "M0,-6L6,5L-6,5Z",
	faster: "M0,6L6,-5L-6,-5Z",
	equivalent: "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z",
	undecided: "M-5,-5L5,5M5,-5L-5,5",
};

export function mark(kind, x, y) {
	return svg("path", { class: "mark " + kind, d: PATHS[kind] || PATHS.undecided, transform: `translate(${x},${y})` });
}

// Lines to tell apart without colour: a dash pattern and a shape each.
export const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4", "6 2 1 2"];
const SHAPES = ["M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z", "M-4,-4H4V4H-4Z", "M0,-5L5,4L-5,4Z", "M0,5L5,-4L-5,-4Z", "M0,-5L5,0L0,5L-5,0Z",
	"M-4,-1H-1V-4H1V-1H4V1H1V4H-1V1H-4Z", "M-4,-4L4,4M4,-4L-4,4", "M-5,0H5M0,-5V5"];

export function point(number, x, y) {
	return svg("path", { class: "point line" + (number % 8), d: SHAPES[number % 8], transform: `translate(${x},${y})` });
}

// The pattern that says "simulated".
export function hatching() {
	return svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
		patternTransform: "rotate(45)" }, svg("rect", { class: "hatch", width: 3, height: 6 })));
}
