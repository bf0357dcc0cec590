#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: check-run takes what is published, and finds each thing that a run file may lack.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
good=$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl

expect 0 "" "$m" check-run "$good"
check "seven results, all ok" test "$(grep -c '^ok  ' stdout)" -eq 7
expect 0 "" "$m" check-run "$good" --format json
check "as JSON" jq -e '.ok and (.results | length == 7 and all(.ok))' stdout

# lacks WHAT REASON FILTER [NOTE]: what jq makes of the good file, whose end counts what is left, is found out for that alone.
lacks() {
	jq -c "$3" "$good" | jq -cs '([.[] | select(.type == "block")] | length) as $blocks | .[]
		| if .type == "end" then .blocks = $blocks else . end' >bad.jsonl
	expect 1 "${4:-}" "$m" check-run bad.jsonl
	check "$1 is found: $(grep '^no' stdout)" grep -qE "^no  $1: .*$2" stdout
	check "nothing but $1" test "$(grep -c '^no' stdout)" -eq 1
}
lacks whole "cut short" 'select(.type != "end")' "no end record"
lacks whole "boots differ" 'if .type == "end" then .valid = false | .why = "boots differ" else . end'
lacks plan seed 'if .type == "run" then del(.seed) else . end'
lacks plan rounds 'if .type == "run" then del(.config.rounds) else . end'
lacks plan perf 'if .type == "run" then .config.perf = "record" else . end'
lacks environment "cpu_model" 'if .type == "run" then del(.env.cpu_model) else . end'
lacks environment "build_id, thp" 'if .type == "run" then del(.env.thp, .env.build_id) else . end'
lacks module "self-test" 'if .type == "run" then .env.module = "migbench 0.1.0" else . end'
lacks module "plant_lost=1" 'if .type == "run" then .env.module_switches = "plant_lost=1" else . end'
lacks boots "total of null/part=clock" \
	'if .type == "block" and .point == 0 and .boot == 1 and .round == 1 then .metrics.total.values[0] += 1 else . end'
lacks boots "first of migrate/" 'if .type == "block" and .boot == 1 then del(.metrics.first) else . end'
lacks boots "total of null/part=ioctl" 'select(.type != "block" or .point != 2 or .boot != 1)'
lacks boots "one boot" 'select((.boot // 0) == 0)'
lacks samples "invalid ones of null/part=ioctl" 'if .type == "block" and .point == 2 then .invalid = 1 else . end'
lacks samples "neither measured nor skipped" 'select(.type != "block" or .point != 7) | select(.type != "floor" or .point != 7)'
lacks floor "\-\-calibrate" 'select(.type != "floor")'
lacks floor "1 points that were measured have none" 'select(.type != "floor" or .point != 7)'
jq -c 'select(.type != "block" or .round != 2)' "$good" >bad.jsonl
expect 1 "" "$m" check-run bad.jsonl
check "what is lost is found" grep -qE "^no  whole: of the blocks that its end counts 220 are not there" stdout
expect 2 "none.jsonl" "$m" check-run none.jsonl
expect 2 "text or json" "$m" check-run "$good" --format xml
finish
