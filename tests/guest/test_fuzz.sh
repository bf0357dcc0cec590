#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: two thousand ioctls from a seed, at random and all at once, lose no page and leave nothing behind.
# MIGBENCH_SOAK makes it a million, MIGBENCH_FUZZ_SEED another sequence of them.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
how=(--calls 2000 --seconds 30) timeout=300
[ -z "${MIGBENCH_SOAK:-}" ] || { how=(--calls 1000000 --seconds $((MIGBENCH_SOAK * 3600))) timeout=$((MIGBENCH_SOAK * 3600 + 1200)); }

guest --topology "$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini" --timeout "$timeout" --add "$GUEST_TESTS/../fuzz/fuzz" -- \
	sh -c "$LEAKS ./fuzz --seed ${MIGBENCH_FUZZ_SEED:-1} ${how[*]} && rmmod migbench && leaks" | tee "$scratch/out"
# Whatever the machine: it did what it is there for.
for counter in calls reached moved pages faults checked disturbances processes op_migrate op_evict op_collect; do
	awk -v c="$counter" '$1 == c && $2 > 0 { found = 1 } END { exit !found }' "$scratch/out" ||
		fail "the fuzzer has no $counter"
done
