#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: every benchmark repeats to the instruction over two boots, and no sample is invalid.
. "$MIGBENCH_SOURCE/tests/guest/lib.sh"

{
	cat "$MIGBENCH_SOURCE/configs/suites/smoke.ini"
	echo '[tlb]'
	echo 'pages = 1,64'
	echo 'cpus = 1'
	echo '[refault]'
	echo 'pages = 512'
} >"$scratch/all.ini"
# lab run itself compares the boots, and says 1 where they differ.
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite "$scratch/all.ini" --boots 2 --quiet \
	--log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"
jq -es '
	[.[] | select(.type == "block")] as $blocks
	| ([.[] | select(.type == "point")] | map({key: (.id | tostring), value: .benchmark}) | from_entries) as $of
	| ($blocks | map($of[.point | tostring]) | unique) ==
		["ad", "copy", "evict", "fault", "migrate", "null", "numa", "refault", "tlb"]
	and all($blocks[]; .invalid == 0)
	and all(.[]; .type != "skip")
	and (.[-1] | .type == "end" and .valid != false)' "$scratch/run.jsonl" >/dev/null ||
	fail "a benchmark is missing, skipped, or has invalid samples"
