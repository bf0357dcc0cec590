#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: selftest statistics is reproducible, judges itself, and refuses what it does not know.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 2 "there is: statistics" "$m" selftest dice
expect 2 "text, json or md" "$m" selftest statistics --format xml
expect 2 "repetitions" "$m" selftest statistics --repetitions 0
expect 0 "" "$m" selftest statistics --repetitions 10 --format json
cp stdout first
check "one line" test "$(wc -l <first)" -eq 1
check "what was drawn, what came out, what was asked" jq -e '.repetitions == 10 and .seed == 42 and .met and
	(.scenarios | length > 30) and ([.scenarios[].shape] | unique | length == 7) and
	any(.scenarios[]; .affected == "one" and .power > 0.9) and
	all(.scenarios[]; .met and .coverage > 0.6 and .false_comparisons <= 0.4 and
		(.affected == "none") == (.power == null))' first
expect 0 "" "$m" selftest statistics --repetitions 10 --format json
check "the same to the digit" cmp first stdout
"$m" selftest statistics --repetitions 10 --seed 7 --format json >other
check "another seed, other figures" sh -c '! cmp -s first other'
finish
