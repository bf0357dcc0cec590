#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the fuzzer finds each mistake of planted/ in the module within 160,000 calls: half of them where CPUs
# take turns, and half where they run at once.
# Usage: planted.sh [NAME…]; without names all. On a debug kernel; 7.2-debug unless MIGBENCH_TEST_KERNEL says another.
MIGBENCH_TEST_KERNEL=${MIGBENCH_TEST_KERNEL:-7.2-debug}
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
names=("$@")
if [ $# = 0 ]; then
	for patch in "$MIGBENCH_SOURCE"/tests/fuzz/planted/*.patch; do
		names+=("$(basename "$patch" .patch)")
	done
fi

# found_by NAME: what the patch says that its mistake is found by.
found_by() {
	sed -n 's/^Found by: //p' "$MIGBENCH_SOURCE/tests/fuzz/planted/$1.patch"
}
for name in "${names[@]}"; do
	# No pattern would be found in whatever goes wrong.
	[ -n "$(found_by "$name")" ] || fail "planted/$name.patch has no line 'Found by: '"
done

# The module's source with one mistake: what the lab then builds and loads.
plant() {
	rm -rf "$scratch/data"
	mkdir "$scratch/data"
	cp -r "$MIGBENCH_SOURCE"/{kmod,include,configs} "$scratch/data"
	patch -s -d "$scratch/data" -p1 <"$MIGBENCH_SOURCE/tests/fuzz/planted/$1.patch"
}

# try OF-THE-LAB OF-THE-FUZZER, each a word or nothing: so many calls, however long the machine takes for them; whether it
# found the mistake, by what the patch says that it is found by, and $sign, what it found. The guest may have died of it;
# then the log alone tells.
try() {
	local status=0
	rm -f "$scratch"/{log,out,err}
	MIGBENCH_DATA=$scratch/data "$MIGBENCH" lab exec --kernel "$KERNEL" ${1:+"$1"} --log "$scratch/log" --timeout 2400 --append tsc=reliable \
		--topology "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
		sh -c "./fuzz --seed 1 --calls 80000 --seconds 1800 --patience 120 $2 $(sed -n 's/^Fuzzed with: //p' "$patch") && rmmod migbench" >"$scratch/out" 2>"$scratch/err" || status=$?
	sign=$(grep -h '^fuzz: ' "$scratch/err" || { [ ! -e "$scratch/log" ] || clean_log "$scratch/log" 2>/dev/null | head -n 1; } || :)
	[ $status != 0 ] && grep -qE "$(found_by "$name")" <<<"$sign"
}

# Of the last try.
calls() {
	awk '$1 == "calls" { print $2 }' "$scratch/out"
}

lab_qemu "$AT_ONCE"
missed=()
for name in "${names[@]}"; do
	patch=$MIGBENCH_SOURCE/tests/fuzz/planted/$name.patch
	plant "$name"
	SECONDS=0
	how="in turns"
	if try "" "" || { how="at once" && try "--qemu=$scratch/qemu" --at-once; }; then
		echo "$name: found $how, after $(calls) calls and $SECONDS s, with the boot: $sign"
	else
		echo "$name: not found, at last in $(calls) calls; the last that was: $sign"
		missed+=("$name")
		tail -n 3 "$scratch/err" >&2
	fi
done
[ ${#missed[@]} -eq 0 ] || fail "not found in the module: ${missed[*]}"
