#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark bisect` on a made-up repository with a planted slowdown, and a commit that cannot be built.
# Arguments: the paths of slabmark, of fake_program.sh and of the folder ci.
fake=$(realpath "$2")
ci=$(realpath "$3")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
# shellcheck source=harness/command/made_repository.bash
source "$(dirname "$0")/made_repository.bash"
export FAKE_NOISE=1
make_repository "$fake" "$ci"
good=$(commit_with 10000)
commit_with 10020 >before
broken=$(commit_with nonsense)
commit_with 10010 >before
slow=$(commit_with 10600)
commit_with 10590 >after
bad=$(commit_with 10610)

# A simulator that counts as many instructions as the program claims picoseconds, in two parts: a test, and a benchmark.
mkdir bin
cat >bin/valgrind <<'END'
#!/bin/sh
for word; do
	case $word in
	--callgrind-out-file=*) out=${word#*=} ;;
	--*) ;;
	*) break ;;
	esac
	shift
done
count=$(sed -n 's/^fault= FAKE_TIMES=.*:\([0-9]*\)$/\1/p' "$1")
if [ -n "$count" ]; then
	echo "$1" >>"$SIMULATED"
	printf 'events: Ir Dr\nfn=(1) test\n1 7 7\n' >"$out.1"
	printf 'events: Ir Dr\nfn=(1) allocate\n1 %s 1\n' "$count" >"$out.2"
fi
exec "$@"
END
sed -i "s|\"\$SIMULATED\"|$PWD/simulated|" bin/valgrind
chmod +x bin/valgrind
export PATH=$PWD/bin:$PATH
searching=(bisect --series=pair/size:64 --rounds=12 --db=s.db)

called 'the planted commit is found' 0 "${searching[@]}" "$good" "$bad"
says 'its name' "$slow is the first slower commit of pair/size:64"
says 'held against the one before it' "default@${slow:0:12} against default@$(head -c 12 before)"
says 'the instructions of its functions' 'instructions by function in a run of pair, simulated by callgrind:'
equal 'before, after and the difference' 'allocate 10010 10600 +590' "$(awk '$1 == "allocate" { print $1, $2, $3, $4 }' output)"
equal 'each commit is simulated once' 2 "$(wc -l <simulated)"
says 'what to type for the simulation' "slabmark run --simulate --config=default@${slow:0:12}^,default@${slow:0:12} --workload=pair"
git -C "$SLABMARK_REPOSITORY" bisect log >/dev/null 2>&1 && complain 'git is done' 'no bisect' 'one'
equal 'the working tree is as it was' 10610 "$(<"$SLABMARK_REPOSITORY/picoseconds")"

# An earlier call that was stopped: git remembers, and the ends are not tried again.
git -C "$SLABMARK_REPOSITORY" bisect start --no-checkout "$bad" "$good" >/dev/null
git -C "$SLABMARK_REPOSITORY" bisect good "$(<before)" >/dev/null
printf '#!/bin/sh\necho "nothing to simulate" >&2\nexit 1\n' >bin/valgrind
called 'it goes on' 0 "${searching[@]}" "$good" "$bad"
says 'the same commit' "$slow is the first slower commit"
says 'why there are no instructions by function' 'no instructions by function: --simulate: '
says 'in the words of the simulator' 'nothing to simulate'
! grep -q "^${bad:0:12}" output || complain 'the ends are known' 'not tried again' "$(<output)"

# A wrong option must not become an answer to git.
git -C "$SLABMARK_REPOSITORY" bisect start --no-checkout "$bad" "$good" >/dev/null
refused 'a wrong option, of a search that goes on' 2 '--budget' "${searching[@]}" --budget=soon "$good" "$bad"
equal 'git was told nothing' 0 "$(git -C "$SLABMARK_REPOSITORY" bisect log | grep -c '^git bisect skip' || true)"
git -C "$SLABMARK_REPOSITORY" bisect reset >/dev/null 2>&1

git -C "$SLABMARK_REPOSITORY" bisect start >/dev/null
refused 'somebody else is in the middle of one' 2 "'git bisect reset' ends it" "${searching[@]}" "$good" "$bad"
git -C "$SLABMARK_REPOSITORY" bisect reset >/dev/null 2>&1

called 'a bad commit that cannot be measured' 3 "${searching[@]}" "$(git -C "$SLABMARK_REPOSITORY" rev-parse "$broken^")" "$broken" --rounds=2
called 'what is not slower has no first slower commit' 1 "${searching[@]}" "$good" "$(<before)"
equal 'it says so' 1 "$(grep -c 'so there is no commit to find' errors)"
refused 'the wrong way round' 2 'is no ancestor of' "${searching[@]}" "$bad" "$good"
refused 'no series' 2 '--series names what became slower' bisect "$good" "$bad" --db=s.db
called 'no such series' 2 bisect "$good" "$bad" --series=pair/size:63 --rounds=2 --db=s.db
git -C "$SLABMARK_REPOSITORY" bisect log >/dev/null 2>&1 && complain 'nothing is left behind' 'no bisect' 'one'

exit "$failed"
