#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark try` on a made-up repository whose programs take as long as a commit says.
# Arguments: the paths of slabmark, of fake_program.sh and of the folder ci.
fake=$(realpath "$2")
ci=$(realpath "$3")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
# shellcheck source=harness/command/made_repository.bash
source "$(dirname "$0")/made_repository.bash"
export FAKE_NOISE=1
make_repository "$fake" "$ci"
old=$(commit_with 10000)
same=$(commit_with 10010)
slow=$(commit_with 11000)
trying=(try --workload=pair --rounds=12 --db=s.db)

called 'HEAD against the commit before it' 1 "${trying[@]}" --markdown=answer.md
equal 'the same as Markdown' "1 1" "$(grep -c '^slower: ' answer.md) $(grep -c '^| *pair/size:64' answer.md)"
says 'the answer' "slower: default@${slow:0:12} takes longer than default@${same:0:12}, beyond chance and margin, in"
says 'where' 'pair/size:64'
called 'an older commit against HEAD' 0 "${trying[@]}" "$same"
says 'the answer' "not slower: default@${same:0:12} against default@${slow:0:12}, in 1 benchmark"
! grep -q building errors || complain 'what is built is kept' 'no build' "$(<errors)"
called 'a base of one'\''s own' 0 "${trying[@]}" --base="$old" "$same"
says 'the answer' "not slower: default@${same:0:12} against default@${old:0:12}"
called 'too few rounds' 4 "${trying[@]}" --base="$old" "$same" --rounds=2
says 'the answer' 'undecided: the rounds do not tell whether'

refused 'nothing in the tree has changed' 2 'every file that git tracks is as in HEAD' "${trying[@]}" --worktree
echo 9000 >"$SLABMARK_REPOSITORY/picoseconds"
called 'the working tree' 0 "${trying[@]}" --worktree
says 'against HEAD' "against default@${slow:0:12}, in 1 benchmark"
equal 'the working tree is as it was' 9000 "$(<"$SLABMARK_REPOSITORY/picoseconds")"
equal 'no branch is left' '* main' "$(git -C "$SLABMARK_REPOSITORY" branch --no-color | grep -v '^+')"
refused 'both ways' 2 'name one' "${trying[@]}" --worktree "$same"
refused 'no such commit' 2 "git finds no commit 'nonsense'" "${trying[@]}" nonsense
refused 'an option is no commit' 2 "git finds no commit '--all'" "${trying[@]}" -- --all
refused 'itself' 2 'would be held against itself' "${trying[@]}" "$same" --base="$same"
refused 'the first commit of all' 2 "git finds no commit '" "${trying[@]}" --base="$old~1" "$old"

called 'trials are no history' 3 history --db=s.db

exit "$failed"
