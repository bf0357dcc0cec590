#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: several CPUs under the instruction clock: shootdowns cost more, and boots agree.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
needs_turns

"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --topology 2-node --suite full --boots 2 --quiet \
	--only 'tlb/cpus=?,op=mprotect,pages=1' --set tlb.pages=1 --set tlb.cpus=1,2,4 --set rounds=2 --set samples=4 \
	--log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"

blocks() {
	jq -cS --argjson boot "$1" 'select(.type == "block" and .boot == $boot) | del(.boot)' "$scratch/run.jsonl"
}
test "$(blocks 0 | wc -l)" -eq 6 || fail "not 6 blocks a boot"
cmp <(blocks 0) <(blocks 1) || fail "two boots differ"

# There the CPU itself tells the others what to forget.
if $ARM64; then
	jq -es 'all(.[] | select(.type == "block"); .invalid == 0 and .counters.ipi_rounds == null)
		and all(.[]; .type != "skip")' "$scratch/run.jsonl" >/dev/null || fail "not all was measured"
	exit 0
fi
# A CPU more costs something, and no turn of millions of instructions is in it.
jq -es '
	. as $all
	| def median: sort | .[length / 2 | floor];
	([.[] | select(.type == "point") | {key: (.id | tostring), value: .params.cpus}] | from_entries) as $cpus
	| [.[] | select(.type == "block")] as $blocks
	| ([1, 2, 4] | map(. as $n | [$blocks[] | select($cpus[.point | tostring] == $n) | .metrics.total.values[]]
		| median)) as $m
	| $m[0] < $m[1] and $m[1] < $m[2] and $m[2] < $m[0] + 20000
	and all($blocks[] | select(.counters); .counters.ipi_rounds == (if $cpus[.point | tostring] > 1 then 1 else 0 end))
	and all($blocks[]; .invalid == 0) and all(.[]; .type != "skip")
	and (.[0].env.qemu | test("^[0-9]+[.]"))' "$scratch/run.jsonl" >/dev/null ||
	fail "shootdowns do not cost what they should"
