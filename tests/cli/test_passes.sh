#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: run --calibrate stores floors and nothing else of its passes; --budget keeps its time.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
run() {
	"$m" run --suite native --only 'tlb/cpus=1,*' --set tlb.cpus=1 --set point_time=50 --set rounds=2 "$@"
}

expect 0 "" run --out plain.jsonl --quiet
expect 0 "" run --calibrate 3 --out floors.jsonl --quiet
check "as many blocks as without" test "$(grep -c '"type":"block"' plain.jsonl)" -eq "$(grep -c '"type":"block"' floors.jsonl)"
check "a floor for each point that was measured, before the end" jq -es '
	([.[] | select(.type == "block").point] | unique) as $measured |
	($measured | length > 0) and
	([.[] | select(.type == "floor" and .metric == "total" and .within == "boot" and .floor >= 0).point] | sort) == $measured and
	.[-1].type == "end" and .[-1].blocks == ([.[] | select(.type == "block")] | length) and
	.[0].config.calibrate == 3' floors.jsonl
check "no floor unasked for" sh -c '! grep -q "\"floor\"\|calibrate" plain.jsonl'
"$m" compare floors.jsonl plain.jsonl >stdout
check "compare says what they are worth" grep -q "^A: its noise floors are from within one boot" stdout
"$m" compare floors.jsonl plain.jsonl --format json >stdout
check "and has them" jq -e '(.points | length) > 0 and all(.points[]; .floor != null)' stdout
"$m" report floors.jsonl --out report --quiet
whole report
check "which says how to repeat it" grep -q -- '--calibrate 3 --out FILE' report/report/repeat.md
check "so does the report" grep -q "Noise floor.*It was measured within one boot" report/whole

# Two points: their rounds fit many times. A machine that is so busy that they do not is given what it asks for.
budget=6
budgeted() {
	times >before
	run --set tlb.pages=1 --set samples=100 --set target=1 --budget ${budget}s --calibrate 1 --out budget.jsonl
}
for _ in 1 2 3; do
	if budgeted >stdout 2>stderr; then break; fi
	more=$(grep -oE 'give [0-9]+s or more' stderr) || break
	more=${more//[!0-9]/} budget=$((2 * more))
done
times >after
check "one line says what it has decided: $(cat stderr)" \
	grep -qE "budget $budget s: the pilot took .* rounds and a warm-up, each in 2 passes.*another boot" stderr
# What it has computed; how long it waited for others to compute is not its own. The second line is of children.
check "within the budget, or near it" awk -v budget=$budget 'FNR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); cpu[FILENAME] += 60 * t[1] + t[2] } }
	END { exit !(cpu["after"] - cpu["before"] <= 2 * budget + 2) }' before after
check "what is left after the pilot is enough for all rounds, and not for one more" jq -es '.[0].config.budget as $b
	| [$b.rounds, $b.rounds + 1] | map((. + 1) * $b.round_seconds * $b.passes + $b.pilot_seconds) as [$all, $more]
	| $all <= $b.seconds + 0.001 and ($more > $b.seconds - 0.001 or $b.rounds == 1000)' budget.jsonl
check "the decision is in the file" jq -es --argjson budget $budget '.[0].config as $c | $c.budget.seconds == $budget and
	$c.rounds == $c.budget.rounds and $c.budget.passes == 2 and
	$c.point_time_ms == 25 * $c.rounds and
	([.[] | select(.type == "block").round] | max) == $c.rounds' budget.jsonl
expect 2 "give [0-9]+s or more" run --set samples=100000 --set target=1 --set point_time=600 --budget 1s --out short.jsonl
check "nothing is left in the way" test ! -e short.jsonl
for bad in 20 20x "" 0s 1m2h -5m; do
	expect 2 "such as 90s, 20m or 1h30m" run --budget "$bad" --out bad.jsonl
done
expect 2 "calibrate takes a number" run --calibrate 0 --out bad.jsonl
expect 2 "lab run has them" run --guest --calibrate 1
check "nothing was written" test ! -e bad.jsonl
finish
