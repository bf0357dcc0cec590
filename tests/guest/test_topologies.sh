#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the guest has the nodes, distances and reserved memory that the topology promises.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

guest --topology 4-node -- sh -c 'cd /sys/devices/system/node && cat node?/distance has_cpu' \
	>"$scratch/4-node"
diff - "$scratch/4-node" <<-'EOF' || fail "4-node has other distances or CPUs"
	10 15 20 25
	15 10 25 20
	20 25 10 15
	25 20 15 10
	0-3
EOF

if [ "${KERNEL%%.*}" -lt 6 ] 2>/dev/null; then
	echo "skipped the coherent range: such memory came with 6.0"
	exit 77
fi
# A reserved range is no System RAM, and no firmware table lies in it.
guest --topology cxl -- sh -c 'cd /sys/devices/system/node && cat node?/distance has_cpu \
	/sys/module/migbench/parameters/coherent /proc/iomem' >"$scratch/cxl"
head -n 3 "$scratch/cxl" | diff - <(printf '10 30\n30 10\n0\n') || fail "cxl has other distances or CPUs"
IFS=, read -r at size < <(sed -n 4p "$scratch/cxl")
# On arm64 the kernel gets no memory from there on: the module alone has it, and says so.
owner=Reserved
$ARM64 && owner=migbench
grep -q "^$(printf "%08x-%08x : $owner" "$at" $((at + size - 1)))\$" "$scratch/cxl" ||
	fail "the coherent range $at+$size is not what is reserved"
{ grep ACPI "$scratch/log" || :; } | { grep -oE 'mem 0x[0-9a-f]+' || :; } >"$scratch/tables"
$ARM64 || [ -s "$scratch/tables" ] || fail "the kernel's log has no ACPI table"
while read -r _ table; do
	[ $((table)) -lt "$at" ] || [ $((table)) -ge $((at + size)) ] ||
		fail "an ACPI table lies in the coherent range"
done <"$scratch/tables"

ram=0x1000000,0x400000
$ARM64 && ram=0x50000000,0x4000000 # the least that there is of it with pages of 64k
# A range that the kernel uses is refused: one line, no run.
got=0
"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only '*coherent*' --quiet \
	--module-param coherent="$ram" --out "$scratch/run.jsonl" 2>"$scratch/err" || got=$?
[ $got -eq 3 ] || fail "status $got for a coherent range in System RAM"
[ "$(grep -c 'overlaps System RAM' "$scratch/err") $(wc -l <"$scratch/err")" = "1 1" ] ||
	fail "not one line that says why: $(cat "$scratch/err")"
[ ! -e "$scratch/run.jsonl" ] || fail "a run file without a measurement"

# A parameter that the module lacks would be ignored by the kernel.
got=0
"$MIGBENCH" lab exec --kernel "$KERNEL" --module-param coherrent=1,2 -- true 2>"$scratch/err" || got=$?
[ "$got $(grep -c 'coherrent=1,2: .*no such parameter; it has: .*coherent' "$scratch/err")" = "2 1" ] ||
	fail "an unknown module parameter: status $got, $(cat "$scratch/err")"
