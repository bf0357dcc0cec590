#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what observe refuses, and what advise, report and compare make of an observed run.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 2 "text or json, not 'xml'" "$m" observe --format xml
expect 2 "unknown option '--bogus'" "$m" observe --bogus
touch there.jsonl
expect 2 "there.jsonl: File exists; --force overwrites it" "$m" observe --seconds 1 --out there.jsonl
expect 2 "no process 4194305" "$m" observe --seconds 1 --pid 4194305
"$m" doctor >doctor
check "doctor says what it would see" grep -qE '^(yes|no) +observe +.' doctor
if grep -q '^no *observe' doctor; then
	expect 3 "observe: .*; migbench run and migbench lab run work without" "$m" observe --seconds 1 --out none.jsonl
	check "no file is left" test ! -e none.jsonl
fi

# A call costs 2000 and a page 100; of the largest, half of the calls move one page less.
observed() { # PAGES…
	local n id=0
	echo '{"type":"run","format":1,"id":"x","clock":"time","label":"6.9","seed":0,"env":{"kernel":"6.9.0"},
		"config":{"suite":"observe","command":"migbench observe --seconds 5 --out FILE"}}' | tr -d '\n\t'
	echo
	for n; do
		echo '{"type":"point","id":'$((++id))',"benchmark":"observe","params":{"batch":'$n',"direction":"to-device","driver":"xe:grab","process":"app"}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":0,"pages":'$n',"requested":'$n',"collected":'$n',"migrated":'$n',"invalid":0,"metrics":{"total":{"unit":"ns","values":['$((2000 + 100 * n))','$((2000 + 100 * n))']}},"counters":{"tlb_flushes":'$n'}}'
	done
	echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":'$n',"requested":'$n',"collected":'$((n - 1))',"migrated":'$((n - 1))',"invalid":0,"metrics":{"total":{"unit":"ns","values":['$((2000 + 100 * n))','$((2000 + 100 * n))']}}}'
	echo '{"type":"end","blocks":'$((id + 1))'}'
}
observed 4 16 64 512 1024 >many.jsonl
observed 4 1024 >two.jsonl
observed 32 >one.jsonl

expect 0 "" "$m" advise many.jsonl
check "which batch, and where it is now" grep -qF "xe:grab should ask for 512 pages at a time, where a page costs 104 ns, and 600 at 4 pages" stdout
check "why" grep -qF "About 2,000 of a call is paid whatever its size, which is 83 % of a call of 4 pages and 3.8 % of one of 512." stdout
check "how many move" grep -qF '(nearly all its pages move)' stdout
expect 0 "" "$m" advise many.jsonl --format json
check "as JSON" jq -e '.points[0] | .recommended_batch == 512 and .params.driver == "xe:grab"' stdout
expect 0 "" "$m" advise two.jsonl
check "two sizes are enough" grep -qF "should ask for 1024 pages at a time" stdout
expect 0 "" "$m" advise one.jsonl
check "one size is not" grep -qF "xe:grab was seen to ask for 32 pages at a time and no other number" stdout
expect 0 "" "$m" advise many.jsonl --latency-budget 100
check "nothing is short enough" grep -qF "It needs a smaller one than 4 pages." stdout

if command -v gnuplot >/dev/null; then
	expect 0 "" "$m" report many.jsonl --out report
	check "it is repeated by observe" grep -qrF "migbench observe --seconds 5 --out FILE" report
	check "there is a picture" test -n "$(find report/plots -name 'observe-*')"
fi
expect 0 "" "$m" compare many.jsonl many.jsonl --format json
check "compare pairs them" jq -e '.points | length == 5' stdout
finish
