#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the guest has the nodes and distances of a machine's hwloc file, and the run file says so.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# What the guest sees: for each node its CPUs (0 or 1 under the instruction clock) and distances.
cat >"$scratch/nodes.sh" <<'EOS'
cd /sys/devices/system/node
for node in $(seq 0 63); do
	[ -d "node$node" ] || break
	echo "$(wc -w <"node$node/cpulist"): $(cat "node$node/distance")"
done
EOS
nodes() {
	guest --clock insns --topology "$1" --add "$scratch/nodes.sh" -- sh nodes.sh 2>"$scratch/err"
	grep -c "^migbench: note: .*after ${1##*/}" "$scratch/err" | grep -qx 1 ||
		fail "not one note on what is not as in ${1##*/}: $(cat "$scratch/err")"
}

# The distances that a file has, a row for each node, those without CPUs after the others.
rows() {
	sed -n '/<distances2 type="NUMANode"/,/<\/distances2>/s/.*<u64values[^>]*>\(.*\)<\/u64values>/\1/p' "$1" |
		tr -s ' \n' '\n' | sed '/^$/d' | paste -d ' ' $(printf -- '- %.0s' $(seq "$2"))
}

# Nodes 0, 3 and 8, the first of memory only; from one to the other is not as far as back.
cat >"$scratch/own.xml" <<'EOF2'
<?xml version="1.0" encoding="UTF-8"?>
<topology version="2.0">
  <object type="Machine" os_index="0" cpuset="0x7" complete_cpuset="0xf" allowed_cpuset="0x7"
      nodeset="0x109" complete_nodeset="0x109" allowed_nodeset="0x109" gp_index="1">
    <info name="DMISysVendor" value="Example"/>
    <info name="DMIProductName" value="Server"/>
    <object type="NUMANode" os_index="0" cpuset="0x0" complete_cpuset="0x0" nodeset="0x1"
        complete_nodeset="0x1" gp_index="2" local_memory="17179869184"/>
    <object type="Package" os_index="0" cpuset="0x3" complete_cpuset="0x3" nodeset="0x8"
        complete_nodeset="0x8" gp_index="3">
      <object type="NUMANode" os_index="3" cpuset="0x3" complete_cpuset="0x3" nodeset="0x8"
          complete_nodeset="0x8" gp_index="4" local_memory="34359738368"/>
      <object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x8"
          complete_nodeset="0x8" gp_index="5"/>
      <object type="PU" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x8"
          complete_nodeset="0x8" gp_index="6"/>
    </object>
    <object type="Package" os_index="1" cpuset="0x4" complete_cpuset="0xc" nodeset="0x100"
        complete_nodeset="0x100" gp_index="7">
      <object type="NUMANode" os_index="8" cpuset="0x4" complete_cpuset="0xc" nodeset="0x100"
          complete_nodeset="0x100" gp_index="8" local_memory="34359738368"/>
      <object type="PU" os_index="2" cpuset="0x4" complete_cpuset="0x4" nodeset="0x100"
          complete_nodeset="0x100" gp_index="9"/>
    </object>
  </object>
  <distances2 type="NUMANode" nbobjs="3" kind="5" name="NUMALatency" indexing="os">
    <indexes length="6">0 3 8 </indexes>
    <u64values length="27">10 28 31 17 10 21 33 22 10 </u64values>
  </distances2>
</topology>
EOF2
nodes "$scratch/own.xml" | diff - <(printf '1: 10 21 17\n0: 22 10 33\n0: 28 31 10\n') ||
	fail "the guest has other nodes than the file"
grep -q 'Example Server.*1 of 3 CPUs.*without 1 more CPU that.*nodes 3, 8, 0 are 0 to 2 here' "$scratch/err" ||
	fail "the note leaves something out: $(cat "$scratch/err")"

# A run says what machine its nodes are after, and a report repeats it.
"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'migrate/batch=1,*' --boots 1 --quiet \
	--topology "$scratch/own.xml" --out "$scratch/run.jsonl" 2>"$scratch/err"
jq -es '.[0].lab.topology == "own.xml" and
	(.[0].env.topology | test("^3 nodes, 1 CPU; .*; after own.xml .Example Server.: 3070 of 81920 MiB")) and
	any(.[]; .type == "block")' "$scratch/run.jsonl" >/dev/null ||
	fail "the run file does not say what machine it is after: $(head -n 1 "$scratch/run.jsonl")"
"$MIGBENCH" report --out "$scratch/report" "$scratch/run.jsonl" >"$scratch/out"
grep -q 'after own.xml (Example Server): 3070 of 81920 MiB' "$scratch"/report/*.md ||
	fail "the report does not say what machine the run is after"

# as_recorded FILE: the guest has its nodes and distances, and its CPU on the first of them.
as_recorded() {
	local count
	count=$(grep -c 'type="NUMANode" os_index' "$1")
	nodes "$1" >"$scratch/seen"
	sed 's/^[01]: //' "$scratch/seen" | diff - <(rows "$1" "$count") || fail "the guest has other distances than $1"
	[ "$(grep -c '^1: ' "$scratch/seen")" -eq 1 ] && grep -q '^1: ' <(head -n 1 "$scratch/seen") ||
		fail "the CPU is not on the first node of $1"
}
# Twenty nodes, and nodes whose numbers have gaps.
for machine in ring numbers; do
	as_recorded "$MIGBENCH_SOURCE/tests/machines/$machine.xml"
done
# Machines that hwloc's authors recorded, for who has them beside the tree.
for machine in 16amd64-8n2c-cpusets '64intel64-3g2n+2n-irregulargroups+pci' 192em64t-24n8c2t; do
	file=$MIGBENCH_SOURCE/../shared/hwloc/$machine.xml
	if [ -f "$file" ]; then
		as_recorded "$file"
	else
		echo "not at hand: $file"
	fi
done
