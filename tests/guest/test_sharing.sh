#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lines that go from CPU to CPU: those of shootdowns, of page tables that two collect, and none without.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
needs_turns

sharing() {
	"$MIGBENCH" lab profile --kernel "$KERNEL" --sharing --topology 2-node --set samples=1 --format json "$@"
}
rest="direction=to-device,memory=private,nodes=0>1,page=$BASE"
if ! sharing --suite shootdown --point "migrate/batch=512,bystanders=3,$rest,state=exclusive,threads=1" \
	>"$scratch/three.json" 2>"$scratch/error"; then
	cat "$scratch/error"
	if grep -q 'lab qemu fetch' "$scratch/error"; then
		echo "skipped: the QEMU here tells no plugin what memory is accessed"
		exit 77
	fi
	exit 1
fi

if $ARM64; then
	# The CPU itself tells the others what to forget: no line is written for it, of no page. Of ticks, and who
	# wakes whom, there are more the longer the copies take.
	jq -e '.cpus == 4 and .pages == 512 and .transfers < .pages' "$scratch/three.json" >/dev/null ||
		fail "three bystanders: $(jq -c '[.transfers, .functions]' "$scratch/three.json")"
else
	# Each page's shootdown reaches three CPUs (5.10 has one for all pages): what is queued for each
	# goes there and comes back.
	rounds=$($OLD && echo 1 || echo 512)
	# 5.10 has flush_tlb_func_common() and _remote().
	flushed='[.functions | to_entries[] | select(.key | startswith("flush_tlb_func")).value] | add // 0'
	jq -e --argjson rounds "$rounds" '.cpus == 4 and .pages == 512
		and .transfers >= 6 * $rounds and ('"$flushed"') >= 3 * $rounds
		and any(.lines[]; .kind == "per-CPU" and .transfers >= $rounds)' "$scratch/three.json" >/dev/null ||
		fail "three bystanders: $(jq -c '[.transfers, .functions]' "$scratch/three.json")"
	# Alone nobody else has its lines, but for a tick's.
	sharing --suite shootdown --point "migrate/batch=512,$rest,state=exclusive,threads=1" >"$scratch/none.json"
	jq -e '.transfers < 100 and ('"$flushed"') == 0' "$scratch/none.json" >/dev/null ||
		fail "no bystander: $(jq -c '[.transfers, .functions]' "$scratch/none.json")"
fi

# Two threads that send one range away: each collects its 512 entries, 64 lines of a page table.
sharing --suite contest --point "migrate/batch=512,$rest,range=same,state=exclusive,threads=2" >"$scratch/same.json"
jq -e '([.lines[] | select(.kind == "page tables")] | length) == 64 and .functions.migrate_vma_collect_pmd >= 64' \
	"$scratch/same.json" >/dev/null || fail "one range: $(jq -c '[.transfers, .kinds, .functions]' "$scratch/same.json")"
