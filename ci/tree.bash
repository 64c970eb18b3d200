# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the tree is, and how every script here speaks. Sourced first; defines $tree and $ci (absolute paths), the exit
# statuses of results/text/problem.h, and functions that print.

ci=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The scripts that source this use what is not used here.
# shellcheck disable=SC2034
tree=$(dirname "$ci")

# shellcheck disable=SC2034
exit_failed=1 exit_wrong_use=2 exit_not_measured=3

# fail STATUS TEXT: one line on standard error, then exit.
fail() {
	printf '%s: %s\n' "$(basename "$0")" "$2" >&2
	exit "$1"
}

# wrong_use TEXT: bad arguments.
wrong_use() {
	local script
	script=$(realpath "$0")
	fail "$exit_wrong_use" "$1; see '${script#"$tree"/} --help'"
}

say() {
	printf '==> %s\n' "$*"
}

# The header comment of the calling script, which is its help; what is for shellcheck is not.
print_help() {
	sed -n '3,/^[^#]/ { /^# shellcheck /d; s/^# \{0,1\}//p }' "$0"
}

# takes_no_arguments "$@": for scripts that only know --help.
takes_no_arguments() {
	(($# == 0)) && return
	[[ $1 == --help || $1 == -h ]] || wrong_use "unknown argument '$1'"
	print_help
	exit 0
}

# A tree that belongs to another user (a container's checkout) is refused by git unless it is told to trust it. Running
# a script of the tree is that trust, for the programs that the script starts and for nothing else.
trust_tree() {
	[[ ${trusted_tree:-} != "$tree" ]] || return 0
	local count=${GIT_CONFIG_COUNT:-0}
	export GIT_CONFIG_COUNT=$((count + 1))
	export trusted_tree=$tree
	export "GIT_CONFIG_KEY_$count=safe.directory" "GIT_CONFIG_VALUE_$count=$tree"
}

# The files of the tree that match a pattern, relative to it: as git knows them (new ones too), or as they lie there
# where the tree is no clone.
files_of_tree() {
	cd "$tree" || return
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		# A file that was deleted and not yet committed is still listed.
		git ls-files --cached --others --exclude-standard "$@" | while IFS= read -r file; do
			if [[ -f $file ]]; then echo "$file"; fi
		done
		return
	fi
	local pattern
	for pattern in "$@"; do
		find . -path ./build -prune -o -type f -path "./$pattern" -print
	done | sed 's,^\./,,' | sort
}

trust_tree
# shellcheck source=ci/progress.bash
source "$ci/progress.bash"
