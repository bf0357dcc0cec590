#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a range of 33 pages is flushed page by page, one of 34 with the whole TLB, whatever it maps.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
not_on_arm64 "no tracepoint tells a flush there, and its ceiling is none of x86's"

cat >"$scratch/ceiling.ini" <<-'EOF'
	[global]
	rounds = 1
	samples = 2
	[tlb]
	op = mprotect,dontneed,munmap
	mapping = anonymous,shmem,2m-pte
	pages = 33,34
	cpus = 1
EOF
"$MIGBENCH" lab run --kernel "$KERNEL" --topology 2-node-1-cpu --clock insns --suite "$scratch/ceiling.ini" \
	--boots 1 --quiet --out "$scratch/run.jsonl"
jq -se 'map(select(.type == "skip")) == []' "$scratch/run.jsonl" >/dev/null || fail "a point was skipped"
jq -se 'map(select(.type == "block")) | length > 0 and all((.invalid // 0) == 0)' "$scratch/run.jsonl" >/dev/null ||
	fail "a sample is invalid"

# Operation, mapping, pages, flushes of the whole TLB, those of single pages, and pages that these flushed.
jq -sr 'INDEX(.[] | select(.type == "point"); .id) as $points
	| map(select(.counters)) | unique_by(.point) | .[]
	| $points[.point | tostring].params as $p
	| [$p.op, $p.mapping // "anonymous", $p.pages, .counters.tlb_full_flushes,
		.counters.tlb_flushes - .counters.tlb_full_flushes, .counters.tlb_pages] | @tsv' \
	"$scratch/run.jsonl" | sort >"$scratch/flushes"
cat "$scratch/flushes"
[ "$(wc -l <"$scratch/flushes")" = 18 ] || fail "not every point was counted"
while read -r op mapping pages full single flushed; do
	case $pages in
	33) [ "$full" = 0 ] && [ "$single" -ge 1 ] && [ "$flushed" -ge 33 ] ;;
	34) [ "$full" -ge 1 ] ;;
	esac || fail "$op of $pages pages, $mapping: $full flushes of all, $single of $flushed pages"
done <"$scratch/flushes"
