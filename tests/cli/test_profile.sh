#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: where a profile is to go is judged before anything boots, and nothing is left where nothing was measured.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: no kernel is built there, and that is the next error.
export MIGBENCH_CACHE=$scratch/cache
profile=("$m" lab profile --kernel 6.1 --point 'fault/access=write,memory=private,nodes=0>1,page=4k')

mkdir folder
echo mine >there
for option in out json records; do
	expect 2 "folder: is a folder; give a file" "${profile[@]}" --$option folder
	expect 2 "no/where: cannot write: No such file" "${profile[@]}" --$option no/where
	expect 2 "/proc/no: cannot write" "${profile[@]}" --$option /proc/no
	expect 3 "lab kernel build 6\.1" "${profile[@]}" --$option new
	check "--$option leaves no file" test ! -e new
	expect 3 "lab kernel build 6\.1" "${profile[@]}" --$option there --force
	check "--$option leaves what was there" grep -qx mine there
done
expect 2 "there: exists already; --force overwrites it" "${profile[@]}" --out there
expect 2 "there: exists already; --force overwrites it" "${profile[@]}" --records there
expect 3 "lab kernel build 6\.1" "${profile[@]}" --json there
check "--json replaces, but not yet" grep -qx mine there
expect 2 "lab profile: --out and --json would both write new" "${profile[@]}" --out new --json new
expect 2 "lab profile: --json and --records would both write new" "${profile[@]}" --json new --records new
check "neither is left" test ! -e new
finish
