#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the lab refuses what it can't boot, before it boots anything.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: nothing is built there.
export MIGBENCH_CACHE=$scratch/cache

expect 2 "command is missing" "$m" lab
expect 2 "unknown command" "$m" lab bogus
expect 2 "9\.9.*6\.1" "$m" lab kernel build 9.9
expect 2 "choose another name" "$m" lab kernel build 6.1 --name 6.12
expect 2 "choose another name" "$m" lab kernel build --stock 6.1 --name 6.1
expect 2 "goes with NAME, --arch, --page and --name only" "$m" lab kernel build --stock 6.1 --dry-run
expect 2 "goes with --modules, --build and --name only" "$m" lab kernel build --image i --name own --dry-run
expect 2 "goes with --modules, --build and --name only" "$m" lab kernel build --image i --name own --page 64k
expect 2 "resume needs the --out" "$m" lab run --kernel 6.1 --resume
expect 2 "9\.9" "$m" lab exec --kernel 9.9 -- true
expect 3 "lab kernel build 6\.1" "$m" lab exec --kernel 6.1 -- true
expect 3 "lab kernel build 6\.1" "$m" lab run --kernel 6.1 --suite smoke --out run.jsonl
expect 3 "lab kernel build 6\.1" "$m" lab shell --kernel 6.1
expect 2 "topology" "$m" lab exec --kernel 6.1 --topology nowhere -- true
expect 2 "COMMAND… is missing" "$m" lab exec --kernel 6.1
expect 3 "lab kernel build 6\.1" "$m" lab exec --kernel 6.1 --dry-run
mkdir -p one/added two/added
expect 2 "--add two/added/: a file of the name 'added' is added already" "$m" lab exec --kernel 6.1 --add one/added/ --add two/added/ -- true
mkdir -p "no name"
expect 2 "--source no name: rename it to what can be a kernel's name" "$m" lab kernel build --source "no name" --dry-run
expect 2 "kernel" "$m" lab exec -- true
expect 2 "time or insns|insns" "$m" lab exec --kernel 6.1 --clock sundial -- true
expect 2 "no suite 'nope'|nope" "$m" lab run --kernel 6.1 --suite nope --out run.jsonl
# What the guest would refuse is refused here, before a kernel is even looked for.
expect 2 "has no key 'nope'" "$m" lab run --kernel 6.1 --suite smoke --set nope=1 --out run.jsonl
expect 2 "batch: '0' is not" "$m" lab run --kernel 6.1 --suite smoke --set batch=0 --out run.jsonl
expect 2 "key=value" "$m" lab run --kernel 6.1 --suite smoke --set nope --out run.jsonl
expect 2 "no point of suite smoke" "$m" lab run --kernel 6.1 --suite smoke --only nope --out run.jsonl
expect 2 "^migbench: no point of suite full matches 'nope/\*'$" "$m" lab profile --kernel 6.1 --point 'nope/*'
expect 3 "no temporary file in /nonexistent, which TMPDIR can change: No such file" \
	env TMPDIR=/nonexistent "$m" lab profile --kernel 6.1 --point 'null/part=clock'
printf '[migrate]\nbacth = 8\n' >typo.ini
expect 2 "^migbench: typo.ini:2: unknown key 'bacth'" "$m" lab run --kernel 6.1 --suite typo.ini --out run.jsonl
expect 2 "boots" "$m" lab run --kernel 6.1 --boots 0 --suite smoke --out run.jsonl
expect 2 "calibrate" "$m" lab run --kernel 6.1 --calibrate 0 --suite smoke --out run.jsonl
expect 2 "calibrate" "$m" lab run --kernel 6.1 --calibrate 21 --suite smoke --out run.jsonl
expect 2 "tcg or kvm" "$m" lab exec --kernel 6.1 --accel xen -- true
expect 2 "with --accel kvm the CPU is the host's" \
	"$m" lab exec --kernel 6.1 --cpu qemu64-fsrm --accel kvm -- true
