# SPDX-License-Identifier: GPL-2.0-or-later
# Holds #include lines against the table of layers. Usage: awk -f ci/layers.awk -v root=TREE/ ci/layers FILE...
# With -v arrows=1 it prints the table's arrows between folders for tsort(1) and reads no file. Exit status 1: an
# #include that no row allows, each with its place.

# The longest folder with a row that holds the path.
function room_of(path) {
	while (path != "" && !(path in uses)) {
		if (!sub(/\/[^\/]*$/, "", path))
			path = ""
	}
	return path
}

# Whether a list of folders and headers has the header, or the very room it is in.
function has(list, header, items, count, i) {
	count = split(list, items, " ")
	for (i = 1; i <= count; i++) {
		if (items[i] == header || items[i] == room_of(header))
			return 1
	}
	return 0
}

function is_there(path, line, status) {
	if (!(path in there)) {
		status = (getline line < (root path))
		close(root path)
		there[path] = status >= 0
	}
	return there[path]
}

# The header's path from the root; empty: it is no file of the tree (a system's, or one that the build makes).
function resolve(name, folder, i, count, places) {
	count = split(folder "/ / allocator/ allocator/include/ results/", places, " ")
	for (i = 1; i <= count; i++) {
		if (places[i] == "/")
			places[i] = ""
		if (is_there(places[i] name))
			return places[i] name
	}
	return ""
}

# ---- the table

FNR == NR {
	sub(/#.*/, "")
	if ($0 !~ /:/)
		next
	room = $1
	sub(/:$/, "", room)
	sub(/^[^:]*:/, "")
	split($0, sides, "|")
	uses[room] = sides[1]
	tests_use[room] = sides[2]
	rooms[++rooms_count] = room
	next
}

# ---- the sources

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	path = FILENAME
	sub("^" root, "", path)
	folder = path
	sub(/\/[^\/]*$/, "", folder)
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*/, "", name)
	header = resolve(name, folder)
	from = room_of(path)
	if (header == "" || room_of(header) == from || has(uses[from], header))
		next
	if (path ~ /(_test|bench)\.[ch]$/ && has(tests_use[from], header))
		next
	printf "%s:%d: error: %s may not include %s: see %s in ci/layers\n", path, FNR, from ? from : "no row", header,
		from ? "its row" : "the table"
	is_wrong = 1
}

END {
	for (i = 1; arrows && i <= rooms_count; i++) {
		count = split(uses[rooms[i]], items, " ")
		for (k = 1; k <= count; k++)
			print rooms[i], room_of(items[k])
	}
	exit is_wrong
}
