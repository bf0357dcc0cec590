#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: threads move all of their own ranges, and together no page of one range twice; a rival loses no content.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
needs_turns

"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --topology 2-node --suite contest --boots 1 --quiet \
	--set rounds=1 --set samples=2 --only '*batch=512*' --log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"

jq -es '
	([.[] | select(.type == "point") | {key: (.id | tostring), value: .params}] | from_entries) as $points
	| [.[] | select(.type == "block") | . + {params: $points[.point | tostring]}] as $blocks
	| ($blocks | length) == 10
	and all($blocks[]; .invalid == 0)
	and all(.[]; .type != "skip")
	and all($blocks[] | select(.params.threads > 1 and .params.range == null and .params.rival == null);
		.counters.migrated_by_all == 512 * .params.threads)
	and all($blocks[] | select(.params.range == "same");
		.counters.migrated_by_all > 0 and .counters.migrated_by_all <= 512)' \
	"$scratch/run.jsonl" >/dev/null || fail "not what threads and rivals should leave"
