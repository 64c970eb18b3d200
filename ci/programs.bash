# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds programs of the preset release, and nothing that they do not need: the tests are ci/test's. Sourced after
# tree.bash; defines $build.

# shellcheck disable=SC2154
build=$tree/build/release

# build_programs PATTERN...: slabmark, and the programs and libraries whose whole name is of one of these patterns.
build_programs() {
	local patterns
	patterns=$(IFS='|' && echo "slabmark|$*")
	say "building (log: ${build#"$tree"/}.log)"
	if ! follow building "$build.log" build_matching "$patterns"; then
		tail -n 40 "$build.log" >&2
		# shellcheck disable=SC2154
		fail "$exit_not_measured" "the build failed; all of its messages are in $build.log"
	fi
}

build_matching() {
	cd "$tree" || return
	cmake --preset release || return
	local programs
	mapfile -t programs < <(ninja -C "$build" -t targets all |
		sed -n -E "s,^($1): [^ ]*(EXECUTABLE|SHARED_LIBRARY)_LINKER.*,\\1,p")
	ninja -C "$build" "${programs[@]}"
}
