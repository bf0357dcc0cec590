#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: each state of pages costs the flushes that it should, moves what it should, and repeats to the instruction.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite states --boots 2 --quiet --set rounds=1 \
	--set samples=2 --log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"

# On arm64 no flush is traced, and none is counted.
counted=$($ARM64 && echo false || echo true)
# Since 5.19 a page that is known to be exclusive is flushed by itself.
exclusive=$($OLD && echo 0 || echo 512)
# Since 6.6 the swap cache is asked to let go of a page that is to go to a device.
release=$(jq -r 'select(.type == "run") | .env.kernel' "$scratch/run.jsonl" | head -n 1)
uncached=$([ "$(printf '%s\n6.6\n' "${release%%-*}" | sort -V | head -n 1)" = 6.6 ] && echo 512 || echo 0)
jq -es --argjson counted "$counted" --argjson exclusive "$exclusive" --argjson uncached "$uncached" '
	([.[] | select(.type == "point") | {key: (.id | tostring), value: .params}] | from_entries) as $points
	| [.[] | select(.type == "block") | . + {params: $points[.point | tostring]}] as $blocks
	| def of($state): [$blocks[] | select(.params.state == $state and .params.batch == 512
		and .params.memory == "private" and .params.lru == null and .params.offset == null)];
	def flushes($state): [of($state)[].counters.tlb_flushes // empty];
	def moved($state): [of($state)[] | [.collected, .migrated]] | unique;
	all($blocks[]; .invalid == 0)
	and (if $counted then
		(flushes("exclusive") | length > 0 and all(. == $exclusive + 1))
		and (flushes("unshared") | length > 0 and all(. == 1))
		# A pin has the kernel put the entry of an exclusive page back at once: none is left to flush for all.
		and (flushes("pinned") | length > 0 and all(. == ([$exclusive, 1] | max)))
		and (flushes("extra-ref") | length > 0 and all(. == $exclusive + 1))
		and (flushes("locked") | length > 0 and all(. == 0))
	else all($blocks[]; .counters.tlb_flushes == null) end)
	and moved("exclusive") == [[512, 512]] and moved("unshared") == [[512, 512]]
	and moved("shmem") == [[512, 0]] and moved("half") == [[256, 256]]
	and moved("pinned") == [[0, 0]] and moved("extra-ref") == [[0, 0]]
	and moved("dirty") == [[512, 512]] and moved("swapcache") == [[512, $uncached]]
	and moved("locked") == [[0, 0]]
	# What is skipped says why: one CPU has no other one.
	and all(.[] | select(.type == "skip"); $points[.point | tostring].lru == "remote")' \
	"$scratch/run.jsonl" >/dev/null || fail "states do not do what they should"
