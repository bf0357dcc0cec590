#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a report over fifty runs stays within its memory, and a slow disk changes neither answers nor memory.
# many_runs.sh [RUNS [VALUES]]: VALUES are what the slow disk has of both sides together (400,000). Prints a table.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
runs=${1:-50} values=${2:-400000}
: "${PERFORMANCE:=$(dirname "$MIGBENCH")/tests/performance}"
export MIGBENCH_DATA=$MIGBENCH_SOURCE

for ((i = 0; i < runs; i++)); do
	awk -v clock=insns -v kernel=6.$i.0 -v boots=3 -v seed=$i -v scale=$((97 + i)) \
		-f "$MIGBENCH_SOURCE/tests/cli/golden/run.awk" >run-$i.jsonl
done
points=$(grep -c '"type":"point"' run-0.jsonl)
table=()
# Its own memory: a picture is gnuplot's.
for format in md html; do
	cost=$("$PERFORMANCE/cost" env PATH= "$MIGBENCH" report run-*.jsonl --out report-$format --format $format --quiet 2>said) ||
		{ cat said; echo "report of $runs runs ends with $?" >&2; exit 1; } >&2
	table+=("$runs $points $format $cost")
done

# What reads no faster than this: 64 KiB, and a pause.
slowly() {
	perl -e '$| = 1; open my $in, "<", $ARGV[0] or die; while (read $in, my $piece, 65536) { print $piece; select undef, undef, undef, 0.02 }' "$1"
}
for side in 0 1; do
	"$PERFORMANCE/draw_run" $((values / 2)) $((side + 1)) $((side * 5)) 1 >side-$side.jsonl
	mkfifo slow-$side.jsonl
done
# The second time its answer is looked at.
table+=("2 1 compare $("$PERFORMANCE/cost" "$MIGBENCH" compare side-0.jsonl side-1.jsonl --format csv)")
"$MIGBENCH" compare side-0.jsonl side-1.jsonl --format csv >fast.csv
for answer in /dev/null slow.csv; do
	for side in 0 1; do slowly side-$side.jsonl >slow-$side.jsonl & done
	if [ $answer = /dev/null ]; then
		table+=("2 1 slowly $("$PERFORMANCE/cost" "$MIGBENCH" compare slow-0.jsonl slow-1.jsonl --format csv)")
	else
		"$MIGBENCH" compare slow-0.jsonl slow-1.jsonl --format csv >$answer
	fi
	wait
done
check "the answer of a slow disk is the same" cmp <(sed s/side-/slow-/g fast.csv) slow.csv
check "there is one" test "$(wc -l <slow.csv)" -gt 1
printf '%s\n' "${table[@]}" | awk '
	BEGIN { print "| runs | points | what | seconds | CPU seconds | peak MiB |\n|--:|--:|---|--:|--:|--:|" }
	{ printf "| %d | %d | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6 }'
# 15 MiB for what does nothing, and for each point of a run what docs/reliability.md promises.
printf '%s\n' "${table[@]}" | awk '{
	if ($3 == "compare") fast = $6
	if ($3 == "slowly" && $6 > fast + 4) { print "memory of a slow compare: " $6 " MiB, not " fast; bad = 1 }
	if ($3 ~ /^(md|html)$/ && $6 > 15 + 8 * $1 * $2 / 1024) { print "memory of a report as " $3 ": " $6 " MiB"; bad = 1 }
} END { exit bad }' >&2 || failures=1
finish
