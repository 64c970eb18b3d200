# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A repository for the tests of builds by commit: the real ci/build-commit, and a build that makes fake programs. Sourced
# after check.bash. The test is skipped where a tool is missing; fake programs do what commits say, and nothing else.

for tool in git cmake ninja; do
	command -v "$tool" >/dev/null || skip "there is no $tool"
done
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
# shellcheck disable=SC2154 # check.bash has the folder
export SLABMARK_PROGRAMS=$folder/none SLABMARK_BUILDS=$folder/builds SLABMARK_REPOSITORY=$folder/repository

# make_repository FAKE CI: its first commit has no programs.
make_repository() {
	local fake=$1 ci=$2
	mkdir -p "$SLABMARK_REPOSITORY/ci"
	cp "$ci"/{build-commit,tree.bash,progress.bash} "$SLABMARK_REPOSITORY/ci"
	cp "$fake" "$SLABMARK_REPOSITORY/fake.in"
	cat >"$SLABMARK_REPOSITORY/CMakePresets.json" <<-'END'
		{"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release"}]}
	END
	# The program says its commit, and how long it takes; each layout takes a little longer than the one before.
	cat >"$SLABMARK_REPOSITORY/link.sh" <<-'END'
		while [ $# -gt 0 ]; do
		  case $1 in
		  -o) out=$2; shift ;;
		  -f* | -W* | *.o) ;;
		  *) fake=${fake-$1} commit=${commit-$2} picoseconds=${picoseconds-$3}; shift 2 ;;
		  esac
		  shift
		done
		case $out in
		*.layout-*) layout=${out##*.layout-}; picoseconds=$((picoseconds + 10 * ${layout%.new})) ;;
		esac
		sed "s/\"commit\":\"0\"/\"commit\":\"$commit\"/; s/^fault=\$/fault= FAKE_TIMES=\$config:$picoseconds/" "$fake" >"$out"
		chmod +x "$out"
	END
	cat >"$SLABMARK_REPOSITORY/CMakeLists.txt" <<-'END'
		cmake_minimum_required(VERSION 3.25)
		project(made LANGUAGES NONE)
		execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
		  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE)
		file(READ ${CMAKE_SOURCE_DIR}/picoseconds picoseconds)
		string(STRIP "${picoseconds}" picoseconds)
		foreach(config default stats)
		  add_custom_target(slabmark-run-${config}
		    COMMAND sh ${CMAKE_SOURCE_DIR}/link.sh -o slabmark-run-${config} ${CMAKE_SOURCE_DIR}/fake.in ${commit} ${picoseconds} VERBATIM)
		endforeach()
	END
	git -C "$SLABMARK_REPOSITORY" -c init.defaultBranch=main init --quiet
}

# commit_with PICOSECONDS: the name of a new commit whose programs take so long.
commit_with() {
	echo "$1" >"$SLABMARK_REPOSITORY/picoseconds"
	git -C "$SLABMARK_REPOSITORY" add .
	git -C "$SLABMARK_REPOSITORY" -c user.name=test -c user.email=test@localhost commit --quiet --allow-empty -m "takes $1"
	git -C "$SLABMARK_REPOSITORY" rev-parse HEAD
}
