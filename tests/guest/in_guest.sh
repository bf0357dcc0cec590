#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run one guest program in the VM, unload the module behind it, and search the kernel log.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# A distribution's kernel balances NUMA nodes by itself: pages must lie where the program put them.
guest --add "$GUEST_TESTS/$1" -- sh -c "
	[ ! -e /proc/sys/kernel/numa_balancing ] || echo 0 >/proc/sys/kernel/numa_balancing
	./$1 && rmmod migbench"
