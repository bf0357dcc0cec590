#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: --calibrate stores a noise floor for each point, from boots that are not in the run.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'copy/*' --quiet \
		--out "$scratch/$1.jsonl" "${@:2}"
}

run plain --clock insns --boots 1
run insns --clock insns --boots 1 --calibrate 2
run time --clock time --boots 2 --calibrate 1

for run in plain:0 insns:2 time:1; do
	jq -es --argjson count "${run#*:}" '.[0].lab.calibrate == $count' "$scratch/${run%:*}.jsonl" >/dev/null ||
		fail "$run: the run file does not say how many boots calibrated it"
done
cmp <(jq -cS 'select(.type == "block")' "$scratch/plain.jsonl") \
	<(jq -cS 'select(.type == "block")' "$scratch/insns.jsonl") ||
	fail "calibration changes what the run holds"
test "$(grep -c '"type":"floor"' "$scratch/plain.jsonl")" -eq 0 || fail "floors unasked for"
for name in insns time; do
	jq -es '([.[] | select(.type == "point") | .id] | sort) ==
		([.[] | select(.type == "floor" and .metric == "total" and .floor >= 0)
		  | .point] | sort) and last.type == "end" and last.boots == ([.[] | select(.type == "block")
		  | .boot] | max + 1)' "$scratch/$name.jsonl" >/dev/null ||
		fail "$name: not one floor a point, before the end"
	"$MIGBENCH" report "$scratch/$name.jsonl" --out "$scratch/$name" --quiet
	grep -q -- '--calibrate [12] --out FILE' "$scratch/$name/report/repeat.md" || fail "$name: not to be repeated"
	grep -q '^Noise floor of the total' "$scratch/$name"/report/run-*.md || fail "$name: the report is silent"
done
jq -es 'all(.[] | select(.type == "floor"); .floor < 0.05)' "$scratch/insns.jsonl" >/dev/null ||
	fail "counted instructions move by 5 % with the seed"
jq -es 'all(.[] | select(.type == "floor"); .floor > 0)' "$scratch/time.jsonl" >/dev/null ||
	fail "time does not move at all"
"$MIGBENCH" compare "$scratch/insns.jsonl" "$scratch/insns.jsonl" --format json |
	jq -e '(.points | length) > 0 and all(.points[]; .floor != null and .verdict == "equivalent")' >/dev/null ||
	fail "compare does not see the floors"
