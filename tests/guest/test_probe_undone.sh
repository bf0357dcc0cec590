#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: on a kernel with three hunks undone, the three probes say so, and only they.
KERNEL_UNDONE=6.1-undone
MIGBENCH_TEST_KERNEL=6.1
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
if ! "$MIGBENCH" lab kernel list | grep -q "^$KERNEL_UNDONE "; then
	echo "skipped: it takes a kernel of its own: migbench lab kernel build 6.1 --patch tests/guest/patches/undone-6.1.patch --name $KERNEL_UNDONE"
	exit 77
fi
for kernel in 6.1 $KERNEL_UNDONE; do
	"$MIGBENCH" lab exec --kernel $kernel --topology 2-node-1-cpu -- migbench probe --format json |
		jq -r '.probes[] | "\(.id) \(.answer)"' >"$scratch/$kernel"
done
diff "$scratch/6.1" "$scratch/$KERNEL_UNDONE" >"$scratch/diff" || true
got=$(grep '^>' "$scratch/diff" | sort | tr '\n' ' ')
[ "$got" = "> flush-locked absent > holes-counted absent > longterm-pin absent " ] ||
	fail "other probes changed: $(cat "$scratch/diff")"