expect 2 "--cpu takes qemu64 or qemu64-fsrm, not 'max'" "$m" lab run --kernel 6.1 --cpu max --suite smoke --out run.jsonl
expect 2 "lab qemu: unknown command 'drop'" "$m" lab qemu drop
expect 2 "lab kernel: a command is missing" "$m" lab kernel
expect 2 "one suite" "$m" lab qemu fetch --suite ../x
expect 2 "only emulation .tcg. counts" "$m" lab run --kernel 6.1 --accel kvm --suite smoke --out run.jsonl
expect 2 "no-such-file" "$m" lab exec --kernel 6.1 --add no-such-file -- true
check "nothing was written" test ! -e run.jsonl

# A topology is refused with the line that is wrong.
topology() {
	local want=$1 pattern=$2
	printf '%s\n' "${@:3}" >t.ini
	expect "$want" "$pattern" "$m" lab exec --kernel 6.1 --topology ./t.ini -- true
}
node0=("[node 0]" "cpus = 1" "memory = 512M")
topology 3 "lab kernel build" "${node0[@]}" "coherent = 64M"
topology 2 "t.ini:4: .*coherent = 512M.*too little" "${node0[@]}" "coherent = 512M"
topology 2 "t.ini:3: .*coherent = 1024M.*too little" "[node 0]" "coherent = 1G" "memory = 512M" "cpus = 1"
topology 2 "t.ini:4: .*multiple of 2M" "${node0[@]}" "coherent = 3M"
topology 2 "t.ini:4: .*coherent = 0M.*from 2M" "${node0[@]}" "coherent = 0M"
topology 2 "t.ini:4: .*coherent = lots.*M or G" "${node0[@]}" "coherent = lots"
topology 2 "t.ini:7: .*node 0. has 'coherent' already" "${node0[@]}" "coherent = 2M" \
	"[node 1]" "memory = 512M" "coherent = 2M"
topology 2 "t.ini:5: 3584M of memory in all; allowed: up to 3072M" "${node0[@]}" "[node 1]" "memory = 3G"
topology 2 "t.ini:4: unknown key.*coherent" "${node0[@]}" "coherrent = 2M"
topology 2 "t.ini: .node 1. 'distance' has 3 numbers" "${node0[@]}" "[node 1]" "memory = 64M" "distance = 20,10,20"
topology 2 "t.ini:4: .*distance = 10,300.*10 to 254" "${node0[@]}" "distance = 10,300"
topology 2 "t.ini: .node 0. 'latency' and 'bandwidth' go together" "${node0[@]}" "latency = 100"
topology 2 "t.ini: .node 1. 'latency' and 'bandwidth' go together" "${node0[@]}" "latency = 100" "bandwidth = 9" "[node 1]" "memory = 64M"
topology 2 "t.ini:4: .*latency = 0.*1 to" "${node0[@]}" "latency = 0"
topology 2 "t.ini: .node 0. needs a CPU" "[node 0]" "memory = 64M" "[node 1]" "cpus = 1" "memory = 64M"
topology 2 "t.ini: .node 2. has CPUs and .node 1. has none" "${node0[@]}" "[node 1]" "memory = 64M" \
	"[node 2]" "cpus = 1" "memory = 64M"

# Nor is a section passed over that has no keys.
topology 2 "t.ini: .node 1. has no 'memory'" "${node0[@]}" "[node 1]"
topology 2 "t.ini:4: unknown section .nodes 1.; allowed: .topology., .node 0. " "${node0[@]}" "[nodes 1]"
topology 2 "t.ini:4: .node 2. comes before .node 1." "${node0[@]}" "[node 2]"
topology 3 "lab kernel build" "[topology]" "${node0[@]}" "[node 0] ; once more"

# A machine's hwloc file is one, too; what is none is refused before a kernel is looked for.
object='cpuset="0x1" complete_cpuset="0x1" nodeset="0x1" complete_nodeset="0x1"'
cat >machine.xml <<EOF
<topology version="2.0">
  <object type="Machine" os_index="0" $object allowed_cpuset="0x1" allowed_nodeset="0x1" gp_index="1">
    <object type="NUMANode" os_index="0" $object gp_index="2" local_memory="1073741824"/>
    <object type="PU" os_index="0" $object gp_index="3"/>
  </object>
