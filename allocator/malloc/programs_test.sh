#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A real program does its usual work on libslabmalloc, and what comes out is what comes out without.
# Usage: programs_test.sh LIBRARY python3|sqlite3|redis|git|gcc|node
# Exit status: 0 the same, 1 not, 2 wrong use, 77 the program is not installed.
set -euo pipefail
library=$(realpath -- "$1")
program=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
PATH=/usr/bin:/bin:$PATH # the programs themselves, not a version manager's scripts
export LC_ALL=C.UTF-8 HOME=$directory

skip() {
	echo "SKIPPED: $*"
	exit 77
}

fail() {
	echo "FAILED: $program: $*"
	exit 1
}

# needs COMMAND...: they are there, and the first takes the library.
needs() {
	local command
	for command in "$@"; do
		command -v "$command" >/dev/null || skip "$command is not installed"
	done
	[[ $(LD_PRELOAD=$library ldd "$(realpath "$(command -v "$1")")") == *"$library"* ]] || fail "$1 does not load $library"
}

# same COMMAND...: it ends well and prints the same with the library as without, and nothing of the allocator's.
same() {
	"$@" >expected 2>expected-err || fail "'$*' fails by itself: $(cat expected-err)"
	LD_PRELOAD=$library "$@" >printed 2>printed-err || fail "'$*' ends with status $?: $(tail -n 3 printed-err)"
	cmp -s expected printed || fail "'$*' prints another text: $(diff expected printed | head -n 5)"
	if grep -E '^slab: |ld\.so: ' printed-err; then fail "'$*' has the allocator complain"; fi
}

work_of_python3() {
	needs python3
	cat >work.py <<'PYTHON'
import collections, decimal, gc, hashlib, json, multiprocessing, re, sqlite3, subprocess, sys, threading, zlib

def digest(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()

def churn(seed):
    kept = collections.deque(maxlen=500)
    for i in range(20000):
        seed = (seed * 1103515245 + 12345) % 2**31
        kept.append(bytes([seed % 256]) * (seed % 3000))
    return digest(list(kept))

tree = {str(i): [i, str(i) * (i % 20), {"x": [j for j in range(i % 30)]}] for i in range(20000)}
text = json.dumps(tree)
print(digest(json.loads(text) == tree), zlib.crc32(zlib.decompress(zlib.compress(text.encode()))))
print(digest(sorted(re.findall(r"\d+", text))[:1000]))
block = bytearray(30_000_000)
for _ in range(6):
    block *= 2 if len(block) < 100_000_000 else 1
    del block[: len(block) // 3]
print(len(block), block.count(0))
with decimal.localcontext() as context:
    context.prec = 5000
    print(digest(decimal.Decimal(2).sqrt()))
base = sqlite3.connect(":memory:")
base.executescript("create table t(a integer primary key, b text)")
base.executemany("insert into t values(?, ?)", ((i, str(i) * 9) for i in range(30000)))
print(base.execute("select sum(a), max(length(b)) from t where b like '%77%'").fetchall())
results = [None] * 8
def thread(i):
    results[i] = churn(i)
threads = [threading.Thread(target=thread, args=(i,)) for i in range(8)]
[t.start() for t in threads]
print(subprocess.run([sys.executable, "-c", "print(sum(range(10**6)))"], capture_output=True).stdout)
[t.join() for t in threads]
print(results)
with multiprocessing.get_context("fork").Pool(4) as pool:
    print(pool.map(churn, range(12)))
gc.collect()
PYTHON
	same python3 work.py
	same env PYTHONMALLOC=malloc python3 work.py # past Python's own pools: every object is a malloc
}

work_of_sqlite3() {
	needs sqlite3
	cat >work.sql <<'SQL'
create table item(id integer primary key, name text, size real, data blob);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000)
  insert into item select i, printf('%x-%d', i * 2654435761 % 4294967296, i), i / 7.0, zeroblob(i % 200) from n;
create index by_name on item(name);
create table word(w text);
insert into word select substr(name, 1, 3) from item;
select w, count(*) from word group by w order by 2 desc, 1 limit 20;
select count(*), sum(a.size), max(b.name) from item a join item b on b.id = a.id / 2 + 1 where a.name > '8';
update item set data = zeroblob(9000) where id % 50 = 0;
delete from item where id % 3 = 0;
vacuum;
pragma integrity_check;
select sum(length(data)), group_concat(substr(name, 1, 1), '') from (select * from item order by name limit 500);
SQL
	same bash -c 'rm -f file.db; sqlite3 file.db <work.sql'
	same bash -c 'sqlite3 :memory: <work.sql'
}

# ask ARGUMENTS...: redis-cli at the server's socket.
ask() {
	redis-cli -s "$directory/socket" "$@"
}

redis_work() {
	redis-server --port 0 --unixsocket "$directory/socket" --dir "$directory" --save '' --io-threads 2 \
		--enable-debug-command local --logfile "$directory/log" &
	local server=$! tries=0
	until ask ping 2>/dev/null | grep -q PONG; do
		kill -0 "$server" && ((++tries < 300)) || return 1
		sleep 0.1
	done
	grep -c libslabmalloc "/proc/$server/maps" >"$directory/mappings" || true
	redis-benchmark -s "$directory/socket" -q -n 20000 -r 5000 -d 300 -P 16 -t set,get,incr,lpush,rpop,sadd,hset,zadd,lrange_100 \
		>"$directory/benchmark"
	ask flushall
	ask eval 'for i = 1, 20000 do
      redis.call("set", "k" .. i, string.rep("v", i % 3000))
      redis.call("zadd", "z", i % 977, "m" .. i)
      redis.call("hset", "h" .. i % 50, "f" .. i, i)
      if i % 3 == 0 then redis.call("del", "k" .. (i - 1)) end
    end return redis.call("dbsize")' 0
	ask debug digest
	ask save
	ask debug reload # from the file just written
	ask debug digest
	ask bgsave >/dev/null # in a child of fork()
	until ask info persistence | grep -q 'rdb_bgsave_in_progress:0'; do sleep 0.1; done
	ask info persistence | grep rdb_last_bgsave_status
	ask flushall
	ask shutdown nosave || true
	wait "$server"
}

work_of_redis() {
	needs redis-server redis-cli redis-benchmark
	redis_work >expected || fail "it fails by itself: $(tail -n 3 log)"
	LD_PRELOAD=$library redis_work >printed 2>printed-err || fail "it ends with status $?: $(tail -n 3 log printed-err)"
	(($(cat mappings) > 0)) || fail "the server has not loaded the library"
	cmp -s expected printed || fail "it answers otherwise: $(diff expected printed)"
}

git_work() {
	rm -rf repository copy
	git init -q repository
	cd repository
	git config user.name Somebody
	git config user.email somebody@example.org
	local i
	for i in 1 2 3 4 5 6; do
		seq "$i" 997 60000 | split -l 5 - "part$i-"
		seq 1 $((i * 3000)) >long
		git add .
		GIT_AUTHOR_DATE="2020-01-0$i 00:00 +0000" GIT_COMMITTER_DATE="2020-01-0$i 00:00 +0000" git commit -q -m "Step $i"
	done
	git checkout -q -b other HEAD~3
	git merge -q -m Merge master 2>&1 || git merge -q -m Merge main 2>&1
	git gc -q --aggressive --prune=now
	git fsck --strict 2>&1
	git log --stat --format=%H | sha256sum
	git diff HEAD~4 | sha256sum
	git blame long | sha256sum
	cd ..
	git clone -q --no-local repository copy 2>&1
	git -C copy rev-parse HEAD
	git -C copy grep -c 99 | sha256sum
}

work_of_git() {
	needs git
	export -f git_work
	export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=init.defaultBranch GIT_CONFIG_VALUE_0=master
	export GIT_AUTHOR_DATE='2020-02-01 00:00 +0000' GIT_COMMITTER_DATE='2020-02-01 00:00 +0000'
	same bash -euo pipefail -c git_work
}

work_of_gcc() {
	needs gcc
	cat >work.c <<'C'
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void)
{
  int *table = malloc(1000 * sizeof(*table)), sum = 0;
  for (int i = 0; i < 1000; i++) table[i] = (i * 7919) % 1009;
  qsort(table, 1000, sizeof(*table), compare);
  for (int i = 0; i < 1000; i++) sum += table[i] * (i & 3);
  printf("%d %.6f\n", sum, sqrt(sum));
  free(table);
}
C
	cat >work.cc <<'CC'
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>
int main()
{
  std::map<std::string, std::vector<int>> map;
  for (int i = 0; i < 1000; i++) map[std::to_string(i % 97)].push_back(i);
  std::cout << std::count_if(map.begin(), map.end(), [](auto &p) { return p.first.find('7') != p.first.npos; }) << '\n';
}
CC
	same bash -c 'gcc -O2 -g -c work.c -o work.o && sha256sum work.o && gcc -O3 -flto work.c -o work -lm && ./work'
	command -v g++ >/dev/null || return 0
	same bash -c 'g++ -O2 -g -c work.cc -o work-cc.o && sha256sum work-cc.o && g++ work-cc.o -o work && ./work'
}

