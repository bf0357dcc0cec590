#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a kernel's log of before stays in --log until there is a new one to be written there.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
for program in qemu-system-x86_64 busybox; do
	command -v $program >/dev/null || {
		echo "skipped: no $program"
		exit 77
	}
done
m=$MIGBENCH
# A kernel that the lab would boot, if its module could only be built.
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64
mkdir -p cache/kernels/mine-0123456789ab
echo '{"name": "mine", "release": "6.1.2", "label": "6.1.2", "key": "0123456789ab", "source": "x", "tree": "/x", "built": 1, "size": 1}' \
	>cache/kernels/mine-0123456789ab/kernel.json
echo before >log

# refused WHY COMMAND…: nothing is booted, and the log is what it was.
refused() {
	local status

	"${@:2}" >stdout 2>stderr
	status=$?
	check "status 3, not $status: ${*:2}" test $status -eq 3
	check "$1, not $(cat stderr)" grep -q "$1" stderr
	check "the log of before stays: ${*:2}" grep -qx before log
}
run=("$m" lab run --kernel mine --suite smoke --accel tcg --boots 1 --quiet --out r.jsonl --log log)
refused "migbench.ko does not build" "${run[@]}"
refused "migbench.ko does not build" "${run[@]}" --force
exec=("$m" lab exec --kernel mine --accel tcg --log)
refused "migbench.ko does not build" "${exec[@]}" log -- true
refused "no temporary folder" env TMPDIR=/none "${exec[@]}" log -- true
expect 2 "^migbench: --log none/log: No such file" "${exec[@]}" none/log -- true
finish
