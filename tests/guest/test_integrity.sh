#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: every word of every page is right after every journey, under contention.
# 256 MiB or 20 s of it; under MIGBENCH_SOAK 100 GiB, or so many hours.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
mib=256 seconds=20
[ -z "${MIGBENCH_SOAK:-}" ] || mib=102400 seconds=$((MIGBENCH_SOAK * 3600))
own_program integrity
guest --timeout $((4 * seconds + 900)) --add "$scratch/integrity" -- \
	sh -c "$LEAKS ./integrity $mib $seconds && unload && leaks" | tee "$scratch/out"
moved=$(sed -nE 's/^integrity: ([0-9]+) MiB moved, [1-9][0-9]* pages looked at, 0 wrong.*/\1/p' "$scratch/out")
[ "${moved:-0}" -ge $((mib / 16)) ] || fail "${moved:-0} of $mib MiB moved in $seconds s"
