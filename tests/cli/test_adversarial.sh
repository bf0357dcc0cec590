#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what compare says of files that no one would write: a clear answer or a clear error each.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# odd NAME CLOCK BOOTS VALUES [UNIT] [ENV]: one point, VALUES in every boot.
odd() {
	local boot unit=${5:-ns}
	{
		echo '{"type":"run","format":1,"clock":"'$2'","seed":1,"env":{"kernel":"6.1"'"${6:-}"'},"config":{}}'
		echo '{"type":"point","id":1,"benchmark":"m","params":{"batch":1}}'
		for ((boot = 0; boot < $3; boot++)); do
			echo '{"type":"block","point":1,"boot":'$boot',"pages":1,"metrics":{"total":{"unit":"'"$unit"'","values":['"$4"']}}}'
		done
		echo '{"type":"end"}'
	} >"$1"
}
# says A B VERDICT [WORDS]: the verdict of the only point, and words beside it.
says() {
	expect 0 "" "$m" compare "$1" "$2" --format json
	check "$1 and $2: $3" jq -e --arg verdict "$3" '.points | length == 1 and .[0].verdict == $verdict' stdout
	check "$1 and $2: no claim without a ratio and an interval" jq -e '.points[0] |
		(.verdict == "inconclusive") or (.ratio != null and .interval != null)' stdout
	expect 0 "" "$m" compare "$1" "$2"
	check "$1 and $2: ${4:-$3}" grep -q "${4:-$3}" stdout
}

odd base time 5 10,11,12
odd one time 1 10,11,12
odd two time 2 10,11,12
odd equal time 5 7,7,7
odd zero time 5 0,0,0
odd somezero time 5 0,0,9
odd huge time 5 1e308,1e308
odd tiny time 5 1e-308
says base one inconclusive "one boot a side shows no difference"
says base two equivalent
says two one inconclusive "would do"
says base equal faster "no spread between boots, or less than the clock shows"
says equal equal equivalent "no spread"
says zero zero equivalent
says base zero inconclusive "figure is 0: there is no ratio"
says base somezero inconclusive "figure is 0: there is no ratio"
for pair in "base zero" "base somezero" "somezero base"; do
	# shellcheck disable=SC2086
	expect 0 "" "$m" compare $pair --format json
	check "$pair: nor is one shown, or taken into a mean" jq -e '.points[0].ratio == null and all(.geomeans[]?; .points == 0)' stdout
done
says base huge slower
says huge huge equivalent
says huge tiny faster
says tiny huge inconclusive "beyond what a number holds"

# What is no measurement has its line and its place.
for values in '-5,6' '"NaN",6' 'null,6' '6,true' '6,[7]'; do
	odd wrong time 5 "$values"
	expect 2 "wrong:3: metric \"total\": value [12] is not a finite number from 0 on" "$m" compare base wrong
done
for values in 'NaN,6' '1e999,6' '6,' '0x10' '1_000'; do
	odd wrong time 5 "$values"
	expect 2 "wrong:3: not a JSON object" "$m" compare base wrong
done
odd nothing time 5 ''
expect 2 "nothing: no usable block" "$m" compare base nothing
expect 2 "is a folder" "$m" compare base "$scratch"
: >void
expect 2 "void" "$m" compare base void
head -c 5000 /dev/urandom >noise
expect 2 "noise" "$m" compare base noise

# Units and clocks.
odd us time 5 10,11 us
expect 2 'us:3: "total" is in us, but the clock is time' "$m" compare base us
odd counted insns 2 10,11 insns
odd mixed insns 2 10,11 ns
expect 2 "base has the clock time and counted has insns: different clocks" "$m" compare base counted
expect 2 'mixed:3: "total" is in ns, but the clock is insns' "$m" compare counted mixed
odd counted1 insns 1 10,11 insns
says counted counted1 equivalent exact

# Another machine is named above the verdicts, and stops nothing.
odd elsewhere time 5 10,11,12 ns ',"cpu":"another\u0007 one","thp":"always","page_size":16384'
says base elsewhere equivalent "cpu "
check "control characters do not get through" sh -c '! grep -q "$(printf "\a")" stdout'

# A hundred thousand points, and one that the other side lacks.
many() {
	awk -v last="$1" 'BEGIN {
		print "{\"type\":\"run\",\"format\":1,\"clock\":\"time\",\"env\":{\"kernel\":\"k\"},\"config\":{}}"
		for (p = 1; p <= last; p++) {
			printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"y\",\"params\":{\"batch\":%d}}\n", p, p
			for (b = 0; b < 2; b++)
				printf "{\"type\":\"block\",\"point\":%d,\"boot\":%d,\"pages\":1,\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":[%d,%d]}}}\n", p, b, 1000 + b + p % 7, 1000
		}
		print "{\"type\":\"end\"}" }'
}
many 100000 >many
many 99999 >fewer
expect 0 "" "$m" compare many fewer --format json
check "all are compared, and the one is named" jq -e '(.points | length == 99999) and
	[.only_a[].name] == ["y/batch=100000"]' stdout
finish
