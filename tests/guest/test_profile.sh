#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a profile adds up to the run file, names its functions, and leaves the run as it is.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

point="migrate/batch=64,direction=to-device,memory=private,nodes=0>1,page=$BASE,state=exclusive,threads=1"
profile() {
	"$MIGBENCH" lab profile --kernel "$KERNEL" "$@"
}

profile --point "$point" --format json --records "$scratch/records" >"$scratch/a.json"
profile --point "$point" --kernel "$KERNEL" --format json >"$scratch/twice.json"
jq -es '.[0].totals.a as $total | .[1].totals == {a: $total, b: $total}
	and all(.[1].functions[]; .diff == 0)
	and (.[1].functions | map({name, phase, a}) | sort) == (.[0].functions | map({name, phase, a}) | sort)' \
	"$scratch/a.json" "$scratch/twice.json" >/dev/null || fail "two profiles of one kernel differ"

"$MIGBENCH" lab run --kernel "$KERNEL" --suite full --set rounds=1 --set samples=5 --only "$point" \
	--boots 1 --quiet --out "$scratch/run.jsonl" --log "$scratch/log"
clean_log "$scratch/log"
for file in records run.jsonl; do
	jq -c 'select(.type == "point" or .type == "block") | del(.boot)' "$scratch/$file" >"$scratch/$file.values"
done
cmp "$scratch/records.values" "$scratch/run.jsonl.values" || fail "the plugin changed what is measured"

# Every function of a phase together is the phase, of a value that was measured.
jq -es '.[0] as $p | [.[1:][] | select(.type == "block")][0].metrics as $m
	| ($p.functions | group_by(.phase) | map({key: .[0].phase, value: (map(.a) | add)}) | from_entries) as $sums
	| ($m.total.values | index($p.totals.a)) as $i
	| $i != null
	and all(("setup", "alloc", "copy", "pages", "finalize"); $m[.].values[$i] == $sums[.])
	and ([$sums[]] | add) == $p.totals.a
	and $p.coverage >= 0.999
	and $p.pages == 64
	and any($p.functions[]; .name == "migrate_vma_setup" and .phase == "setup" and .a > 0)
	and any($p.functions[]; .name == "remove_migration_pte" and .phase == "finalize" and .a > 0)' \
	"$scratch/a.json" "$scratch/records" >/dev/null ||
	fail "the functions do not add up to the run"

# A fault is counted once, whatever QEMU does to take it.
profile --point "fault/access=write,memory=private,nodes=0>1,page=$BASE" --format json \
	--records "$scratch/fault" >"$scratch/fault.json"
jq -es '.[0] as $p | [.[1:][] | select(.type == "block")][0].metrics.total.values
	| any(.[]; . - $p.totals.a | fabs <= 2) and $p.coverage >= 0.999' \
	"$scratch/fault.json" "$scratch/fault" >/dev/null || fail "a fault does not add up"

# What the module is told to spend in a phase is found there, on top of the rest.
profile --point "$point" --format folded --module-param inject_phase=2 --module-param inject_insns=20 \
	>"$scratch/folded"
total=$(jq .totals.a "$scratch/a.json")
awk -v total="$total" '
	{ sum += $NF }
	/^copy;mb_batch \[migbench\];mb_inject_delay \[migbench\] / { delay = $NF }
	/^finalize;.*;migrate_vma_finalize;.*;remove_migration_pte [0-9]+$/ { deep = 1 }
	END { exit !(deep && delay >= 64 * 18 && sum - total == 64 * 20) }' "$scratch/folded" ||
	fail "the planted delay is not found: $(grep inject "$scratch/folded")"

# What is asked for must make sense before anything boots.
refused() {
	local status=0
	"$MIGBENCH" lab profile "$@" >/dev/null 2>"$scratch/error" || status=$?
	[ "$status" = 2 ] || fail "lab profile $*: status $status"
	[ "$(wc -l <"$scratch/error")" = 1 ] || fail "lab profile $*: not one line: $(cat "$scratch/error")"
}
refused --kernel "$KERNEL"
refused --kernel "$KERNEL" --point 'migrate/*'
refused --kernel "$KERNEL" --point 'nonsense/*'
refused --kernel "$KERNEL" --point "$point" --format xml
refused --kernel "$KERNEL" --point "$point" --topology 4-node-1-cpu --suite nonsense
refused --kernel none --point "$point"
