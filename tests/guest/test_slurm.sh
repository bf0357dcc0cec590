#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a campaign on a real Slurm of four nodes: one dies, and each cell is as it would be here.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

for program in slurmctld slurmd sbatch munged; do
	PATH=$PATH:/usr/sbin command -v $program >/dev/null || {
		echo "skipped: no $program; on Debian: slurmctld, slurmd, slurm-client, munge"
		exit 77
	}
done
if [ "$(id -u)" -ne 0 ]; then
	echo "skipped: the daemons of Slurm need root here"
	exit 77
fi
PATH=$PATH:/usr/sbin

# A controller and four nodes on this machine, with ports of their own; nothing of them outlives the test.
export SLURM_CONF=$scratch/slurm.conf
host=$(hostname -s)
end() {
	scancel --full --state=RUNNING,PENDING --user=root 2>/dev/null || :
	for pid in "$scratch"/*.pid; do
		kill -CONT "$(cat "$pid")" 2>/dev/null && kill "$(cat "$pid")" 2>/dev/null || :
	done
	sleep 2
	rm -rf "$scratch"
}
trap end EXIT
if ! pgrep -x munged >/dev/null; then
	mkdir -p /run/munge
	chown munge: /run/munge
	runuser -u munge -- munged
fi
mkdir -p "$scratch"/{state,spool/n1,spool/n2,spool/n3,spool/n4}
cat >"$SLURM_CONF" <<EOF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool/%n
SlurmctldPidFile=$scratch/controller.pid
SlurmdPidFile=$scratch/%n.pid
SlurmctldLogFile=$scratch/controller.log
SlurmdLogFile=$scratch/%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SlurmdTimeout=10
ReturnToService=2
NodeName=n[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17004] CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP
EOF
slurmctld -c
for node in n1 n2 n3 n4; do slurmd -N $node; done

cat >"$scratch/two.ini" <<EOF
[campaign]
kernels = $KERNEL
topologies = 2-node-1-cpu, 4-node-1-cpu
suites = smoke
boots = 1
calibrate = 0
check = 100
EOF
campaign() {
	"$MIGBENCH" lab campaign "$@"
}
# waited SECONDS CONDITION…
waited() {
	local until=$((SECONDS + $1))
	shift
	while ! "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 2
	done
}
four_run() { [ "$(squeue -h -t R -n migbench-run | wc -l)" -eq 4 ]; }
none_left() { [ -z "$(squeue -h)" ]; }
back_in_queue() { squeue -h -t PD -n migbench-run | grep -q .; }

campaign run "$scratch/two.ini" --on slurm >"$scratch/said"
grep -q '; 4 runs: job ' "$scratch/said" || fail "not four runs: $(cat "$scratch/said")"
waited 120 four_run || fail "four nodes run no four cells: $(squeue; cat "$scratch/controller.log")"

# A node that is heard of no more, with its job.
node=$(squeue -h -t R -o %N | head -n 1)
job=$(squeue -h -w "$node" -o %A | head -n 1)
kill -STOP "$(cat "$scratch/$node.pid")"
pkill -KILL -f "slurmstepd: \[$job" || :
pkill -KILL -P "$(pgrep -f "slurm_script.*$job" | head -n 1)" 2>/dev/null || :
waited 120 back_in_queue || fail "the job of a lost node is not requeued: $(squeue; sinfo)"
squeue -h -t PD -o %i | while read -r id; do scontrol update JobId="$id" StartTime=now; done
waited 600 none_left || fail "jobs stay: $(squeue; sinfo)"
# What did not come is submitted again, and that alone.
if ! campaign status "$scratch/two.ini" | grep -q '2 cells: 2 done'; then
	campaign run "$scratch/two.ini" --on slurm >"$scratch/said"
	grep -qE '; [12] runs: job ' "$scratch/said" || fail "more than what is missing: $(cat "$scratch/said")"
	waited 600 none_left || fail "jobs stay: $(squeue; sinfo)"
fi
campaign status "$scratch/two.ini" | grep -q '2 cells: 2 done, 0 begun, 0 missing, 0 differ' ||
	fail "not all there: $(campaign status "$scratch/two.ini"; tail -n 3 "$scratch"/two.campaign/logs/*)"

# Here, one after the other, comes the same but for dates.
cp "$scratch/two.ini" "$scratch/here.ini"
sed -i 's/check = .*/check = 0/' "$scratch/here.ini"
campaign run "$scratch/here.ini" >/dev/null
for topology in 2-node-1-cpu 4-node-1-cpu; do
	name=$KERNEL,$topology,smoke.jsonl
	cmp <(grep -E '^\{"type":"(point|block|skip)"' "$scratch/two.campaign/$name") \
		<(grep -E '^\{"type":"(point|block|skip)"' "$scratch/here.campaign/$name") ||
		fail "$name: another machine's values differ"
done
