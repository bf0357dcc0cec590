#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a campaign's plan is always the same, its status goes by its files, and Slurm is told what is missing.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64

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

# A list may be longer than what inih takes of a line, 200 bytes.
for i in {100..160}; do cp "$MIGBENCH_SOURCE/configs/kernels/6.1.ini" own$i.ini; done
many=$(printf 'own%s.ini, ' {100..160})
{
	printf '; %0300d\n' 0
	printf '[campaign] ; [all] of it\nkernels   = %s  6.1 ; and %s\nsuites = smoke\ntopologies = 2-node-1-cpu\n' "$many" "$many"
} >long.ini
expect 0 "" "$m" lab campaign plan long.ini
check "all of it is read" test "$(grep -c -- '--kernel=' stdout)" -ge 61
sed "s/^suites.*/kernels = $many\n&/" long.ini >twice.ini
expect 2 "twice.ini:4: 'kernels' is given twice in .campaign." "$m" lab campaign plan twice.ini
sed "s/^kernels /kernels/; s/kernels *= /kernels /" long.ini >without.ini
printf '[campaign]\nkernels = 6.1, nope\n' >nope.ini
expect 2 "nope.ini:2: kernels: no kernel 'nope'; known: .*6.1" "$m" lab campaign plan nope.ini
expect 2 "without.ini:3: neither .section. nor key = value" "$m" lab campaign plan without.ini

