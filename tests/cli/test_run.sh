#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: run measures here what it can, and refuses mistakes before it writes anything.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 0 "" "$m" run --suite smoke --out run.jsonl --quiet
check "one run, first" jq -es '.[0].type == "run" and .[0].format == 1 and .[0].clock == "time" and
	.[0].env.page_size > 0 and (.[0].env.topology | length > 0)' run.jsonl
check "an end, last" jq -es '.[-1].type == "end" and
	.[-1].blocks == ([.[] | select(.type == "block")] | length)' run.jsonl
check "every point is measured or skipped" jq -es '
	([.[] | select(.type == "point").id] | sort) ==
	([.[] | select(.type == "block" or .type == "skip").point] | unique)' run.jsonl
check "values are there" jq -es '[.[] | select(.type == "block").metrics.total.values[]] |
	length > 0 and all(. >= 0)' run.jsonl
check "what can't be measured says why" jq -es '[.[] | select(.type == "skip").why] |
	all(length > 10)' run.jsonl

expect 2 "run.jsonl: .*--force" "$m" run --suite smoke --out run.jsonl
expect 2 "run: --out needs the name of a file, not '-'" "$m" run --suite smoke --out -
expect 2 "run: --out needs the name of a file, not ''" "$m" run --suite smoke --out ""
expect 2 "run: --base-page takes 4, 16 or 64, not 5" "$m" run --suite smoke --points --base-page 5
expect 2 "run: --base-page goes with --check or --points" "$m" run --suite smoke --base-page 16 --out sixteen.jsonl
check "nothing was measured with it" test ! -e sixteen.jsonl
printf '\357\273\277[null]\n' >bom.ini
expect 0 "" "$m" run --suite ./bom.ini --points
check "a mark that an editor left is none of the suite" test -s stdout
before=$(head -n 1 run.jsonl | jq -r .id)
expect 0 "" "$m" run --suite smoke --out run.jsonl --quiet --force
check "what was there is gone, all of what is new is there" jq -es '.[0].type == "run" and
	([.[] | select(.type == "run")] | length) == 1 and .[1].type == "point" and .[-1].type == "end" and
	.[-1].blocks == ([.[] | select(.type == "block")] | length)' run.jsonl
check "it is another run" test "$(head -n 1 run.jsonl | jq -r .id)" != "$before"
exec 9>>run.jsonl
flock 9
expect 2 "run.jsonl: another migbench is writing it" "$m" run --suite smoke --out run.jsonl --force
exec 9>&-
check "what the other one writes is there" test -s run.jsonl
expect 2 "run.jsonl: .*--force" "$m" run --suite smoke --out run.jsonl --perf-stat run.stat
check "perf had no file yet" test ! -e run.stat
echo mine >run.stat
expect 2 "run.stat: exists already; --force overwrites it" "$m" run --suite smoke --out new.jsonl --perf-stat run.stat
check "it is there" grep -q mine run.stat
expect 2 "no/where: .*" "$m" run --suite smoke --out no/where
expect 2 "no suite 'nope'; known: .*quick.*smoke" "$m" run --suite nope --out new.jsonl
expect 2 "nope.ini: cannot read" "$m" run --suite ./nope.ini --out new.jsonl
expect 2 "^migbench: no point of suite smoke matches 'nope'$" "$m" run --suite smoke --only nope --out new.jsonl
expect 2 "batch: '0' is not a number" "$m" run --suite smoke --set batch=0 --out new.jsonl
expect 2 "batch: '-1' is not a number" "$m" run --suite smoke --set migrate.batch=-1 --out new.jsonl
expect 2 "batch: '1e9' is not a number" "$m" run --suite smoke --set batch=1e9 --out new.jsonl
expect 2 "' is not a number from 1 to 16384$" "$m" run --suite smoke --set batch="$(printf '9%.0s' {1..2000})" --out new.jsonl
# A line may be longer than what inih takes of one, 200 bytes; and it is a text to its end.
{
	printf '; %0300d\n[migrate]\nbatch = ' 0
	seq -s, 1001 1060 | tr -d '\n'
	echo ' ; sixty'
} >long.ini
expect 0 "" "$m" run --suite long.ini --set direction=to-device --points
check "all of a long list" test "$(grep -c 'batch=1060,' stdout)" -ge 1 -a "$(grep -c 'batch=1001,' stdout)" -ge 1
printf '[migrate]\nbatch = 1\0,2\n' >nul.ini
expect 2 "nul.ini:2: a NUL byte" "$m" run --suite ./nul.ini --points
expect 2 "/dev/zero:1: a NUL byte" "$m" run --suite /dev/zero --points
printf '[topology]\nx\0\n' >nul.ini
expect 2 "nul.ini:2: a NUL byte" "$m" lab exec --kernel 6.1 --topology ./nul.ini -- true
expect 2 "has no key 'nope'; allowed: .*batch" "$m" run --suite smoke --set nope=1 --out new.jsonl
expect 2 "key=value" "$m" run --suite smoke --set nope --out new.jsonl
expect 2 "benchmark 'nope'" "$m" run --suite smoke --set nope.batch=1 --out new.jsonl
expect 2 "time or insns" "$m" run --suite smoke --clock sundial --out new.jsonl
expect 3 "lab run --clock insns" "$m" run --suite smoke --clock insns --out new.jsonl
expect 2 "number from 0" "$m" run --suite smoke --seed x --out new.jsonl
# --events takes perf's list, and can be repeated.
expect 2 "no event 'nope' on this machine" "$m" run --suite smoke --events page-faults,nope --out new.jsonl
expect 2 "no event 'nope' on this machine" "$m" run --suite smoke --events page-faults --events nope,cs --out new.jsonl
expect 2 "no event '' on this machine" "$m" run --suite smoke --events page-faults,,cs --out new.jsonl
expect 2 "more than 16 events" "$m" run --suite smoke --events "cs$(printf ',cs%.0s' {1..15})" --events cs --out new.jsonl
check "nothing was written" test ! -e new.jsonl
for events in page-faults,context-switches "page-faults --events context-switches"; do
	# shellcheck disable=SC2086
	"$m" run --suite native --only 'tlb/cpus=1,op=mprotect,pages=1' --out new.jsonl --quiet --events $events 2>>notes
	jq -c 'select(.type == "block") | .counters // empty | keys' new.jsonl >>counted
	rm new.jsonl
