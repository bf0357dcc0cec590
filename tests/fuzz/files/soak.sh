#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run fuzzers for long: soak.sh RUNS [NAME…]. What they find, and why, is left in build-fuzz/soak.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."
runs=${1:?usage: soak.sh RUNS [NAME…]; FUZZ_SEED=NUMBER makes other inputs}
shift
[ $# -gt 0 ] || set -- run commands suite topology xml recorded patch stacks profile
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$(nproc)" >/dev/null

export MIGBENCH_DATA=$PWD FUZZ_KEEP=$PWD/build-fuzz/soak
status=0
for name in "$@"; do
	corpus=(tests/fuzz/files/corpus/"$name")
	case $name in
	suite) corpus+=(configs/suites) ;;
	topology) corpus+=(configs/topologies) ;;
	esac
	SECONDS=0
	if tests/fuzz/files/fuzz.sh "build-fuzz/fuzz_$name" "$runs" "${corpus[@]}"; then
		echo "$name: $runs inputs, seed ${FUZZ_SEED:-1}, $SECONDS s: nothing found"
	else
		echo "$name: see above, and $FUZZ_KEEP/$name"
		status=1
	fi
done
exit $status
