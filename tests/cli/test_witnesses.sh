#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a run file's witnesses are in the report, and one that contradicts a point is on the first page.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
# What gnuplot would be given is enough here.
export MIGBENCH_DATA=$MIGBENCH_SOURCE PATH=$MIGBENCH_SOURCE/tests/cli/golden:$PATH
m=$MIGBENCH

point() { # BENCHMARK PARAMS WITNESSES [COUNTERS]
	id=$((id + 1))
	echo '{"type":"point","id":'$id',"benchmark":"'"$1"'","params":{'"$2"'}}'
	echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":512,"requested":512,"collected":512,"migrated":512,"invalid":0,"counters":{'"${4:-}"'},"witnesses":{'"$3"'},"metrics":{"total":{"unit":"insns","values":[9999,9999]}}}'
}
run() { # MOVED SPLIT NUMA
	local id=0
	echo '{"type":"run","format":1,"id":"x'"$1$2$3"'","clock":"insns","label":"6.9","seed":1,"env":{"kernel":"6.9.0"},"config":{"suite":"quick"}}'
	point migrate '"batch":512,"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"exclusive","threads":1' \
		'"pgmigrate_success":'"$1"',"pgmigrate_fail":0,"thp_split_page":0,"thp_split_pmd":0'
	point migrate '"batch":512,"direction":"to-device","memory":"private","nodes":"0>1","page":"2m","state":"exclusive","threads":1' \
		'"pgmigrate_success":0,"pgmigrate_fail":0,"thp_split_page":'"$2"',"thp_split_pmd":0' '"whole":512'
	# A kernel that splits says so, and is not contradicted.
	point migrate '"batch":512,"direction":"to-device","memory":"coherent","nodes":"0>1","page":"2m","state":"exclusive","threads":1' \
		'"pgmigrate_success":0,"pgmigrate_fail":0,"thp_split_page":1,"thp_split_pmd":1' '"whole":0'
	point numa '"batch":512,"mode":"mbind","nodes":"0>1","page":"4k"' '"pgmigrate_success":'"$3"',"thp_split_page":0'
	echo '{"type":"end","blocks":4}'
}
run 0 0 512 >good.jsonl
run 7 0 512 >moved.jsonl
run 0 1 512 >split.jsonl
run 0 0 500 >few.jsonl
echo '{"type":"run","format":1,"clock":"insns","label":"a","seed":1,"env":{},"config":{}}' >bad.jsonl
{ cat bad.jsonl; run 0 0 '"many"' | sed 1d; } >wrong.jsonl
expect 2 'witnesses "pgmigrate_success" is not a finite number' "$m" compare good.jsonl wrong.jsonl

for name in good moved split few; do
	expect 0 "" "$m" report $name.jsonl --out $name
done
page() { cat "$1"/report/run-*.md; }
check "three points do not go through migrate_pages()" test -n "$(page good | grep -F 'At 3 points that do not go through `migrate_pages()`, nothing else did')"
check "numa moved what it says" test -n "$(page good | grep -F 'At 1 points of `numa` the kernel counts every page')"
check "nothing was split that must not be" test -n "$(page good | grep -F 'At 3 points of base pages, or of huge ones that arrived whole, no huge page was split')"
check "nothing is contradicted" test -z "$(grep -r 'ontradict' good/REPORT.md good/report)"
check "somebody else moves pages" test -n "$(page moved | grep -F 'memory=private,nodes=0>1,page=4k,state=exclusive,threads=1`: pages that `migrate_pages()` moved or tried to: 7 a batch')"
check "a huge page that is said to be whole was split" test -n "$(page split | grep -F 'page=2m,state=exclusive,threads=1`: huge pages split: 1 a batch')"
check "twelve pages did not move" test -n "$(page few | grep -F ': pages that the kernel does not count as moved: 12 a batch')"
for name in moved split few; do
	check "$name: the first page says so" grep -qF 'at 1 points `/proc/vmstat` contradicts what was to be measured' $name/REPORT.md
done
finish
