# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The stages asan and tsan: builds with sanitizers in which every finding fails the test. Sourced.

# shellcheck source=ci/stages.bash
source "$(dirname "${BASH_SOURCE[0]}")/stages.bash"

# Old sanitizer runtimes (LLVM 14's is one) fail at random, or always, where the kernel scatters addresses over more
# bits than they were made for. Without randomisation they run everywhere; where a container forbids to switch it off,
# they run as they are.
fixed_addresses=()
if setarch --addr-no-randomize true 2>/dev/null; then
	fixed_addresses=(setarch --addr-no-randomize)
fi

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

# sanitize PRESET [ctest argument...]
sanitize() {
	# A shell of its own: setarch starts programs, not functions.
	export ci
	# shellcheck disable=SC2016
	"${fixed_addresses[@]}" bash -euo pipefail -c 'source "$ci/stages.bash" && build_and_test "$@"' "$0" "$@"
}

# ci/test without --full replays a sample of the traces: all of them take minutes here.
address_sanitizer() {
	if [[ ${full:-yes} == yes ]]; then
		sanitize asan
	else
		sanitize asan --exclude-regex '^allocator/traces$'
	fi
}

sanitizer_stages() {
	stage asan address_sanitizer
	stage tsan sanitize tsan
}
