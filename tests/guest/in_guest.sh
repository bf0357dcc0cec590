#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run one guest program in the VM, unload the module behind it, and search the kernel log.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

guest --add "$GUEST_TESTS/$1" -- sh -c "./$1 && rmmod migbench"
