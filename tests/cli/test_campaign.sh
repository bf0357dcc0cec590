#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a campaign's plan is always the same, its status goes by its files, and Slurm is told what is missing.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache

cat >c.ini <<'EOF'
[campaign]
kernels = 6.1, 6.12
topologies = 2-node-1-cpu, 4-node-1-cpu
suites = gate, states, smoke
check = 30
EOF
expect 0 "" "$m" lab campaign plan c.ini
cp stdout plan
twice=$(grep -c ',again\.jsonl' plan)
check "twelve cells and those that are checked" test "$(wc -l <plan)" -eq $((12 + twice))
check "some are checked, and not all" test "$twice" -gt 0 -a "$twice" -lt 12
expect 0 "" "$m" lab campaign plan c.ini
check "the same again" cmp stdout plan
sed 's/check = 30/check = 30\nseed = 7/' c.ini >other.ini
expect 0 "" "$m" lab campaign plan other.ini --out c.campaign
check "another seed checks others" bash -c '! diff <(grep -o "[^/]*,again" plan) <(grep -o "[^/]*,again" stdout)'
check "a cell is a command of lab run" grep -qx \
	'migbench lab run --kernel=6.1 --topology=2-node-1-cpu --suite=gate --clock=insns --boots=2 --calibrate=3 --seed=42 --probe --out=c.campaign/6.1,2-node-1-cpu,gate.jsonl' plan

# What is in the folder counts, and nothing else.
expect 0 "" "$m" lab campaign status c.ini
check "all are missing" grep -q '12 cells: 0 done, 0 begun, 12 missing, 0 differ' stdout
mkdir c.campaign
whole='{"type":"run"}\n{"type":"block","point":0,"values":[1]}\n{"type":"end","blocks":1}\n'
while read -r line; do
	file=${line##*--out=}
	printf "$whole" >"$file"
done <plan
expect 0 "" "$m" lab campaign status c.ini
check "all are done" grep -q '12 cells: 12 done' stdout
again=$(grep -om1 'c.campaign/.*,again.jsonl' plan)
sed -i 's/\[1\]/[2]/' "$again"
expect 1 "" "$m" lab campaign status c.ini
check "two results of one cell are named" grep -qE "^differs +$(basename "${again%,again.jsonl}") \(twice\)" stdout
printf '{"type":"run"}\n' >"c.campaign/6.12,4-node-1-cpu,smoke.jsonl"
rm "c.campaign/6.1,4-node-1-cpu,gate.jsonl" "$again"
"$m" lab campaign status c.ini >stdout
check "begun" grep -qE '^begun +6\.12,4-node-1-cpu,smoke' stdout
check "missing" grep -qE '^missing +6\.1,4-node-1-cpu,gate' stdout

# Slurm: an array of the kernels, one of what is missing, which waits for the first.
expect 0 "" "$m" lab campaign run c.ini --on slurm --dry-run
cp stdout scripts
check "three commands are missing" test "$(grep -c " lab run '--kernel" scripts)" -eq 3
check "each kernel once" grep -qx 'kernels=(6.1 6.12)' scripts
check "an array of what is missing" grep -qx '#SBATCH --array=0-2' scripts
check "nothing was written" test ! -e c.campaign/run.sbatch
mkdir bin
cat >bin/sbatch <<'EOF'
#!/bin/sh
echo "$*" >>"$JOBS"
wc -l <"$JOBS"
EOF
chmod +x bin/sbatch
export JOBS=$scratch/jobs
PATH=$scratch/bin:$PATH expect 0 "" "$m" lab campaign run c.ini --on slurm
check "two jobs" grep -qx 'kernels: job 1; 3 runs: job 2' stdout
check "the runs wait for the kernels" grep -q -- '--dependency=afterok:1 .*/c.campaign/run.sbatch' jobs
bash -n c.campaign/run.sbatch && bash -n c.campaign/build.sbatch
check "the scripts are shell" test $? -eq 0
# A task is the line of its number.
sed "s|^'[^']*' lab run|echo ran|" -i c.campaign/cells.txt
sed -i 's/exec //' c.campaign/run.sbatch
SLURM_ARRAY_TASK_ID=1 bash c.campaign/run.sbatch >ran
check "a task runs its own cell: $(cat ran)" test "$(sed 's/--resume.*//' ran)" = \
	"$(sed -n 2p c.campaign/cells.txt | sed "s/^echo //; s/'//g; s/--resume.*//")"
rm bin/sbatch
command -v sbatch >/dev/null || expect 3 "sbatch is not installed" "$m" lab campaign run c.ini --on slurm

# Bad files: one line with file and line.
bad() {
	printf '[campaign]\n%b\n' "$2" >bad.ini
	expect 2 "$1" "$m" lab campaign plan bad.ini
}
bad "no kernel 'no-such'" "kernels = 6.1, no-such\ntopologies = 2-node\nsuites = quick"
bad "stands there twice" "kernels = 6.1, 6.1"
bad "unknown key 'kernel'; allowed: kernels" "kernel = 6.1"
bad "needs kernels, topologies and suites" "kernels = 6.1"
bad "boots = 0.*from 1 to 100" "boots = 0"
bad "times of two machines" "kernels = 6.1\ntopologies = 2-node\nsuites = quick\nclock = time"
expect 2 "local or slurm" "$m" lab campaign run c.ini --on pbs
expect 2 "goes with --on slurm" "$m" lab campaign run c.ini --dry-run
expect 2 "none.ini" "$m" lab campaign plan none.ini
finish
