#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: compare's time grows with the values and no faster, and both stay within bounds.
# compare_speed.sh [MOST]: from 10,000 values, both sides together, to MOST (a million; the curve in
# docs/performance.md is that of ten million). Prints a table.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
most=${1:-1000000}
: "${PERFORMANCE:=$(dirname "$MIGBENCH")/tests/performance}"
table=()

for ((values = 10000; values <= most; values *= 10)); do
	"$PERFORMANCE/draw_run" $((values / 2)) 1 0 1 >a.jsonl
	"$PERFORMANCE/draw_run" $((values / 2)) 2 5 1 >b.jsonl
	bytes=$(cat a.jsonl b.jsonl | wc -c)
	best=
	# The best of three: what else the machine does only adds.
	for _ in 1 2 3; do
		cost=$("$PERFORMANCE/cost" "$MIGBENCH" compare a.jsonl b.jsonl --format json) || {
			echo "compare of $values values ends with $?" >&2
			exit 1
		}
		best=$(printf '%s\n%s\n' "$cost" "$best" | grep . | sort -n | head -n 1)
	done
	table+=("$values $((bytes >> 20)) $best")
done
printf '%s\n' "${table[@]}" | awk '
	BEGIN { print "| values | files, MiB | seconds | CPU seconds | peak MiB |\n|--:|--:|--:|--:|--:|" }
	{ printf "| %d | %d | %s | %s | %s |\n", $1, $2, $3, $4, $5 }'

# 5 s and 1 GiB are what ten million values may take. Of fewer, as much less, with what a program
# costs that does nothing; CPU time, because a neighbour is no fault of ours.
printf '%s\n' "${table[@]}" | awk '{
	cpus = 2; seconds = 0.2 + 5 * $1 / 1e7 * cpus; mib = 20 + 1004 * $1 / 1e7
	if ($4 > seconds) { print "CPU time at " $1 " values: " $4 " s"; bad = 1 }
	if ($5 > mib) { print "memory at " $1 " values: " $5 " MiB"; bad = 1 }
	if ($1 >= 1e6 && before && $4 > 15 * before) { print "not linear at " $1; bad = 1 }
	before = $1 >= 1e5 ? $4 : 0
} END { exit bad }' >&2 || failures=1
finish
