#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a kernel without probes hides no change between its neighbours, what has no room is counted, and a page is one that moved.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE PATH=$MIGBENCH_SOURCE/tests/cli/golden:$PATH
m=$MIGBENCH

# run KERNEL FACTOR ANSWER…: twelve costs that the first page asks for, and of each probe p1, p2 … the answer, or none.
run() {
	local kernel=$1 factor=$2 id=0 page number=0
	shift 2
	# point BENCHMARK PARAMS PAGES MOVED
	point() {
		echo '{"type":"point","id":'$id',"benchmark":"'"$1"'","params":{'"$2"'}}'
		echo '{"type":"block","point":'$((id++))',"boot":0,"round":1,"pages":'"$3"',"requested":'"$3"',"collected":'"$4"',"migrated":'"$4"',"invalid":0,"metrics":{"total":{"unit":"insns","values":['$((factor * $3)),$((factor * $3))']}}}'
	}
	echo '{"type":"run","format":1,"id":"'"$kernel"'","clock":"insns","seed":7,"env":{"kernel":"'"$kernel"'"},"config":{"suite":"s"}}'
	for page in 4k 2m; do
		for way in to-device to-system; do
			point migrate '"batch":512,"direction":"'$way'","memory":"private","nodes":"0>1","page":"'$page'"' 512 512
		done
		point fault '"access":"read","memory":"private","nodes":"0>1","page":"'$page'"' 1 1
		for mode in move_pages demote; do
			point numa '"mode":"'$mode'","page":"'$page'","nodes":"0>1","batch":64' 64 64
		done
	done
	point evict '"memory":"private","page":"4k","nodes":"0>1","batch":64' 64 64
	for cpus in 1 4; do
		point tlb '"op":"mprotect","pages":512,"cpus":'$cpus 512 512
	done
	# Of these half moves: what a page costs is twice what one that was asked for does.
	for batch in 64 128 256; do
		point migrate '"batch":'$batch',"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"half"' $batch $((batch / 2))
	done
	for answer; do
		echo '{"type":"probe","id":"p'$((++number))'","commit":"c'$number'","title":"behaviour '$number'","release":"6.9","answer":"'"$answer"'","why":"seen"}'
	done
	echo '{"type":"end"}'
}
run 6.1.2 1000 absent skipped absent >a.jsonl
run 6.6.3 1100 >b.jsonl
run 6.12.4 1300 present present skipped >c.jsonl
run 7.2.5 1300 present present present present >d.jsonl
expect 0 "" "$m" report [abcd].jsonl --out r --quiet
sed -n '/^## Behaviours/,/^## /p' r/REPORT.md >behaviours
check "a change is told over a kernel without probes" grep -qxF '| 6.1 → 6.12 | behaviour 1 | absent → present | c1, 6.9 |' behaviours
check "and over one that could not be asked" grep -qxF '| 6.1 → 7.2 | behaviour 3 | absent → present | c3, 6.9 |' behaviours
check "what could not be asked was no other answer" sh -c '! grep -q "behaviour 2" "$0"' behaviours
check "nor is one that is new" sh -c '! grep -q "behaviour 4" "$0"' behaviours
check "side by side, too" grep -qxF '| behaviour 1 (c1, 6.9) | absent | – | present | present |' r/report/side-by-side.md
run 7.2.5 1300 absent >other.jsonl
expect 0 "" "$m" report b.jsonl c.jsonl other.jsonl --out bare --quiet
check "so is what the first kernel was not asked" grep -qxF '| behaviour 1 (c1, 6.9) | – | present | absent |' bare/report/side-by-side.md

check "costs without a panel are counted" grep -q '^No plot: 3 more costs, because a plot shows 10 at most; the table has all' r/report/side-by-side.md
check "a curve of the cost of a page is of those that moved" grep -q '^64 2000 2000 2000$' <(sed -n '/^== lines.dat/,/^$/p' r/plots/batch-insns.svg)
finish
