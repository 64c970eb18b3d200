# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The stages of ci/lint: what a reader would otherwise have to look for. Sourced.

# shellcheck source=ci/stages.bash
source "$(dirname "${BASH_SOURCE[0]}")/stages.bash"

lint_files=() # empty: the whole tree

# lint_only FILE...: looks at these alone; paths are the caller's.
lint_only() {
	local file
	for file in "$@"; do
		[[ -f $file ]] || wrong_use "no file '$file'"
		file=$(realpath -- "$file")
		[[ $file == "$tree"/* ]] || wrong_use "'$file' is not in $tree"
		lint_files+=("${file#"$tree"/}")
	done
}

# files_to_lint PATTERN...: those of the tree, or those of lint_only that match.
files_to_lint() {
	files_of_tree "$@" | if ((${#lint_files[@]} > 0)); then
		grep -Fx -f <(printf '%s\n' "${lint_files[@]}") || true
	else
		cat
	fi
}

# Every source, whatever its language, says its licence in its first three lines.
check_licence_lines() {
	local file missing=0
	while IFS= read -r file; do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' && continue
		echo "$file:1: no line 'SPDX-License-Identifier: GPL-2.0-or-later'"
		missing=1
	done < <({ files_to_lint '*.c' '*.h' '*.cc' '*.js' '*.css' && shell_scripts; } | sort --unique)
	return "$missing"
}

# The scripts of ci/ have no ending: they are known by their first line.
shell_scripts() {
	local file
	files_to_lint 'ci/*' '.ci/*' '*.sh' '*.bash' | sort --unique | while IFS= read -r file; do
		if head -n 1 "$file" | grep -q -E '^#!.*sh$|shell=bash'; then echo "$file"; fi
	done
}

# The layers: which folder includes which. The table is looked at whole, the sources as far as they are asked for.
check_layers() {
	local reader=(awk -f "$ci/layers.awk" -v root="$tree/") complaints
	complaints=$(files_to_lint 'allocator/*.[ch]' 'workloads/*.[ch]' 'harness/*.[ch]' 'harness/*.cc' 'results/*.[ch]' |
		sed "s,^,$tree/," | xargs --no-run-if-empty "${reader[@]}" "$ci/layers") || true
	if [[ -n $complaints ]]; then
		echo "$complaints"
		return 1
	fi
	"${reader[@]}" -v arrows=1 "$ci/layers" | tsort >/dev/null
}

check_shell() {
	shell_scripts | xargs --no-run-if-empty shellcheck --external-sources
}

check_format() {
	files_to_lint '*.c' '*.h' '*.cc' | xargs --no-run-if-empty clang-format --dry-run -Werror
}

# How scripts are indented is in .editorconfig.
check_shell_format() {
	shell_scripts | xargs --no-run-if-empty shfmt --diff
}

# clang-tidy reads the commands of the clang build. A source is compiled once a config; it is looked at once, as the
# config that bears its name compiles it (allocator/debug/debug.c is empty in the others), or as the first one does.
tidy_commands() {
	mkdir -p "$1"
	jq 'def is_namesake: (.file | capture("/(?<name>[a-z]*)[^/]*$").name) as $name
			| .command | contains("configs/\($name).h");
		sort_by(is_namesake | not) | unique_by(.file)' "$tree/build/clang/compile_commands.json" >"$1/compile_commands.json"
}

# The build's own files (the commit that it is of) must be there; nothing else is built.
check_tidy() {
	local commands=$tree/build/tidy
	cmake --preset clang -D BUILD_TESTING=ON >/dev/null || return
	ninja -C "$tree/build/clang" build_commit >/dev/null || return
	tidy_commands "$commands" || return
	files_to_lint '*.c' '*.cc' | grep -Fx -f <(jq -r --arg tree "$tree/" '.[].file | ltrimstr($tree)' \
		"$commands/compile_commands.json") >"$commands/files" || true
	# One file a process: with several, clang-tidy 14 takes every va_list after the first file for uninitialised.
	# shellcheck disable=SC2016
	xargs --no-run-if-empty --max-procs="$(nproc)" --max-args=1 bash -c \
		'status=0; clang-tidy --quiet -p "$0" "$1" || status=$?; echo "looked at"; exit "$status"' "$commands" \
		<"$commands/files" 2>&1 | tell_of_tidy "$(wc -l <"$commands/files")"
}

# What clang-tidy says, without its counts of what it does not show, but with ours of the files that it has looked at.
tell_of_tidy() {
	local line files=0
	while IFS= read -r line; do
		case $line in
		'looked at') count_on clang-tidy $((++files)) "$1" files ;;
		*' generated.') ;;
		*) printf '%s\n' "${line//"$tree/"/}" ;;
		esac
	done
}

lint_stages() {
	stage licence check 'every source names its licence' check_licence_lines
	stage layers check 'every #include is an arrow of ci/layers' check_layers
	stage format check 'clang-format changes nothing' check_format
	stage shell-format check 'shfmt changes nothing' check_shell_format
	stage shellcheck check 'shellcheck finds nothing' check_shell
	stage clang-tidy check 'clang-tidy finds nothing' check_tidy
}
