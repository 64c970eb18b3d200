# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the programs of the preset release, without the tests, which are ci/test's. Sourced after tree.bash; defines
# $build.

# shellcheck disable=SC2154
build=$tree/build/release

build_programs() {
	say "building (log: ${build#"$tree"/}.log)"
	mkdir -p "$tree/build"
	if ! build_quietly >"$build.log" 2>&1; then
		tail -n 40 "$build.log" >&2
		# shellcheck disable=SC2154
		fail "$exit_not_measured" "the build failed; all of its messages are in $build.log"
	fi
}

build_quietly() {
	cd "$tree" || return
	cmake --preset release || return
	local programs
	mapfile -t programs < <(ninja -C "$build" -t targets all |
		sed -n -E 's/^(slabmark|slabmark-(run|inspect|resident)-[^:/]*|slabmark-larson|libslabmalloc\.so): [^ ]*(EXECUTABLE|SHARED_LIBRARY)_LINKER.*/\1/p')
	ninja -C "$build" "${programs[@]}"
}
