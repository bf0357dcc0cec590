#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: two thousand ioctls from a seed, at random and all at once, lose no page and leave nothing behind.
# Half of them where the CPUs take turns, half where they run at once.
# MIGBENCH_SOAK makes it a million, MIGBENCH_FUZZ_SEED another sequence of them.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
calls=1000 seconds=30 timeout=300
[ -z "${MIGBENCH_SOAK:-}" ] || calls=500000 seconds=$((MIGBENCH_SOAK * 3600)) timeout=$((seconds + 1200))
lab_qemu "$AT_ONCE"
# Linux does not trust an emulated TSC and reads the HPET instead, each time through QEMU.
words=$($ARM64 || echo --append=tsc=reliable)

# fuzz SEED OF-THE-LAB OF-THE-FUZZER: each a word or nothing. By odd seeds faults on shared memory bring blocks.
fuzz() {
	guest --topology "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini" ${words:+"$words"} ${2:+"$2"} --timeout "$timeout" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
		sh -c "$LEAKS ./fuzz --seed $1 --calls $calls --seconds $seconds $3 && unload && leaks" |
		tee "$scratch/out"
	# Whatever the machine: it did what it is there for, a tenth of it at least.
	awk -v least=$((calls / 10)) '$1 == "calls" && $2 >= least { found = 1 } END { exit !found }' "$scratch/out" ||
		fail "fewer than $((calls / 10)) calls in $seconds s"
	for counter in reached moved pages faults checked disturbances processes op_migrate op_evict op_collect; do
		awk -v c="$counter" '$1 == c && $2 > 0 { found = 1 } END { exit !found }' "$scratch/out" ||
			fail "the fuzzer has no $counter"
	done
}
seed=${MIGBENCH_FUZZ_SEED:-1}
fuzz "$seed" "" ""
fuzz $((seed + 1)) "--qemu=$scratch/qemu" --at-once
