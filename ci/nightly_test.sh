#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nights of made-up commits: a planted slowdown is named and nothing else, a night that was killed goes on and counts once, two
# nights do not overlap, and no reader sees half a page. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
ci=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../harness/command/check.bash"
# shellcheck source=harness/command/made_repository.bash
source "$ci/../harness/command/made_repository.bash"
export FAKE_NOISE=1
unset SLABMARK_PROGRAMS # each night names a folder
make_repository "$fake" "$ci"
cat >made.plan <<'END'
# a made-up night
--config=default
--workload=pair,pairs
--rounds=8
calibrate --workload=pair --rounds=6
selfcheck --workload=pair --rounds=8 --slowdown=10
END

# programs_of COMMIT: a folder with slabmark and the programs of a commit.
programs_of() {
	local place=$folder/programs-${1:0:12}
	"$SLABMARK_REPOSITORY/ci/build-commit" "$1" >/dev/null 2>&1
	mkdir -p "$place"
	[[ -x $place/slabmark ]] || cp "$slabmark" "$place/slabmark"
	[[ -x $place/slabmark-run-default ]] || cp "$SLABMARK_BUILDS/$1/source/build/release/slabmark-run-default" "$place"
	echo "$place"
}

# night WHAT STATUS COMMIT [OPTION...]
night() {
	local what=$1 expected=$2 status=0
	"$ci/nightly" --plan=made.plan --folder=kept --programs="$(programs_of "$3")" --no-setup "${@:4}" >output 2>errors || status=$?
	[[ $status == "$expected" ]] || complain "$what: status" "$expected" "$status, $(<output) $(<errors)"
}

sessions() {
	"$slabmark" sessions --db=kept/store.db | grep -c -v -E 'selfcheck|calibration|confirmation|^session'
}

good=$(commit_with 10000)
night 'the first night' 0 "$good"
says 'it has a page' 'the page: '
[[ -s kept/site/index.html ]] || complain 'the page' 'kept/site/index.html' 'nothing'
same=$(commit_with 10005)
night 'a night in which nothing changed' 0 "$same"
slow=$(commit_with 10500)
night 'a night with a slowdown' 1 "$slow"
says 'what became slower' 'pair/size:64'
says 'by how much' '1.05'
summary=$(cat kept/nights/*/summary.md | grep regressions)
equal 'the gate names both commits, and nothing else' \
	"Session 6 of commit ${slow:0:12} against last-good (session 4 of commit ${same:0:12}): 2 regressions" "${summary%%;*}"
equal 'each night is there' 3 "$(sessions)"
[[ -s $(find kept/nights -name junit.xml | sort | tail -n 1) ]] || complain 'JUnit' 'a file' 'none'

# Killed while it measures, then called again.
mkdir wait
back=$(commit_with 10000)
FAKE_WAIT=$folder/wait setsid "$ci/nightly" --plan=made.plan --folder=kept --programs="$(programs_of "$back")" --no-setup >killed 2>&1 &
until [[ -e wait/started ]]; do sleep 0.05; done
status=0
"$ci/nightly" --plan=made.plan --folder=kept --programs="$(programs_of "$back")" --no-setup >output 2>&1 || status=$?
equal 'a second night meanwhile' 3 "$status"
says 'why' 'another night is going on in'
kill -KILL -- "-$(pgrep -f -o "nightly --plan=made.plan --folder=kept")" 2>/dev/null || true
touch wait/go
wait
night 'the night that was killed' 0 "$back"
says 'it goes on' 'going on with the night of'
equal 'it is there once' 4 "$(sessions)"
"$slabmark" db verify --db=kept/store.db >output 2>&1 || complain 'the store is sound' 'sound' "$(<output)"

# The rates of the self-checks grow night by night.
called 'self-checks' 0 selfcheck --rates --db=kept/store.db
says 'one a night' 'self-checks      4'

status=0
"$ci/nightly" --plan=nonsense --no-setup --folder=kept >output 2>&1 || status=$?
equal 'no such plan' 2 "$status"
says 'there are others' 'there are nightly numa quick weekly'

exit "$failed"
