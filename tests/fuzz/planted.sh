#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the fuzzer finds each mistake of planted/ in the module within ten minutes: five where CPUs
# take turns, and five where they run at once.
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

# try OF-THE-LAB OF-THE-FUZZER, each a word or nothing: five minutes of fuzzing; whether it found the mistake, by
# what the patch says that it is found by, and $sign, what it found. The guest may have died of it; then the log alone tells.
try() {
	local status=0
	rm -f "$scratch"/{log,out,err}
	MIGBENCH_DATA=$scratch/data "$MIGBENCH" lab exec --kernel "$KERNEL" ${1:+"$1"} --log "$scratch/log" --timeout 1800 --append tsc=reliable \
		--topology "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
		sh -c "./fuzz --seed 1 --seconds 300 --patience 120 $2 $(sed -n 's/^Fuzzed with: //p' "$patch") && rmmod migbench" >"$scratch/out" 2>"$scratch/err" || status=$?
	sign=$(grep -h '^fuzz: ' "$scratch/err" || { [ ! -e "$scratch/log" ] || clean_log "$scratch/log" 2>/dev/null | head -n 1; } || :)
	[ $status != 0 ] && grep -qE "$(sed -n 's/^Found by: //p' "$patch")" <<<"$sign"
}

lab_qemu "$AT_ONCE"
missed=()
for name in "${names[@]}"; do
	patch=$MIGBENCH_SOURCE/tests/fuzz/planted/$name.patch
	plant "$name"
	SECONDS=0
	how="in turns"
	if try "" "" || { how="at once" && try "--qemu=$scratch/qemu" --at-once; }; then
		echo "$name: found $how, after $(awk '$1 == "calls" { print $2 }' "$scratch/out") calls and $SECONDS s, with the boot: $sign"
	else
		echo "$name: not found; the last that was: $sign"
		missed+=("$name")
		tail -n 3 "$scratch/err" >&2
	fi
done
[ ${#missed[@]} -eq 0 ] || fail "not found in the module: ${missed[*]}"