done
# Without a right to count there is a note, and nothing else.
grep -v "can't be counted here" notes >other
check "no other note: $(cat other)" test ! -s other
check "both ways count the same" test "$(sort -u counted | wc -l)" -le 1
[ -s notes ] || check "and something" test -s counted
[ -s notes ] || check "both events" grep -q '"context-switches:k","context-switches:u","page-faults:k","page-faults:u"' counted
printf '[migrate]\nbatch = 4\nbacth = 8\n' >typo.ini
expect 2 "typo.ini:3: unknown key 'bacth' in \[migrate\]; allowed: direction.*batch" \
	"$m" run --suite typo.ini --out new.jsonl
mkdir home
cp "$MIGBENCH_SOURCE/configs/suites/native.ini" home/mine.ini
"$m" run --suite "$PWD/home/mine.ini" --only 'tlb/cpus=1,op=mprotect,pages=1' --out new.jsonl --quiet 2>>notes
check "where the suite lies is not said" jq -es '.[0].config.suite == "mine"' new.jsonl
rm new.jsonl
head -c 3000 /dev/urandom >binary.ini
expect 2 "binary.ini:" "$m" run --suite binary.ini --out new.jsonl

if [ ! -e /dev/migbench ]; then
	expect 3 "no point could be measured" "$m" run --suite smoke --only 'migrate/*' --out none.jsonl
	check "the file says why" grep -q 'module is not loaded\|no node' none.jsonl
	# A run that was measured is not given for one that says why nothing was.
	cp run.jsonl before.jsonl
	expect 3 "measured here \(.*(module is not loaded|no node).*\), so run.jsonl stays as it was; " \
		"$m" run --suite smoke --only 'migrate/*' --out run.jsonl --force
	check "a run of before stays" cmp run.jsonl before.jsonl
	: >empty.jsonl
	expect 3 "the run file says why" "$m" run --suite smoke --only 'migrate/*' --out empty.jsonl --force
	check "an empty file says why" grep -q 'module is not loaded\|no node' empty.jsonl
	# Whoever closed the standard descriptors gets no line of an error in the run file in their place.
	"$m" run --suite smoke --only 'migrate/*' --out closed.jsonl <&- 2>&-
	check "of closed descriptors: status 3" test $? -eq 3
	check "all of it are records" jq -es '.[-1].type == "end"' closed.jsonl
fi
expect 3 "cannot write" "$m" run --suite smoke --out /dev/full --force

# What is refused after a pilot, which here takes seconds, leaves the run of before.
cp run.jsonl before.jsonl
expect 2 "give [0-9]+s or more" "$m" run --suite quick --only 'copy/*' --set copy.nodes=local --set copy.batch=1024 --set samples=10000 \
	--budget 1s --out run.jsonl --force
check "the run of before is there" cmp run.jsonl before.jsonl

# A name that is no UTF-8 costs the run no more than its odd letters.
expect 0 "" "$m" run --suite smoke --only $'null*[!\xff]*' --set rounds=1 --out odd.jsonl --quiet
check "the configuration is there" jq -es '.[0].config | .suite == "smoke" and .only == "null*[!?]*"' odd.jsonl

# Who else ran on the CPU meanwhile is recorded, value by value.
rivals=()
for cpu in $(taskset -cp $$ | sed 's/.*: //; s/,/ /g'); do
	for ((at = ${cpu%-*}; at <= ${cpu#*-}; at++)); do
		taskset -c $at sh -c 'while :; do :; done' &
		rivals+=($!)
	done
done
expect 0 "" "$m" run --suite native --only 'copy/*' --set rounds=2 --set point_time=400 --set target=1 --out busy.jsonl --quiet
kill "${rivals[@]}"
check "each block says which of its values were disturbed" jq -es '[.[] | select(.type == "block") |
	(.disturbed | type == "array") and .disturbed == (.disturbed | unique) and
	(.metrics.total.values | length) > (.disturbed | max // 0)] | length > 0 and all' busy.jsonl
check "beside a busy loop some are" jq -es '[.[] | select(.type == "block").disturbed[]] | length > 0' busy.jsonl
expect 0 "" "$m" report busy.jsonl --out busy --quiet
check "the report says how many" grep -rq 'another thread ran on the CPU that measures' busy/report
sed 's/"disturbed":\[[^]]*\]/"disturbed":[100000]/' busy.jsonl >wrong.jsonl
expect 2 '"disturbed" must have places of values' "$m" export wrong.jsonl --format csv

# Without --out: results/local/ below the working directory.
expect 0 "" "$m" run --suite smoke --only 'null/part=clock'
check "the path is named" test -s "$(cat stdout)"
check "in results/local" grep -q '^results/local/' stdout
# A program's name goes into a run file cut, and says so by a digest: as long as it may be, and longer.
for length in {50..75}; do
	expect 0 "" "$m" run --check -- true "$(head -c $length /dev/zero | tr '\0' a)"
done
finish
