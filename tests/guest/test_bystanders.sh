#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a bystander hears of each page of migrate, and of one batch of numa where flushes are batched.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

not_on_arm64 "the CPU itself tells the others what to forget (TLBI by broadcast): no interrupt is sent"
needs_turns

cat >"$scratch/suite.ini" <<END
[global]
rounds = 1
samples = 1
point_time = 100

[migrate]
direction = to-device
batch = 512
bystanders = 0,1

[migrate idle]
direction = to-device
batch = 512
bystanders = 1
bystander = idle

[numa]
mode = move_pages
batch = 512
bystanders = 0,1

[migrate ways]
direction = to-device,to-system,round-trip
batch = 64
bystanders = 1

[migrate crowd]
direction = to-device
batch = 512
threads = 2
bystanders = 1

[fault]
process = child,parent
bystanders = 1

[evict]
owner = dead
bystanders = 1
END
cat >"$scratch/nodes.ini" <<END
[global]
rounds = 4
samples = 1

[numa]
mode = move_pages
batch = 512
nodes = 0>1
END
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --topology 2-node --suite "$scratch/suite.ini" \
	--boots 1 --quiet --log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"

# Nobody shares a CPU with a bystander, nor is one of another process.
skipped() { # FILTER
	jq -rs "([.[] | select(.type == \"point\" and $1).id]) as \$ids
		| [.[] | select(.type == \"skip\" and (.point | IN(\$ids[]))).why] | unique[]" "$scratch/run.jsonl"
}
[ "$(skipped '.params.threads == 2')" = "bystanders and other threads would share their CPUs" ] ||
	fail "threads and bystanders: $(skipped '.params.threads == 2')"
[ "$(skipped '.params.owner == "dead"')" = "the bystanders are not of the process that has the pages" ] || $OLD ||
	fail "a dead owner and bystanders: $(skipped '.params.owner == "dead"')"
[ -z "$(skipped '.params.process == "parent"')" ] || fail "its own process: $(skipped '.params.process == "parent"')"
[ "$(skipped '.params.process == "child"')" = "the bystanders are not of the process that has the pages" ] ||
	fail "a child and bystanders: $(skipped '.params.process == "child"')"

count() { # COUNTER BENCHMARK BYSTANDERS [BYSTANDER]
	jq -s --arg counter "$1" --arg benchmark "$2" --argjson bystanders "$3" --arg kind "${4:-busy}" '
		([.[] | select(.type == "point" and .benchmark == $benchmark
			and (.params.bystanders // 0) == $bystanders and .params.batch == 512
			and (.params.bystander // "busy") == $kind) | .id]) as $ids
		| [.[] | select(.type == "block" and (.point | IN($ids[]))) | .counters[$counter] // empty]
		| add' "$scratch/run.jsonl"
}
between() { # VALUE LEAST MOST
	jq -en "$1 >= $2 and $1 <= $3" >/dev/null || fail "$1, not $2 to $3"
}

migrate=513
numa=512
batched=1
# Exclusive pages are known since 5.19; move_pages(2) flushes in batches since 6.3.
$OLD && migrate=1
between "$(count ipi_rounds migrate 0)" 0 0
between "$(count ipi_rounds numa 0)" 0 0
between "$(count ipi_rounds migrate 1)" $migrate $((migrate + 2))
between "$(count ipis_received migrate 1)" $migrate $((migrate + 2))
# A round for a CPU that idles reaches nobody.
between "$(count ipi_rounds migrate 1 idle)" $migrate $((migrate + 2))
between "$(count ipis_received migrate 1 idle)" 0 8
case $KERNEL in
5.* | 6.[0-2] | 6.[0-2]-*) between "$(count ipi_rounds numa 1)" $numa $((numa + 16)) ;;
*) between "$(count ipi_rounds numa 1)" $batched $((batched + 8)) ;;
esac

# A round trip is one sample: its counters are of both ways, as its total is.
way() { # COUNTER DIRECTION
	jq -s --arg counter "$1" --arg direction "$2" '
		([.[] | select(.type == "point" and .params.batch == 64 and .params.direction == $direction) | .id]) as $ids
		| [.[] | select(.type == "block" and (.point | IN($ids[]))) | .counters[$counter] // empty] | add' "$scratch/run.jsonl"
}
for counter in tlb_flushes ipi_rounds ipis_received; do
	both=$(jq -n "$(way $counter to-device) + $(way $counter to-system)")
	between "$(way $counter round-trip)" "$((${both%.*} - 2))" "$((${both%.*} + 2))"
done

# Where other points are measured on another CPU, that is in no TLB mask of those that are measured on this one.
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --topology 2-node --suite "$scratch/nodes.ini" \
	--boots 1 --quiet --out "$scratch/alone.jsonl"
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --topology 2-node --suite "$scratch/nodes.ini" \
	--set "numa.nodes=0>1,1>0" --boots 1 --quiet --out "$scratch/both.jsonl"
there() {
	jq -s '([.[] | select(.type == "point" and .params.nodes == "0>1") | .id]) as $ids
		| [.[] | select(.type == "block" and (.point | IN($ids[]))) | .metrics.total.values[]] | sort | .[length / 2 | floor]' "$1"
}
alone=$(there "$scratch/alone.jsonl") both=$(there "$scratch/both.jsonl")
# A process forked from the one that is measured alone costs a percent less; with another CPU in its mask 6 percent more.
jq -en "($both - $alone | fabs) < $alone * 3 / 100" >/dev/null ||
	fail "numa on CPU 0 costs $alone instructions, and $both where other points are measured on CPU 2"