# What is in the folder counts, and nothing else.
expect 0 "" "$m" lab campaign status c.ini
check "all are missing" grep -qx '12 cells: 12 missing, 0 begun, 0 done, 0 invalid, 0 differs, 0 void' stdout
expect 2 "c.campaign: .*nothing has been measured" "$m" lab campaign collect c.ini
mkdir c.campaign
# whole NODE [CPU]: a run file
whole() {
	echo '{"type":"run","format":1,"id":"'$RANDOM'","started":"'$RANDOM'","clock":"insns","seed":42,"lab":{"kernel":"k","topology":"t","boots":2,"calibrate":3,"node":"'"$1"'"},"config":{"suite":"s"},"env":{"cpu_model":"'"${2:-one}"'","x":0.0045460871616440635}}'
	echo '{"type":"block","point":0,"values":[1]}'
	echo '{"type":"end","blocks":1,"finished":"'$RANDOM'"}'
}
while read -r line; do
	file=${line##*--out=}
	whole "$([ "$file" = "${file%,again.jsonl}" ] && echo n1 || echo n2)" >"$file"
done <plan
expect 0 "" "$m" lab campaign status c.ini
check "all are done" grep -q '12 cells: 0 missing, 0 begun, 12 done' stdout
expect 0 "" "$m" lab campaign collect c.ini
check "all are collected" grep -qx '12 of 12 cells are in c.result' stdout
name=6.1,2-node-1-cpu,gate.jsonl
check "as they were, but for the node" cmp <(sed 's/,"node":"n1"//' "c.campaign/$name") "c.result/$name"
expect 2 "where the campaign itself lies" "$m" lab campaign collect c.ini --to c.campaign
for to in plan plan/in; do
	expect 2 "--to $to: Not a directory; choose another --to" "$m" lab campaign collect c.ini --to $to
done
# Of a folder that has nothing of a cell nothing is learned: what was collected stays, but for what was put away as void.
cp -r c.result kept
mv c.campaign away
mkdir -p c.campaign/void
mv "away/$name" "c.campaign/void/n1@$name"
whole n9 >"c.campaign/void/n9@6.12,4-node-1-cpu,smoke.jsonl"
expect 1 "" "$m" lab campaign collect c.ini
check "it stays" grep -qx 'left out: 6.12,4-node-1-cpu,smoke: missing; what c.result has of it stays' stdout
check "it is counted" grep -qx '0 of 12 cells are in c.result, and 11 of an earlier call' stdout
check "what is void does not" grep -qx "left out: ${name%.jsonl}: missing; what c.result had of it is removed" stdout
check "and is gone" test ! -e "c.result/$name"
mv "c.campaign/void/n1@$name" "away/$name"
rm "kept/$name"
check "all others are what they were" diff -r kept c.result
rm -r c.campaign kept
mv away c.campaign
expect 0 "" "$m" lab campaign collect c.ini
# Nor of one that is begun anew, or can't be read.
cp -r c.result kept
mv "c.campaign/$name" away
begun() {
	expect 1 "" "$m" lab campaign collect c.ini
	check "$1: it stays" grep -qx "left out: ${name%.jsonl}: begun; what c.result has of it stays" stdout
	check "$1: as it was" diff -r kept c.result
	rm -rf "c.campaign/$name" "c.campaign/.$name.boots"
}
touch "c.campaign/$name"
begun "an empty file"
touch "c.campaign/.$name.boots"
begun "a journal"
mkdir "c.campaign/$name"
begun "a folder"
if [ "$(id -u)" -ne 0 ]; then
	cp away "c.campaign/$name" && chmod 0 "c.campaign/$name"
	begun "a file of somebody else's"
fi
# What is measured anew takes the place of what was; nothing does of what is another campaign's, or no run.
whole n1 >"c.campaign/$name"
expect 0 "" "$m" lab campaign collect c.ini
check "a new run" cmp <(sed 's/,"node":"n1"//' "c.campaign/$name") "c.result/$name"
echo mine >"c.result/$name.part"
expect 0 "" "$m" lab campaign collect c.ini
check "a file of another name is somebody else's" grep -qx mine "c.result/$name.part"
rm "c.result/$name.part"
mv away "c.campaign/$name"
rm -r kept "c.result/$name"
last=6.12,4-node-1-cpu,smoke.jsonl
none='no run of this kernel, topology, clock, suite, seed, number of boots and calibration; move it away, or choose another --to'
theirs() { # WHAT
	mv "c.result/$last" collected
	mv theirs "c.result/$last"
	cp -r c.result kept
	expect 2 "^migbench: c.result/$last: is $none$" "$m" lab campaign collect c.ini
	check "$1: it is left alone, and nothing is written" diff -r kept c.result
	rm -r kept "c.result/$last"
	mv collected "c.result/$last"
}
for change in clock/insns/time seed/42/7 kernel/k/l topology/t/u suite/s/t boots/2/3 calibrate/3/4; do
	IFS=/ read -r key was is <<<"$change"
	sed -E "s/(\"id\":\")/\1other/; s/(\"$key\":\"?)$was/\1$is/" "c.result/$last" >theirs
	theirs "another $key"
done
echo notes >theirs
theirs "no run"
mkdir theirs
theirs "a folder"
cp "c.campaign/$last" valid
printf '%s\n' "$(head -n 1 valid)" '{"type":"end","valid":false}' >"c.campaign/$last"
sed 's/"id":"/&other/; s/"seed":42/"seed":7/' "c.result/$last" >theirs
theirs "what the campaign has is invalid"
expect 1 "" "$m" lab campaign collect c.ini
check "its own is removed" grep -qx "left out: ${last%.jsonl}: invalid; what c.result had of it is removed" stdout
check "and is gone" test ! -e "c.result/$last"
mv valid "c.campaign/$last"
expect 0 "" "$m" lab campaign collect c.ini

# Two results: a third decides, and what the node measured that was wrong does not count.
again=$(grep -om1 'c.campaign/.*,again.jsonl' plan)
cell=$(basename "${again%,again.jsonl}")
first=c.campaign/$cell.jsonl
whole n2 other >"$again"
expect 1 "" "$m" lab campaign status c.ini
check "two results of one cell are named" grep -qE "^differs +$cell \(twice\)" stdout
expect 1 "" "$m" lab campaign collect c.ini
check "it is left out" grep -qx "left out: $cell: differs; what c.result had of it is removed" stdout
check "and its file is gone" test ! -e "c.result/$cell.jsonl"
expect 0 "" "$m" lab campaign run c.ini --on slurm --dry-run
check "somebody else decides" grep -q -- '--exclude=n1,n2 ' stdout
check "by a third run" grep -q "$cell,third.jsonl" stdout
whole n3 >"${again%again.jsonl}third.jsonl"
expect 1 "" "$m" lab campaign status c.ini
check "the node is named" grep -q '^node n2: two others contradict it' stdout
check "all that it measured is void" test "$(grep -c '^void .*(twice)' stdout)" -eq "$twice"
check "and nothing else" grep -q " 0 differs, $twice void" stdout
expect 0 "" "$m" lab campaign run c.ini --on slurm --dry-run
check "it is asked no more: $(grep ^sbatch stdout)" test "$(grep -- '^sbatch.*run.sbatch' stdout | grep -vc -- '--exclude=n2[ ,]')" -eq 0
check "nor who has made the other measurement" grep -q -- '^sbatch.*--exclude=n2,n1 ' stdout
check "its runs are made again" test "$(grep -c " lab run '--kernel" stdout)" -eq "$twice"
whole n3 other >"${again%again.jsonl}third.jsonl"
"$m" lab campaign status c.ini >stdout
check "or the other node, if that is alone" grep -q '^node n1: two others' stdout
whole n1 >"$again"
whole n1 other >"${again%again.jsonl}third.jsonl"
rm "${again%again.jsonl}third.jsonl"
printf '{"type":"run"}\n{"type":"end","valid":false,"why":"boots differ"}\n' >"$first"
cp "$first" "$again"
expect 1 "" "$m" lab campaign status c.ini
check "a run whose boots differ" grep -qE "^invalid +$cell" stdout
whole n1 >"$first"
printf '{"type":"run"}\n' >"c.campaign/6.12,4-node-1-cpu,smoke.jsonl"
rm -f "c.campaign/6.12,4-node-1-cpu,smoke,again.jsonl" "c.campaign/6.1,4-node-1-cpu,gate.jsonl" "$again"
"$m" lab campaign status c.ini >stdout
check "begun" grep -qE '^begun +6\.12,4-node-1-cpu,smoke' stdout
check "missing" grep -qE '^missing +6\.1,4-node-1-cpu,gate' stdout

# Slurm: an array of the kernels, one of what is missing, which waits for the first.
missing=$((3 + $(grep -c '6.12,4-node-1-cpu,smoke,again' plan)))
expect 0 "" "$m" lab campaign run c.ini --on slurm --dry-run
cp stdout scripts
check "as many commands as are missing" test "$(grep -c " lab run '--kernel" scripts)" -eq $missing
check "each kernel once" grep -qx 'kernels=(6.1 6.12)' scripts
check "nobody knows how long it takes" grep -q '^sbatch .*--time=240 ' scripts
check "nothing was written" test ! -e c.campaign/run.sbatch
mkdir -p cache
echo '{"boot of gate, insns": 60, "boot of smoke, insns": 60, "boot of states, insns": 60}' >cache/timings.json
expect 0 "" "$m" lab campaign run c.ini --on slurm --dry-run
check "three times five boots of a minute, and ten" grep -q '^sbatch .*--time=25 ' stdout
mkdir bin
cat >bin/sbatch <<'EOF'
#!/bin/sh
echo "$*" >>"$JOBS"
wc -l <"$JOBS"
EOF
cat >bin/sinfo <<'EOF'
#!/bin/sh
printf 'n1\nn2\nn3\n'
EOF
cat >bin/squeue <<'EOF'
#!/bin/sh
cat "$QUEUE"
EOF
echo 'MaxArraySize = 1' >config
printf '#!/bin/sh\ncat "%s/config"\n' "$scratch" >bin/scontrol
printf '#!/bin/sh\necho "$*" >"%s/ended"\n' "$scratch" >bin/scancel
chmod +x bin/*
: >queue
export JOBS=$scratch/jobs QUEUE=$scratch/queue
old=$PATH
PATH=$scratch/bin:$PATH
expect 0 "" "$m" lab campaign run c.ini --on slurm
check "a job for each kernel, as arrays are that short" test "$(grep -c '^1 kernels: job [12]$' stdout)" -eq 2
check "the others" test "$(grep -c '^1 runs: job' stdout)" -eq $missing
check "the runs wait for the kernels" test "$(grep -c -- '--dependency=afterany:1:2 .*/c.campaign/run.sbatch' jobs)" -eq $missing
check "an array is no longer than Slurm lets it be" test "$(grep -c -- '--array=0-0 .*run.sbatch [0-9]' jobs)" -eq $missing
check "a second measurement is for other nodes than that of the first" grep -q -- "--exclude=n1 .*run.sbatch $((missing - 1))" jobs
cp bin/sinfo all
printf '#!/bin/sh\necho n1\n' >bin/sinfo
expect 0 "there is one node only: it checks itself" "$m" lab campaign run c.ini --on slurm --dry-run
check "but where there is one only: $(grep ^sbatch stdout)" bash -c '! grep -q -- "--exclude=n1" stdout'
mv all bin/sinfo
bash -n c.campaign/run.sbatch && bash -n c.campaign/build.sbatch
check "the scripts are shell" test $? -eq 0
# Under way: nothing is submitted twice.
printf '%s\n' '1 R 1_0' '2 PD 2_[0,2-5%4]' '77 R 77' >queue
expect 2 "job 1, 2 is under way; wait for it, or end it with" "$m" lab campaign run c.ini --on slurm
"$m" lab campaign status c.ini >stdout
check "so many tasks" grep -qx 'Slurm: 1 run, 5 wait' stdout
expect 0 "" "$m" lab campaign cancel c.ini
check "ours are ended, nobody else's" grep -qx '1 2' ended
expect 3 "no temporary file in /nonexistent, which TMPDIR can change: No such file" env TMPDIR=/nonexistent "$m" lab campaign cancel c.ini
: >queue
expect 0 "" "$m" lab campaign cancel c.ini
check "nothing is left to end" grep -qx 'nothing is under way' stdout
# What is remembered of a node is not lost where there is no room to write it.
mkdir -p v.campaign/logs
whole n8 >"v.campaign/$name"
echo n8 >v.campaign/nodes.void
bash -c 'ulimit -f 0; trap "" XFSZ; exec "$@" 2>&1' - "$m" lab campaign run c.ini --on slurm --out v.campaign | cat >said
check "no room: $(cat said)" grep -q "nodes.void: cannot write: File too large" said
check "the node is remembered" grep -qx n8 v.campaign/nodes.void
# Nor do names that can't be read count as cleared.
rm v.campaign/nodes.void
mkdir v.campaign/nodes.void
expect 3 "nodes.void: cannot be read: Is a directory" "$m" lab campaign status c.ini --out v.campaign
expect 3 "nodes.void: cannot be read: Is a directory" "$m" lab campaign collect c.ini --out v.campaign --to v.result
expect 3 "nodes.void: cannot be read: Is a directory" "$m" lab campaign run c.ini --on slurm --out v.campaign
rmdir v.campaign/nodes.void
echo n8 >v.campaign/nodes.void
# What it measured before it was said to be mended, and after that, is put away, and each speaks of its own copy.
once=$(grep -o '[^/]*\.jsonl' plan | sed 's/,again//' | sort | uniq -u | head -n 1)
for i in 1 2 3; do
	rm v.campaign/nodes.void
	whole n8 >"v.campaign/$once"
	"$m" lab campaign collect c.ini --out v.campaign --to v.result >stdout
	cp "v.result/$once" copy$i
	echo n8 >v.campaign/nodes.void
	"$m" lab campaign run c.ini --on slurm --out v.campaign >stdout
done
for i in 1 2 3; do
	away=v.campaign/void/n8@$once
	[ $i -eq 1 ] || away+=.$i
	check "put away, $i" cmp <(sed 's/,"node":"n8"//' "$away") copy$i
	cp copy$i "v.result/$once"
	expect 1 "" "$m" lab campaign collect c.ini --out v.campaign --to v.result
	check "and its copy removed, $i" test ! -e "v.result/$once"
done
rm -r v.campaign v.result
PATH=$old
# A task is the line of its number, behind those of the arrays before it.
sed "s|'[^']*' lab run|echo ran|" -i c.campaign/cells.txt
SLURM_ARRAY_TASK_ID=1 bash c.campaign/run.sbatch 1
log=c.campaign/logs/$(sed -n 3p c.campaign/cells.txt | cut -f 1).log
check "a task runs its own cell, into its own log: $(cat "$log")" test "$(sed -n '$s/ran //; $s/--resume.*//p' "$log")" = \
	"$(sed -n 3p c.campaign/cells.txt | sed "s/.*echo ran //; s/'//g; s/--resume.*//")"
rm -r bin c.campaign/jobs
command -v sbatch >/dev/null || expect 3 "sbatch is not installed" "$m" lab campaign run c.ini --on slurm

# Times: of one node, and not gone on with on another.
sed 's/check.*/check = 0\nclock = time/' c.ini >time.ini
expect 0 "" "$m" lab campaign run time.ini --on slurm --dry-run
check "nobody else is on the node" grep -qx '#SBATCH --exclusive' stdout
check "from the beginning" test "$(grep -c -- '--force --quiet' stdout)" -eq 12

# Kernels of one's own, and a range of tags.
mkdir own
cp "$MIGBENCH_SOURCE"/configs/kernels/6.1.ini own/mine.ini
git init -q tree
for tag in v6.1-rc8 v6.1 v6.1.1 v6.1.2 v6.1.10 v6.2; do
	git -C tree -c user.name=t -c user.email=t@localhost commit -q --allow-empty -m $tag
	git -C tree tag $tag
done
printf '%s\n' '[campaign]' "tree = $scratch/tree" 'topologies = 2-node' 'suites = quick' 'check = 0' >tags.ini
kernels() {
	echo "kernels = $1" | cat tags.ini - >own/tags.ini
	"$m" lab campaign plan own/tags.ini | grep -o -- '--kernel=[^ ]*' | cut -d = -f 2 | paste -sd ' '
}
check "a range has both its ends" test "$(kernels v6.1..v6.1.10)" = "v6.1 v6.1.1 v6.1.2 v6.1.10"
check "beside names and files" test "$(kernels '6.12, mine.ini, v6.1.10..v6.2')" = "6.12 $scratch/own/mine.ini v6.1.10 v6.2"
echo 'kernels = mine.ini, v6.1..v6.2' | cat tags.ini - >own/tags.ini
"$m" lab campaign run own/tags.ini --on slurm --dry-run >stdout
check "each is built by its name" grep -qx 'kernels=(mine v6.1 v6.1.1 v6.1.2 v6.1.10 v6.2)' stdout
# Another kernel of that name is not the one that the file describes.
mkdir -p "$MIGBENCH_CACHE/kernels/mine-0123456789ab"
jq -n --arg config "$scratch/third/mine.ini" '{name: "mine", release: "6.1.2", label: "x", key: "0123456789ab", source: "x", tree: "/x", config: $config, built: 1, size: 1}' \
	>"$MIGBENCH_CACHE/kernels/mine-0123456789ab/kernel.json"
"$m" lab campaign run own/tags.ini --on slurm --dry-run >stdout
check "nor does another's stand for it" grep -qx 'kernels=(mine v6.1 v6.1.1 v6.1.2 v6.1.10 v6.2)' stdout
rm -r "$MIGBENCH_CACHE/kernels/mine-0123456789ab"
expect 2 "the campaign has no kernel 'v9'" "$m" lab campaign build own/tags.ini v9
# An archive of the tag's files goes to the build, which finds that this is no kernel.
expect 2 "v6.1.1.tar: no kernel.s source" "$m" lab campaign build own/tags.ini v6.1.1 --quiet
# Where it is one, each tag's kernel is built of that tag's files, whatever is checked out, and goes by its name. (What
# make does is a stub: a real kernel takes minutes.)
. "$MIGBENCH_SOURCE/tests/cli/fake_kernel.sh"
git init -q linux
for tag in v6.1.9 v6.1.10 v6.1.11 v6.1.12; do
	sed -i "s/6\.1\.[0-9]*-fake/6.1.${tag##*.}-fake/" linux/Makefile
	git -C linux add .
	git -C linux -c user.name=t -c user.email=t@localhost commit -qm $tag
	git -C linux tag $tag
done
echo 'a file that is being written' >linux/Makefile
printf '%s\n' '[campaign]' "tree = $scratch/linux" 'kernels = v6.1.10..v6.1.12' 'topologies = 2-node-1-cpu' 'suites = gate' >fake.ini
TMPDIR=$scratch "$m" lab campaign build fake.ini v6.1.11 >stdout 2>stderr
check "one that is named" grep -q "kernel v6.1.11 (6.1.11-fake) is ready" stderr
TMPDIR=$scratch "$m" lab campaign build fake.ini >stdout 2>stderr
check "all are built" test $? -eq 0
"$m" lab kernel list | awk '$2 ~ /-fake$/ { print $1, $2 }' | sort -V >built
check "the whole range, each by its tag: $(cat built)" diff built - <<'EOF'
v6.1.10 6.1.10-fake
v6.1.11 6.1.11-fake
v6.1.12 6.1.12-fake
EOF
"$m" lab campaign run fake.ini --on slurm --dry-run >stdout
check "what is built is not built again" bash -c '! grep -q build.sbatch stdout'
check "cells ask for it by that name" test "$(grep -c "lab run '--kernel=v6.1.1[012]'" stdout)" -ge 3

# Bad files: one line with file and line.
bad() {
	printf '[campaign]\n%b\n' "$2" >bad.ini
	expect 2 "$1" "$m" lab campaign plan bad.ini
}
bad "': allowed: names of configs/suites$" "suites = ../other, $(printf 'suite%s, ' {1..200})"
bad "no kernel 'no-such'" "kernels = 6.1, no-such\ntopologies = 2-node\nsuites = quick"
bad "stands there twice" "kernels = 6.1, 6.1\ntopologies = 2-node\nsuites = quick"
bad "'v6.1..v6.2' is a range of tags: 'tree' has to say where" "kernels = v6.1..v6.2\ntopologies = 2-node\nsuites = quick"
bad "no tags v6.2..v9 in" "kernels = v6.2..v9\ntree = $scratch/tree\ntopologies = 2-node\nsuites = quick"
bad "no tag of .* lies from v6.2 to v6.1" "kernels = v6.2..v6.1\ntree = $scratch/tree\ntopologies = 2-node\nsuites = quick"
bad "none.ini': No such file" "kernels = none.ini\ntopologies = 2-node\nsuites = quick"
bad "bad.ini:3: topologies: no topology '3-node'; known: .*2-node" "kernels = 6.1\ntopologies = 2-node, 3-node\nsuites = quick"
bad "bad.ini:4: suites: no suite 'fulll'; known: .*full" "kernels = 6.1\ntopologies = 2-node\nsuites = fulll"
bad "unknown key 'kernel'; allowed: kernels" "kernel = 6.1"
bad "needs kernels, topologies and suites" "kernels = 6.1"
bad "boots = 0.*from 1 to 100" "boots = 0"
bad "bad.ini:2: neither .section. nor key = value" "kernels 6.1\ntopologies = 2-node\nboots = zero"
bad "bad.ini:3: 'boots = zero': allowed: a number from 1 to 100" "kernels = 6.1\nboots = zero\ntopologies 2-node"
bad "bad.ini:4: 'boots = 3' stands behind .campaign.; a key begins a line of its own" "kernels = 6.1\nsuites = quick\n[campaign] boots = 3"
bad "bad.ini:5: unknown section .campain.; allowed: .campaign." "kernels = 6.1\ntopologies = 2-node\nsuites = quick\n[campain]"
bad "times of two machines" "kernels = 6.1\ntopologies = 2-node\nsuites = quick\nclock = time"
expect 2 "local or slurm" "$m" lab campaign run c.ini --on pbs
# An empty word is no folder, least of all the root's.
for command in plan status collect cancel "run --on slurm --dry-run"; do
	# shellcheck disable=SC2086
	expect 2 "lab campaign ${command%% *}: --out needs the name of a folder, not ''" "$m" lab campaign $command c.ini --out ""
done
expect 2 "lab campaign collect: --to needs the name of a folder, not ''" "$m" lab campaign collect c.ini --to ""
# Slurm's tasks are lines of a file, and its scripts have names in quotes.
for folder in "it's" $'two\nlines'; do
	expect 2 "for Slurm there must be no ' and no line feed in a name" "$m" lab campaign run c.ini --on slurm --out "$folder" --dry-run
	expect 2 "for Slurm there must be no ' and no line feed in a name" "$m" lab campaign run c.ini --on slurm --out "$folder"
	check "no such folder is made" test ! -e "$folder"
done
"$m" lab campaign plan c.ini >planned
expect 0 "" "$m" lab campaign run c.ini --dry-run
check "it prints what plan prints" cmp stdout planned
expect 2 "none.ini" "$m" lab campaign plan none.ini
finish
