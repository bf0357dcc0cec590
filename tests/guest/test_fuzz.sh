#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: half a minute of random ioctls from many threads loses no page and leaves nothing behind.
# Half of it where the CPUs take turns, half where they run at once.
# MIGBENCH_SOAK makes it a million of them, MIGBENCH_FUZZ_SEED other ones.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
# Whatever the machine and what else it does: what it is there for has been done so often.
calls=1000000 seconds=15 least=100 timeout=300
[ -z "${MIGBENCH_SOAK:-}" ] || calls=500000 least=$calls seconds=$((MIGBENCH_SOAK * 3600)) timeout=$((seconds + 1200))
lab_qemu "$AT_ONCE"
# Linux does not trust an emulated TSC and reads the HPET instead, each time through QEMU.
words=$($ARM64 || echo --append=tsc=reliable)

# fuzz SEED OF-THE-LAB OF-THE-FUZZER: each a word or nothing. By odd seeds faults on shared memory bring blocks.
fuzz() {
	guest --topology "$(with_leaks "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini")" ${words:+"$words"} ${2:+"$2"} --timeout "$timeout" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
		sh -c "$LEAKS ./fuzz --seed $1 --calls $calls --seconds $seconds $3 && unload && leaks" |
		tee "$scratch/out"
	awk -v least=$least '$1 == "calls" && $2 >= least { found = 1 } END { exit !found }' "$scratch/out" ||
		fail "fewer than $least calls in $seconds s; MIGBENCH_SOAK=HOURS gives more time"
	# Of a million calls 200,000 reach migrate_vma_setup(), and 50,000 move a page.
	awk -v least=$least '{ is[$1] = $2 } END { exit least >= 100000 && (5 * is["reached"] < is["calls"] || 20 * is["moved"] < is["calls"]) }' "$scratch/out" ||
		fail "of so many calls too few reach migrate_vma_setup() or move a page"
	# Of a hundred calls all but a few do these; HOLD is one of thirty, and one of 150 meets a failure on a debug kernel.
	rare=$(awk -v debug="$([[ $KERNEL != *-debug ]] || echo failures)" \
		'$1 == "calls" { print $2 < 1000 ? "" : "op_hold", $2 < 3000 ? "" : debug }' "$scratch/out")
	for counter in reached moved pages faults checked disturbances processes op_migrate op_evict op_collect op_query $rare; do
		awk -v c="$counter" '$1 == c && $2 > 0 { found = 1 } END { exit !found }' "$scratch/out" ||
			fail "the fuzzer has no $counter"
	done
}
seed=${MIGBENCH_FUZZ_SEED:-1}
fuzz "$seed" "" ""
fuzz $((seed + 1)) "--qemu=$scratch/qemu" --at-once
