#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: where the firmware calls a node's memory slower, reclaim moves pages there, and each boot counts the same; elsewhere the run says why not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/tiers.ini" <<-'EOF'
	[global]
	rounds = 1
	samples = 2
	[numa]
	mode = move_pages,demote
	batch = 512
	[numa huge]
	mode = demote
	page = pmd
	batch = pmd
EOF
# tiers KERNEL TOPOLOGY BOOTS: run the points there.
tiers() {
	"$MIGBENCH" lab run --kernel "$1" --topology "$2" --clock insns --suite "$scratch/tiers.ini" --boots "$3" \
		--quiet --force --log "$scratch/log" --out "$scratch/run.jsonl"
	clean_log "$scratch/log"
}

# A kernel for which the firmware's word makes no tier, or that gets none.
tiers "$KERNEL" 2-node-1-cpu 1
jq -es 'map(select(.type == "skip") | .why) | length == 2 and all(test("tier|does not demote|too small for pages of 512m"))' "$scratch/run.jsonl" \
	>/dev/null || fail "demotion is not skipped with the reason"

not_on_arm64 "the lab's guests have no firmware that could call a node slower (ACPI)"
# The flavours with BPF read that word.
bpf=${KERNEL%%-*}-bpf
"$MIGBENCH" lab kernel list | awk -v k="$bpf" '$1 == k && $2 != "not" { found = 1 } END { exit !found }' || {
	echo "skipped: no lab kernel $bpf; migbench lab kernel build $bpf"
	exit 77
}
tiers "$bpf" tiers 2
if jq -es 'any(.[]; .type == "skip")' "$scratch/run.jsonl" >/dev/null; then
	jq -es 'map(select(.type == "skip") | .why) | all(test("tier|does not demote"))' "$scratch/run.jsonl" >/dev/null ||
		fail "demotion is skipped for another reason"
	needs_tiers "the run skips demotion"
fi
jq -es '([.[] | select(.type == "point" and .params.mode == "demote") | {key: (.id | tostring), value: .params.page}]
		| from_entries) as $pages
	| [.[] | select(.type == "block") | . + {page: $pages[.point | tostring]} | select(.page)] as $blocks
	| ($blocks | length) > 0 and all($blocks[]; .invalid == 0 and .migrated == 512)
	# One flush for each page that is mapped by itself, and one for a huge one.
	and ([$blocks[] | select(.page == "4k") | .counters.tlb_flushes // empty] | unique) == [512]
	and ([$blocks[] | select(.page == "2m") | .counters.tlb_flushes // empty] | unique) == [1]
	# To the instruction.
	and all($blocks | group_by([.point, .round])[]; map(.metrics.total.values) | unique | length == 1)' \
	"$scratch/run.jsonl" >/dev/null || fail "not all pages were demoted, or boots differ"
