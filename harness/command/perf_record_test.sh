#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Profiles of measured processes, on a perf and on programs that only pretend. Arguments: the path of slabmark, and the
# fake program.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
unset SLAB_OPTIONS HWLOC_SYNTHETIC HWLOC_XMLFILE

fake_programs "$fake" default nocolour
mkdir bin
cat >bin/perf <<'EOF'
#!/bin/sh
# perf record --quiet -g -o FILE -- PROGRAM...
if [ "${PERF_REFUSES-}" ]; then
	echo "No permission to enable cycles event." >&2
	exit 255
fi
[ "$*" != "${*#record --quiet -g -o }" ] || exit 2
[ "$5" = /dev/null ] || echo "$7" >"$5"
shift 6
exec "$@"
EOF
chmod +x bin/perf
measuring=(run --workload=pair --rounds=2 --db=fake.db --config="default,nocolour" --perf-record=profiles)

PATH=$folder/bin:$PATH called 'a run with profiles' 0 "${measuring[@]}"
equal 'the profiles' 'default.pair.1.perf default.pair.2.perf nocolour.pair.1.perf nocolour.pair.2.perf' \
	"$(cd profiles && echo *)"
grep -q 'slabmark-run-nocolour$' profiles/nocolour.pair.2.perf ||
	complain 'what perf ran' 'slabmark-run-nocolour' "$(<profiles/nocolour.pair.2.perf)"
called 'an ordinary run into the same store' 0 run --workload=pair --rounds=2 --db=fake.db --config="default,nocolour"
called 'which sessions are results' 0 compare default nocolour --db=fake.db
grep -qE 'session +2\b' output || complain 'a profile is no result' 'session 2 compared' "$(<output)"

rm -r profiles
PERF_REFUSES=1 PATH=$folder/bin:$PATH refused 'a perf that refuses' 3 'No permission to enable cycles event' "${measuring[@]}"
[[ ! -e profiles ]] || fail 'a perf that refuses left a folder behind'
mkdir tools
for tool in cat grep sed wc; do
	ln -s "$(type -P "$tool")" tools
done
PATH=$folder/tools refused 'no perf' 3 'there is no perf in PATH (Debian: linux-perf)' "${measuring[@]}"
touch profiles
PATH=$folder/bin:$PATH refused 'a file where the folder is to be' 2 'no folder can be made' "${measuring[@]}"
PATH=$folder/bin:$PATH refused 'a profile and a verdict' 2 'leave one out' "${measuring[@]}" --until=verdict

exit "$failed"
