#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: twelve cells on a real Slurm: a node dies, another lies, the folder is full; all end right or are named.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/slurm.sh"
stub_runs

# A kernel that counts as built, so that nothing is.
export MIGBENCH_CACHE=$scratch/cache
for kernel in 6.1 6.12; do
	mkdir -p "$MIGBENCH_CACHE/kernels/$kernel-0"
	jq -n --arg name $kernel '{name: $name, release: $name, label: $name, key: $name, source: "s", tree: "/t", built: 1, size: 0}' \
		>"$MIGBENCH_CACHE/kernels/$kernel-0/kernel.json"
done
cat >"$scratch/c.ini" <<EOF
[campaign]
kernels = 6.1, 6.12
topologies = 2-node-1-cpu, 4-node-1-cpu
suites = gate, states, smoke
check = 50
EOF
cd "$scratch"
campaign() {
	local command=$1
	shift
	"$MIGBENCH" lab campaign "$command" c.ini "$@"
}
refused() { # STATUS REASON COMMAND…
	local want=$1 reason=$2 status=0
	shift 2
	"$@" >said 2>&1 || status=$?
	test $status -eq "$want" || fail "status $status, not $want: $(cat said)"
	grep -q "$reason" said || fail "not '$reason': $(cat said)"
}
campaign plan >plan
twice=$(grep -c again plan)