work_of_node() {
	needs node
	cat >work.js <<'JS'
const crypto = require('crypto'), zlib = require('zlib'), { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const digest = (data) => crypto.createHash('sha256').update(data).digest('hex');
function churn(seed) {
  const kept = [];
  for (let i = 0; i < 20000; i++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    kept[i % 300] = Buffer.alloc(seed % 5000, seed % 256);
  }
  return digest(Buffer.concat(kept));
}
if (!isMainThread) {
  parentPort.postMessage(churn(workerData));
} else {
  const tree = Object.fromEntries(Array.from({ length: 30000 }, (_, i) => [i, { name: 'n'.repeat(i % 50), list: [i, i * 2] }]));
  const text = JSON.stringify(tree);
  console.log(digest(text), digest(zlib.gunzipSync(zlib.gzipSync(text))), digest(zlib.brotliCompressSync(text.slice(0, 300000))));
  console.log(text.match(/n+/g).length, Buffer.alloc(40000000, 7).reduce((sum, byte) => sum + byte, 0));
  const jobs = [1, 2, 3, 4].map((seed) => new Promise((done) => new Worker(__filename, { workerData: seed }).on('message', done)));
  Promise.all(jobs).then((answers) => {
    console.log(answers.join('\n'));
    console.log(require('child_process').execFileSync(process.execPath, ['-p', '6 * 7']).toString());
  });
}
JS
	same node work.js
}

case $program in
python3 | sqlite3 | redis | git | gcc | node) "work_of_$program" ;;
*)
	echo "programs_test.sh: no work for '$program'" >&2
	exit 2
	;;
esac
echo "passed: $program"
