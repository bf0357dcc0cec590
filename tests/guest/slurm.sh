# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after lib.sh: a real controller of Slurm and four nodes on this machine, or the test is skipped.
PATH=$PATH:/usr/sbin
for program in slurmctld slurmd sbatch munged; do
	command -v $program >/dev/null || {
		echo "skipped: no $program; ./check --long installs it, by what ./packages.sh --list names"
		exit 77
	}
done
if [ "$(id -u)" -ne 0 ]; then
	echo "skipped: the daemons of Slurm need root here"
	exit 77
fi

# Ports of their own; nothing of them outlives the test.
export SLURM_CONF=$scratch/slurm.conf
host=$(hostname -s)
end() {
	scancel --full --state=RUNNING,PENDING --user=root 2>/dev/null || :
	for pid in "$scratch"/*.pid; do
		kill -CONT "$(cat "$pid")" 2>/dev/null && kill "$(cat "$pid")" 2>/dev/null || :
	done
	[ -z "${own_munge:-}" ] || kill "$(cat /run/munge/munged.pid)" 2>/dev/null || :
	sleep 2
	umount -l "$scratch/small" 2>/dev/null || :
	rm -rf "$scratch"
}
trap end EXIT
if ! pgrep -x munged >/dev/null; then
	mkdir -p /run/munge
	chown munge: /run/munge
	runuser -u munge -- munged
	own_munge=true
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
SchedulerParameters=bf_interval=2,sched_min_interval=200000
MpiDefault=none
SlurmdTimeout=10
ReturnToService=2
MaxJobCount=20000
NodeName=n[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17004] CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP
EOF
slurmctld -c
for node in n1 n2 n3 n4; do slurmd -N $node; done

# waited SECONDS CONDITION…
waited() {
	local until=$((SECONDS + $1))
	shift
	while ! "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 1
	done
}
four_run() { [ "$(squeue -h -t R -n migbench-run | wc -l)" -eq 4 ]; }
none_left() {
	# What was requeued may wait for minutes unless told.
	squeue -h -t PD -o '%i %r' | awk '$2 == "BeginTime" { print $1 }' | while read -r id; do
		scontrol update JobId="$id" StartTime=now || :
	done
	[ -z "$(squeue -h)" ]
}

# From now on "lab run" is a stub in what sbatch submits; what it runs goes to $scratch/ran.
stub_runs() {
	mkdir -p "$scratch"/{bin,pids}
	: >"$scratch/ran"
	# No results before this file is there.
	touch "$scratch/go"
	cat >"$scratch/bin/stub" <<-EOF
		#!/bin/bash
		for word; do [[ \$word != --out=* ]] || out=\${word#--out=}; done
		name=\${out##*/}
		echo "\$name \$SLURMD_NODENAME" >>"$scratch/ran"
		echo "\$\$ \$PPID" >"$scratch/pids/\$SLURMD_NODENAME"
		sleep 2
		until [ -e "$scratch/go" ]; do sleep 0.2; done
		cell=\${name%.jsonl} cell=\${cell%,again} cell=\${cell%,third} model=qemu64
		[ "\$SLURMD_NODENAME" != "\$(cat "$scratch/liar" 2>/dev/null)" ] || model=other
		{
			echo '{"type":"run","id":"'\$RANDOM'","started":"'\$RANDOM'","clock":"insns","lab":{"kernel":"k","node":"'"\$SLURMD_NODENAME"'"},"env":{"cpu_model":"'\$model'"}}'
			echo '{"type":"block","point":0,"boot":0,"values":['"\$(cksum <<<"\$cell" | cut -d' ' -f1)"']}'
			echo '{"type":"end","blocks":1,"finished":"'\$RANDOM'"}'
		} >"\$out.part" && mv "\$out.part" "\$out" || exit 3
	EOF
	cat >"$scratch/bin/sbatch" <<-EOF
		#!/bin/bash
		folder=\$(dirname "\$(printf '%s\n' "\$@" | grep -m 1 'sbatch\$')")
		sed -i "s|'[^']*' lab run|$scratch/bin/stub|" "\$folder/cells.txt"
		exec $(command -v sbatch) "\$@"
	EOF
	chmod +x "$scratch"/bin/*
	PATH=$scratch/bin:$PATH
}
