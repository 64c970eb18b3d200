#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A fleet: a cluster of virtual nodes and a PostgreSQL server measure a plan on programs with made-up times, a job is requeued while it
# measures, and each node's results are in the store once. Arguments: the paths of slabmark and of fake_program.sh. Call it through
# ci/slurm/cluster and ci/postgres.
fake=$(realpath "$2")
ci=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=harness/command/check.bash
source "$ci/../harness/command/check.bash"
[[ -n ${SLABMARK_TEST_POSTGRES:-} ]] || skip 'this is not called by ci/postgres'
unset FAKE_FAULT FAKE_COUNTERS FAKE_TRACE SLABMARK_LOCK
export FAKE_TIMES='default:10000 other:11000' FAKE_NOISE=1 SLABMARK_POLL=0.5 FAKE_WAIT=$folder/wait
mkdir bin wait
cp "$slabmark" bin/slabmark
for config in default other; do cp "$fake" "bin/slabmark-run-$config"; done
printf -- '--config=default,other\n--workload=pair\n--rounds=6\n--if-busy=wait\n' >fleet.plan

"$ci/slurm/submit" --db="$SLABMARK_TEST_POSTGRES" --plan=fleet.plan --programs=bin --folder=batches --wait >said 2>&1 &
submitted=$!
until [[ -e wait/started ]]; do
	sleep 0.2
	kill -0 "$submitted" 2>/dev/null || break
done
# The job that measures just now is thrown back into the queue.
busy=$(squeue --noheader --states=running --format=%A | head -n 1)
scontrol requeue "$busy" || complain 'a job is requeued' 'a running job' "$(squeue)"
touch wait/go
status=0
wait "$submitted" || status=$?
equal 'all jobs ended well' 0 "$status"
equal 'each node says what it added' 4 "$(grep -c '^==> n[1-4]: ' said)"
[[ $status == 0 ]] || cat said

"$slabmark" sessions --db="$SLABMARK_TEST_POSTGRES" >listed
equal 'each node is in the store once' 4 "$(grep -c complete listed)"
# A job that is called again after all is done adds nothing.
for place in batches/*/n*; do
	rm "$place/done"
	"$ci/slurm/job" "$place" "$folder/fleet.plan" "$folder/bin" "$SLABMARK_TEST_POSTGRES" >again 2>&1 || complain 'a job called again' 'status 0' "$(<again)"
done
"$slabmark" sessions --db="$SLABMARK_TEST_POSTGRES" >listed
equal 'nothing is counted twice' 4 "$(grep -c complete listed)"
called 'one comparison of a session' 0 compare default other --db="$SLABMARK_TEST_POSTGRES"
says 'its verdict' 'pair/size:64'

status=0
"$ci/slurm/submit" --db=file.db >output 2>&1 || status=$?
equal 'a file is no store for many' 2 "$status"

exit "$failed"
