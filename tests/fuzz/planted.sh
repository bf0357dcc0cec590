#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the fuzzer finds each mistake of planted/ in the module within ten minutes, and none without.
# Usage: planted.sh [NAME…]; without names all. On a debug kernel; 7.2-debug unless MIGBENCH_TEST_KERNEL says another.
MIGBENCH_TEST_KERNEL=${MIGBENCH_TEST_KERNEL:-7.2-debug}
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
names=("$@")
if [ $# = 0 ]; then
	for patch in "$MIGBENCH_SOURCE"/tests/fuzz/planted/*.patch; do
		names+=("$(basename "$patch" .patch)")
	done
fi

# The module's source with one mistake: what the lab then builds and loads.
plant() {
	rm -rf "$scratch/data"
	mkdir "$scratch/data"
	cp -r "$MIGBENCH_SOURCE"/{kmod,include,configs} "$scratch/data"
	patch -s -d "$scratch/data" -p1 <"$MIGBENCH_SOURCE/tests/fuzz/planted/$1.patch"
}

missed=()
for name in "${names[@]}"; do
	plant "$name"
	SECONDS=0
	# The guest may have died of it; then the log alone tells.
	MIGBENCH_DATA=$scratch/data "$MIGBENCH" lab exec --kernel "$KERNEL" --log "$scratch/log" --timeout 1800 \
		--topology "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
		sh -c "./fuzz --seed 1 --seconds 600 --patience 120 && rmmod migbench" >"$scratch/out" 2>"$scratch/err" && found= || found=1
	sign=$(grep -h '^fuzz: ' "$scratch/err" || clean_log "$scratch/log" 2>/dev/null | head -n 1 || :)
	echo "$name: ${found:+found after $(awk '$1 == "calls" { print $2 }' "$scratch/out") calls and $SECONDS s, with the boot: $sign}"
	{ [ -n "$found" ] && [ -n "$sign" ]; } || {
		missed+=("$name")
		tail -n 3 "$scratch/err" >&2
	}
done
[ ${#missed[@]} -eq 0 ] || fail "not found in the module: ${missed[*]}"
