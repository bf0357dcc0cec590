#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lines that go from CPU to CPU: those of shootdowns with bystanders, none without.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

not_on_arm64 "the CPU itself tells the others what to forget (TLBI by broadcast): no line is written for it"

sharing() {
	"$MIGBENCH" lab profile --kernel "$KERNEL" --sharing --topology 2-node --suite shootdown --set samples=1 \
		--format json "$@"
}
rest='direction=to-device,memory=private,nodes=0>1,page=4k,state=exclusive,threads=1'
if ! sharing --point "migrate/batch=512,bystanders=3,$rest" >"$scratch/three.json" 2>"$scratch/error"; then
	cat "$scratch/error"
	if grep -q 'lab qemu fetch' "$scratch/error"; then
		echo "skipped: the QEMU here tells no plugin what memory is accessed"
		exit 77
	fi
	exit 1
fi
sharing --point "migrate/batch=512,$rest" >"$scratch/none.json"

# Each page's shootdown reaches three CPUs (5.10 has one for all pages): what is queued for each goes
# there and comes back.
rounds=$($OLD && echo 1 || echo 512)
jq -e --argjson rounds "$rounds" '.cpus == 4 and .pages == 512
	and .transfers >= 6 * $rounds and (.functions.flush_tlb_func // 0) >= 3 * $rounds
	and any(.lines[]; .kind == "per-CPU" and .transfers >= $rounds)' "$scratch/three.json" >/dev/null ||
	fail "three bystanders: $(jq -c '[.transfers, .functions]' "$scratch/three.json")"
# Alone nobody else has its lines, but for a tick's.
jq -e '.transfers < 100 and (.functions.flush_tlb_func // 0) == 0' "$scratch/none.json" >/dev/null ||
	fail "no bystander: $(jq -c '[.transfers, .functions]' "$scratch/none.json")"