# One node dies in the middle of a cell, and n3 has another CPU than it says.
echo n3 >liar
rm go
campaign run --on slurm >said
test "$(awk '/ runs: / { n += $1 } END { print n }' said)" -eq "$(wc -l <plan)" || fail "not all cells: $(cat said)"
refused 2 "is under way; wait for it, or end it with" campaign run --on slurm
waited 60 four_run || fail "four nodes run no four cells: $(squeue; tail -n 5 controller.log)"
campaign status >said
grep -q '^Slurm: 4 run, [0-9]* wait$' said || fail "no word of the jobs: $(tail -n 2 said)"
# Slurm says that a job runs before anything of it has begun.
begun() { [ -s pids/n2 ] && grep -q ' n2$' ran; }
waited 60 begun || fail "nothing has begun on n2: $(squeue; cat ran)"
lost=$(awk '$2 == "n2" { print $1 }' ran)
kill -STOP "$(cat n2.pid)"
read -r task step <pids/n2
kill -KILL "$task" "$step"
back() { squeue -h -t PD -n migbench-run -o %r | grep -qE 'BeginTime|NodeFail'; }
waited 90 back || fail "the cell of a dead node is not requeued: $(squeue; sinfo)"
touch go
kill -CONT "$(cat n2.pid)"
waited 300 none_left || fail "jobs stay: $(squeue; sinfo)"
test "$(grep -c "^$lost " ran)" -eq 2 || fail "the dead node's cell did not run once more: $(cat ran)"
test "$(sort ran | awk '{ print $1 }' | uniq -d | wc -l)" -eq 1 || fail "others ran twice, too: $(cat ran)"
# No two results of a cell are of one node.
for again in c.campaign/*,again.jsonl; do
	test "$(jq -r '.lab.node // empty' "$again" "${again%,again.jsonl}.jsonl" | sort -u | wc -l)" -eq 2 ||
		fail "$again: both of one node"
done

# The liar contradicts others, which a third node decides; then none of its cells count.
status=0
campaign status >said || status=$?
test $status -eq 1 || fail "nobody noticed the liar: $(cat said ran)"
differ=$(grep -c '^differs' said)
campaign run --on slurm >said
test "$(grep -c '^1 runs: job' said)" -eq "$differ" || fail "not a third one for each of $differ: $(cat said)"
waited 120 none_left || fail "jobs stay: $(squeue; sinfo)"
refused 1 '^node n3: two others contradict it' campaign status
lies=$(grep -l '"node":"n3"' c.campaign/*.jsonl | wc -l)
test "$(grep -c '^void' said)" -gt 0 || fail "no cell of it is void"
refused 1 '^left out: .*: void$' campaign collect
! grep -l other c.result/* || fail "a lie was collected"
: >ran
campaign run --on slurm >said
waited 120 none_left || fail "jobs stay: $(squeue; sinfo)"
test "$(wc -l <ran)" -eq "$lies" || fail "$lies of its runs are void, and these ran: $(cat ran)"
! grep ' n3$' ran || fail "the liar was asked again"
campaign status | grep -q '^12 cells: 0 missing, 0 begun, 12 done' || fail "not all done: $(campaign status)"
campaign collect >said
grep -q '^12 of 12 cells are in ' said || fail "not all are collected: $(cat said)"
! grep -hE 'other|"node"' c.result/*.jsonl || fail "a lie, or a node's name, was collected"
campaign run --on slurm | grep -qx 'nothing is missing' || fail "something is said to be missing"

# The folder is full for a while.
mkdir small
if mount -t tmpfs -o size=400k tmpfs small; then
	: >ran
	rm go
	campaign run --on slurm --out small/c >said
	waited 60 four_run || fail "four nodes run no four cells: $(squeue)"
	cat /dev/zero >small/filler 2>/dev/null || :
	touch go
	waited 120 none_left || fail "jobs stay: $(squeue)"
	campaign status --out small/c >said || :
	grep -qE '^12 cells: [1-9][0-9]* missing' said || fail "nothing is missing in a full folder: $(tail -n 1 said)"
	rm small/filler
	: >ran
	missing=$(campaign run --on slurm --out small/c | awk '/ runs: / { n += $1 } END { print n }')
	waited 120 none_left || fail "jobs stay: $(squeue)"
	test "$(wc -l <ran)" -eq "$missing" || fail "$missing were missing, and these ran: $(cat ran)"
fi

# Ended, and gone on with.
rm go
campaign run --on slurm --out ended >said
waited 60 four_run || fail "four nodes run no four cells: $(squeue)"
campaign cancel --out ended >said
grep -qE '^ended: job .*, of which 4 ran and [1-9][0-9]* waited$' said || fail "not ended: $(cat said)"
waited 60 none_left || fail "jobs stay: $(squeue)"
campaign cancel --out ended | grep -qx 'nothing is under way' || fail "something is under way"

# Ten thousand cells: a moment to plan, arrays to submit, a moment to look at.
scontrol update nodename=n[1-4] state=drain reason=test
git init -q tree
git -C tree -c user.name=test -c user.email=test@localhost commit -q --allow-empty -m one
for ((i = 1; i <= 1250; i++)); do echo "create refs/tags/v6.1.$i HEAD"; done | git -C tree update-ref --stdin
sed -e "s/kernels = .*/tree = $(sed 's|/|\\/|g' <<<"$PWD")\/tree\nkernels = v6.1.1..v6.1.1250/" -e 's/^topologies.*/&, 2-node, 4-node/' \
	-e 's/states, //; s/check = .*/check = 5/' c.ini >many.ini
within() { # SECONDS COMMAND…
	local most=$1
	shift
	computing "$@" >said
	awk -v computed="$computed" -v most="$most" 'BEGIN { exit computed > most }' || fail "$computed of $most s: $*"
}
within 5 "$MIGBENCH" lab campaign plan many.ini
test "$(wc -l <said)" -gt 10000 || fail "not all are planned: $(wc -l <said)"
"$MIGBENCH" lab campaign run many.ini --on slurm >said
test "$(grep -c . said)" -lt 20 || fail "these are no arrays: $(head said)"
within 2 "$MIGBENCH" lab campaign status many.ini
tail -n 1 said | grep -qE '^Slurm: 0 run, 1[0-9]{4} wait$' || fail "not all wait: $(tail -n 2 said)"
"$MIGBENCH" lab campaign cancel many.ini >said
