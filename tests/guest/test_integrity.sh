#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: every word of every page is right after every journey, under contention.
# Half a minute of it; under MIGBENCH_SOAK 100 GiB, or on a debug kernel what so many hours allow.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
mib=102400 seconds=30 least=16
if [ -n "${MIGBENCH_SOAK:-}" ]; then
	seconds=$((MIGBENCH_SOAK * 3600)) least=$mib
	[[ $KERNEL != *-debug ]] || least=1024
fi
own_program integrity
guest --topology "$(with_leaks 2-node)" --timeout $((4 * seconds + 900)) --add "$scratch/integrity" -- \
	sh -c "$LEAKS ./integrity $mib $seconds && unload && leaks" | tee "$scratch/out"
moved=$(sed -nE 's/^integrity: ([0-9]+) MiB moved, [1-9][0-9]* pages looked at, 0 wrong.*/\1/p' "$scratch/out")
[ "${moved:-0}" -ge $least ] || fail "${moved:-0} of $least MiB moved in $seconds s"
