#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sides that are builds of a commit or out of a folder: built once by the real ci/build-commit, measured in the same rounds,
# compared, and carried through export and import. The repository is made up; its programs are fake ones that say of which
# commit they are and take as long as the commit's file `picoseconds` says.
# Arguments: the paths of slabmark, of fake_program.sh and of the folder ci.
fake=$(realpath "$2")
ci=$(realpath "$3")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
# shellcheck source=harness/command/made_repository.bash
source "$(dirname "$0")/../made_repository.bash"
make_repository "$fake" "$ci"
old=$(commit_with 10000)
new=$(commit_with 12000)

called 'two commits in the same rounds' 0 run --config="default@$old,default@HEAD" --workload=pair --rounds=8 --db=s.db
grep -q "building default of ${old:0:12}" errors || complain 'what is built is said' "building default of ${old:0:12}" "$(<errors)"
says 'what to type next' "slabmark compare default@${old:0:12} default@${new:0:12}"
called 'they are compared, by as much of the name as tells' 0 compare "default@${old:0:7}" "default@$new" --db=s.db
says 'the verdict' '1.2'
called 'they are compared, by what git takes for a commit' 0 compare default@HEAD~1 default@HEAD --db=s.db
says 'the same' "default@${new:0:12} against default@${old:0:12}"
says 'rounds pair them' "default@${new:0:12} against default@${old:0:12}"
! grep -q 'the commits differ' output || complain 'no warning of what is compared' 'none' "$(<output)"

called 'nothing is built twice' 0 run --config="default@HEAD~1,default@HEAD" --workload=pair --rounds=2 --db=t.db
! grep -q building errors || complain 'the second time' 'no build' "$(<errors)"
program=$SLABMARK_BUILDS/$old/source/build/release
called 'a folder of programs' 0 run --config="default=$program,default@HEAD" --workload=pair --rounds=8 --db=t.db
called 'they are compared' 0 compare "default=$program" "default@$new" --db=t.db
called 'until a verdict' 0 run --config="default@$old,default@HEAD" --workload=pair --until=verdict --db=t.db

called 'they travel' 0 export --format=jsonl --out=s.jsonl --db=s.db
called 'into another store' 0 import s.jsonl --db=u.db
"$slabmark" compare "default@$old" "default@$new" --format=csv --db=s.db >here
"$slabmark" compare "default@$old" "default@$new" --format=csv --db=u.db >there
equal 'the comparison there' "$(<here)" "$(<there)"
refused 'builds that were held against others are no history' 3 'holds no measured series' history --db=s.db

refused 'a commit that is not compared' 2 "holds no config 'default@feed'" compare "default@$old" default@feed --db=s.db
called 'no such commit' 2 run --config=default@nonsense --db=s.db
grep -q "git finds no commit 'nonsense'" errors || complain 'no such commit' "git finds no commit" "$(<errors)"
called 'no such config of it' 2 run --config="nope@$old" --db=s.db
grep -q "has no config 'nope'" errors || complain 'no such config' "has no config 'nope'" "$(<errors)"
refused 'the same twice' 2 'is named twice' run --config="default@$old,default@HEAD~1" --db=s.db
refused 'a folder without it' 2 'there is no program' run --config=default=/nowhere --db=s.db
SLABMARK_REPOSITORY=/nowhere refused 'no repository' 2 'SLABMARK_REPOSITORY names' run --config="default@$old" --db=s.db

if command -v ld.lld >/dev/null; then
	called 'layouts' 0 run --config="default@$old,default@HEAD" --layouts=8 --workload=pair --rounds=16 --db=l.db
	called 'they are compared' 0 compare "default@$old" "default@$new" --db=l.db
	says 'a layout is the unit' 'layouts   8 of each side'
	says 'so many pairs' '       8  changed'
	! grep -q 'rounds have both sides' output || complain 'all rounds count' 'no warning' "$(<output)"
	"$slabmark" compare "default@$old" "default@$new" --format=json --db=l.db | tr -d ' \n' >layouts.json
	grep -q '"n":8,"n_a":8' layouts.json || complain 'the pairs' '8' "$(<layouts.json)"
	called 'rounds take them in turn' 0 export --format=csv --db=l.db
	equal 'as many times as there are layouts' 16 "$(awk -F, 'NR > 1' output | grep -oE '[0-9.]+e?[0-9]*,10.5' | sort -u | wc -l)"
	refused 'rounds that do not fit' 2 'expected a multiple of 8' run --config="default@$old" --layouts=8 --rounds=12 --db=l.db
	refused 'looks' 2 'leave one out' run --config="default@$old,default@HEAD" --layouts=8 --until=verdict --db=l.db
	refused 'a folder' 2 'has no parts to link' run --config="default=$program" --layouts=8 --rounds=8 --db=l.db
	called 'of the tree' 0 run --config=default --layouts=2 --workload=pair --rounds=2 --db=l.db
fi

# A gate between two nights of these commits, which builds what it holds side by side.
night() { # commit
	"$slabmark" run --config="default=$SLABMARK_BUILDS/$1/source/build/release" --workload=pair --rounds=8 --db=night.db >output 2>errors
	"$slabmark" export --format=jsonl --db=night.db | sed "s/default=[^\"]*release/default/g" >night.jsonl
	rm night.db
	called "the night of ${1:0:12}" 0 import night.jsonl --db=g.db
}
night "$old"
night "$new"
called 'the gate builds both commits and measures them' 1 gate --baseline="commit:${old:0:12}" --db=g.db
says 'they were side by side' 'confirm   session 3, side by side'
says 'and slower there, too' 'side by side; against the baseline'
called 'the other way round it is faster' 0 gate --baseline="commit:${new:0:12}" --session=1 --side-by-side --db=g.db
says 'all of it was measured' 'confirm   session 4, side by side'
says 'it is faster' '1 faster'

rm -rf "$SLABMARK_BUILDS"
called 'a cache that was removed is filled again' 0 run --config="default@$old" --workload=pair --rounds=1 --db=t.db

exit "$failed"