</topology>
EOF
for command in exec run profile shell; do
	words=()
	[ $command = exec ] && words=(-- true)
	[ $command = profile ] && words=(--point 'fault/access=write,memory=private,nodes=0>1,page=4k')
	expect 3 "lab kernel build" "$m" lab $command --kernel 6.1 --topology machine.xml "${words[@]}"
	expect 2 "nowhere.xml: No such file" "$m" lab $command --kernel 6.1 --topology nowhere.xml "${words[@]}"
done
head -c 300 machine.xml >cut.xml
echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >drawing.xml
cp machine.xml huge.xml
truncate -s 40M huge.xml
mkdir folder.xml
expect 2 "cut.xml: .*hwloc" "$m" lab exec --kernel 6.1 --topology cut.xml -- true
expect 2 "drawing.xml: .*lstopo" "$m" lab exec --kernel 6.1 --topology drawing.xml -- true
expect 2 "huge.xml: .*up to 32 MiB" "$m" lab exec --kernel 6.1 --topology huge.xml -- true
expect 2 "folder.xml: .*regular file" "$m" lab exec --kernel 6.1 --topology ./folder.xml -- true
expect 0 "" "$m" lab kernel list
# A cache that can't be read is not an empty one.
why='^migbench: note: no kernel can be read in .*/kernels, which MIGBENCH_CACHE can change:'
expect 0 "$why Not a directory$" env MIGBENCH_CACHE="$scratch/t.ini" "$m" lab kernel list
check "nothing is built in it" grep -qE '^6\.1 +not built' stdout
MIGBENCH_CACHE=$scratch/t.ini "$m" lab kernel remove k1 2>stderr
check "which is said once: $(cat stderr)" test "$(grep -cE "$why|unknown kernel 'k1'" stderr)/$(wc -l <stderr)" = 2/2
mkdir locked
chmod 0 locked
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid 65534 --clear-groups)
expect 0 "$why Permission denied$" env MIGBENCH_CACHE="$scratch/locked" "${as[@]}" "$m" lab kernel list
printf "[kernel]\ndescription = x\npackage = linux-source-9.9\nsuite = nosuch\nfragment = f\n" >other.ini
: >f
expect 3 "linux-source-9\.9: neither .*nosuch.*--source" "$m" lab kernel build ./other.ini --name other
printf "[kernel]\npackage = p\nfragment = f\nsuite = no such\n" >other.ini
expect 2 "other.ini:4: .no such. is no name of a suite" "$m" lab kernel build ./other.ini --name other
printf "[kernel]\npackage = p\nfragment = f\n[kernl]\n" >other.ini
expect 2 "other.ini:4: unknown section .kernl.; allowed: .kernel." "$m" lab kernel build ./other.ini --name other
expect 2 "9\.9" "$m" lab kernel remove 9.9
expect 3 "^migbench: kernel '6.1' is not built: nothing is to be removed$" "$m" lab kernel remove 6.1
expect 2 "such as 90s, 20m or 1h30m" "$m" lab run --kernel 6.1 --budget 20 --out budget.jsonl
expect 2 "leave --boots and --calibrate away" "$m" lab run --kernel 6.1 --budget 20m --calibrate 2 --out budget.jsonl
check "and nothing is written" test ! -e budget.jsonl
# Too little room is said before anything is built. A tree with a Kconfig is enough to get there.
mkdir small tree && : >tree/Kconfig
if unshare -rm mount -t tmpfs none small 2>/dev/null; then
	expect 3 "takes up to 1024 MiB in .*, where 8 are free" env MIGBENCH_CACHE="$PWD/small" unshare -rm \
		sh -c 'mount -t tmpfs -o size=8m none small && exec "$@"' sh "$m" lab kernel build --source tree --name little
fi
finish
