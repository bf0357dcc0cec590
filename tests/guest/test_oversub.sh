#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a set larger than the device is moved twice a pass, one that fits not at all, and every byte survives.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/oversub.ini" <<'INI'
[global]
rounds = 1
samples = 2
verify = full
[oversub]
set = 100,110,150
by = frames,owner
batch = 32
INI
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite "$scratch/oversub.ini" --boots 2 --quiet \
	--log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"

moved() { # SET ORDER BY: the counter, each value once
	jq -sc --arg set "$1" --arg order "$2" --arg by "$3" '
		(map(select(.type == "point" and (.params.set | tostring) == $set and
			.params.order == $order and .params.by == $by).id)) as $ids |
		[.[] | select(.type == "block" and (.point as $p | $ids | index($p)) and .counters) |
		.counters.moved_per_touch] | unique' "$scratch/run.jsonl"
}
# A set of eight chunks is not one of 110 %.
jq -es '([.[] | select(.type == "point" and .params.set == 110).id]) as $ids | ($ids | length) > 0
	and all(.[] | select(.type == "block"); .point | IN($ids[]) | not)
	and any(.[]; .type == "skip" and .why == "110 % of 8 chunks is no whole number of them")' "$scratch/run.jsonl" >/dev/null ||
	fail "a set is measured that is another than its name says"
for by in frames owner; do
	# Before 6.1 no driver evicts by frame number.
	[ "$by" = frames ] && $OLD && continue
	[ "$(moved 100 same $by)" = '[0]' ] || fail "$by: what fits is moved: $(moved 100 same $by)"
	[ "$(moved 100 random $by)" = '[0]' ] || fail "$by: what fits is moved: $(moved 100 random $by)"
	[ "$(moved 150 same $by)" = '[2]' ] ||
		fail "$by: in the same order each touch fetches one page and evicts one, not $(moved 150 same $by)"
	case $(moved 150 random $by) in
	'[]' | '[2]') fail "$by: at random nothing is found on the device" ;;
	esac
done
jq -es 'all(.[]; .type != "block" or .invalid == 0)' "$scratch/run.jsonl" >/dev/null || fail "content was lost"
