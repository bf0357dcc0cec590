#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a campaign on a real Slurm of four nodes gives what it gives here, byte for byte but for dates.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/slurm.sh"

cat >"$scratch/there.ini" <<EOF
[campaign]
kernels = $KERNEL
topologies = 4-node-1-cpu
suites = smoke
boots = 1
calibrate = 0
check = 100
EOF
campaign() {
	"$MIGBENCH" lab campaign "$@"
}

campaign run "$scratch/there.ini" --on slurm >"$scratch/said"
test "$(grep -c '^1 runs: job ' "$scratch/said")" -eq 2 || fail "not one run and another: $(cat "$scratch/said")"
waited 1200 none_left || fail "jobs stay: $(squeue; sinfo)"
campaign status "$scratch/there.ini" | grep -q '^1 cells: 0 missing, 0 begun, 1 done' ||
	fail "not all there, or not the same twice: $(campaign status "$scratch/there.ini"; tail -n 3 "$scratch"/there.campaign/logs/*)"
campaign collect "$scratch/there.ini" >/dev/null

# Here, one after the other.
sed 's/check = .*/check = 0/' "$scratch/there.ini" >"$scratch/here.ini"
campaign run "$scratch/here.ini" >/dev/null
campaign collect "$scratch/here.ini" >/dev/null
# A run's own number is random.
undated() { sed -E '1s/"id":"[0-9a-f]*",//; 1s/"started":"[^"]*",//; $s/,"finished":"[^"]*"//' "$1"; }
name=$KERNEL,4-node-1-cpu,smoke.jsonl
cmp <(undated "$scratch/there.result/$name") <(undated "$scratch/here.result/$name") ||
	fail "$name: another machine's file differs"
