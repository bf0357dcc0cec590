#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: --budget measures a pilot, says what it decides, keeps to it and records it.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'copy/*' \
		--out "$scratch/$1.jsonl" "${@:2}" 2>"$scratch/$1.log" || {
		cat "$scratch/$1.log" >&2
		fail "$1: status $?"
	}
}

"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --budget 5m --boots 3 2>"$scratch/log" &&
	fail "--boots beside --budget is taken"
grep -q 'leave --boots and --calibrate away' "$scratch/log" || fail "and it is not said why"

# A dozen boots' time is enough for the pilot and what it decides, on any machine.
SECONDS=0
guest -- true
budget=$((12 * (SECONDS + 1)))
[ $budget -ge 40 ] || budget=40

# Instructions: two boots, and what is left is for other seeds.
run insns --clock insns --budget ${budget}s
grep -q "budget $budget s.* 2 boots, which show that the counts repeat" "$scratch/insns.log" ||
	fail "insns: the plan is not said"
jq -es --argjson budget $budget '.[0].lab as $lab | $lab.boots == 2 and $lab.budget.boots == 2 and $lab.budget.seconds == $budget and
	([.[] | select(.type == "block").boot] | max) == 1 and
	($lab.budget.calibrate > 0) == any(.[]; .type == "floor")' "$scratch/insns.jsonl" >/dev/null ||
	fail "insns: the run is not the one that was planned"

computing run time --clock time --budget ${budget}s
# On a machine whose load changes meanwhile it is as good as what the pilot found; that the plan fits is seen below.
[ "${computed%.*}" -le $((2 * budget)) ] || fail "time: $computed s for a budget of $budget"
grep -q "budget $budget s.* boots with .* rounds each" "$scratch/time.log" ||
	fail "time: the plan is not said"
jq -es '.[0] as $run | $run.lab.budget as $plan | $run.lab.boots == $plan.boots and
	$run.config.rounds == $plan.rounds and $plan.boots >= 2 and
	$plan.pilot_seconds + $plan.boots * ($plan.boot_seconds + $plan.rounds * $plan.round_seconds) <= $plan.seconds and
	([.[] | select(.type == "block").boot] | max) == $plan.boots - 1 and
	([.[] | select(.type == "block").round] | max) == $plan.rounds' "$scratch/time.jsonl" >/dev/null ||
	fail "time: the run is not the one that was planned"

"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'copy/*' --clock insns --budget 1s \
	--out "$scratch/short.jsonl" 2>"$scratch/log" || status=$?
[ "${status:-0}" -eq 2 ] || fail "a budget that is too small is taken"
grep -q 'give [0-9]*s or more' "$scratch/log" || fail "and it is not said what would do"
[ ! -e "$scratch/short.jsonl" ] || fail "an empty run file is left"
