#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a node without memory, and a cpuset without node 0: what is measured is on the nodes that there are.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/nodes.ini" <<-'EOF'
	[global]
	rounds = 1
	samples = 2
	point_time = 50
	[copy]
	nodes = local,nearest
	batch = 1
	[migrate]
	direction = to-device
	memory = private,system
	batch = 1
	[numa]
	batch = 1
	[tlb]
	cpus = 1
	pages = 1
EOF

# all PAIR FILE: no point of the run file between nodes is elsewhere, each was measured, none invalid.
all() {
	jq -se --arg pair "$1" '(map(select(.type == "point")) | length) as $n
		| (map(select(.type == "point" and .params.nodes) | .params.nodes) | unique) as $pairs
		| ($pairs - [$pair, $pair[0:2] + $pair[0:1]] == []) and ($pairs | index($pair)) != null and
		(map(select(.type == "skip")) == []) and
		(map(select(.type == "block") | .point) | unique | length == $n) and
		(map(select(.type == "block")) | all((.invalid // 0) == 0))' "$2" >/dev/null && return
	jq -c 'select(.type != "block" and .type != "run")' "$2" >&2
	fail "not all was measured on the nodes $1"
}

"$MIGBENCH" lab run --kernel "$KERNEL" --topology bare-node --clock time --suite "$scratch/nodes.ini" --boots 1 --quiet \
	--out "$scratch/bare.jsonl"
all '0>2' "$scratch/bare.jsonl"

# Of the others 2 and 3 are the nearest two.
guest --topology 4-node-1-cpu -- sh -c "cat >nodes.ini <<'END'
$(cat "$scratch/nodes.ini")
END
	mkdir -p /sys/fs/cgroup/few &&
	echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control &&
	echo 1-3 >/sys/fs/cgroup/few/cpuset.mems &&
	echo 0 >/sys/fs/cgroup/few/cgroup.procs &&
	migbench run --suite ./nodes.ini --quiet --out few.jsonl >&2 && cat few.jsonl &&
	migbench doctor >&2
	migbench run --suite ./nodes.ini --set nodes='0>1' --only 'numa*' --guest || true" \
	>"$scratch/both" 2>"$scratch/said"
sed '/"type":"end"/q' "$scratch/both" >"$scratch/few.jsonl"
all '2>3' "$scratch/few.jsonl"
grep -q 'the nearest two: 2 and 3' "$scratch/said" || fail "doctor goes by other nodes"
grep -q 'node 0 is not among those that this process may use (its cpuset)' "$scratch/both" ||
	fail "a node that the cpuset keeps from the process is not skipped with that reason"
