#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the mistakes that the fuzzer must find can be planted in the module as it is now.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
cp -r "$MIGBENCH_SOURCE/kmod" "$scratch/kmod"
for patch in "$MIGBENCH_SOURCE"/tests/fuzz/planted/*.patch; do
	check "${patch##*/}" patch --dry-run -s -d "$scratch" -p1 -i "$patch"
	check "${patch##*/} says what it is found by" grep -q '^Found by: .' "$patch"
done
check "there are some" test -e "$patch"
finish
