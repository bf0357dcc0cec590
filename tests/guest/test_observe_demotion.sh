#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: observe sees what reclaim demotes to a node that the firmware calls slower.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

not_on_arm64 "the lab's guests have no firmware that could call a node slower (ACPI)"
with_bpf
cat >"$scratch/tiers.ini" <<'END'
[node 0]
cpus = 1
memory = 512M
latency = 100
bandwidth = 10000
[node 1]
cpus = 0
memory = 512M
latency = 400
bandwidth = 1000
END
cat >"$scratch/inside.sh" <<'END'
group=/sys/fs/cgroup/demoted
if ! ls /sys/kernel/mm/numa/demotion_enabled >/dev/null 2>&1 || [ "$(ls -d /sys/devices/virtual/memory_tiering/memory_tier* 2>/dev/null | wc -l)" -lt 2 ]; then
	echo "no tiers"
	exit
fi
echo 1 >/sys/kernel/mm/numa/demotion_enabled
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir $group
cat >demote.sh <<'IN'
(
	echo 0 >/sys/fs/cgroup/demoted/cgroup.procs
	{ head -c 16777216 /dev/zero; sleep 30; } | tail -c 16777216 >/dev/null
) &
for second in $(seq 20); do
	[ "$(cat /sys/fs/cgroup/demoted/memory.current)" -lt 16000000 ] || break
	sleep 1
done
sleep 1
for turn in 1 2 3; do
	echo 4194304 >/sys/fs/cgroup/demoted/memory.reclaim
done
IN
before=$(awk '/^pgdemote_/ { sum += $2 } END { print sum }' /proc/vmstat)
migbench observe --by bpf --format json -- sh ./demote.sh 2>said | grep '"kernel":'
after=$(awk '/^pgdemote_/ { sum += $2 } END { print sum }' /proc/vmstat)
echo "$((after - before))"
cat said
END
"$MIGBENCH" lab exec --kernel "$KERNEL" --topology "$scratch/tiers.ini" --timeout 300 --log "$scratch/log" --add "$scratch/inside.sh" -- sh ./inside.sh >"$scratch/said"
clean_log "$scratch/log"
! grep -q '^no tiers' "$scratch/said" || needs_tiers "the guest has no two"
sed -n 1p "$scratch/said" >"$scratch/seen"
demoted=$(sed -n 2p "$scratch/said")
[ "$demoted" -gt 256 ] || {
	cat "$scratch/said" >&2
	fail "the kernel demoted $demoted pages"
}
# Both count pages; what else reclaims in the meantime may be in the kernel's count only.
jq -e --argjson demoted "$demoted" '[.ordinary[] | select(.reason == "demotion") | .succeeded] | add > 0.9 * $demoted' "$scratch/seen" >/dev/null || {
	cat "$scratch/said" >&2
	fail "observe does not see the $demoted pages that were demoted"
}
