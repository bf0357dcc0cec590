#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: pages of each size travel where the kernel takes them; elsewhere the run file says why not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/sizes.ini" <<-'EOF'
	[global]
	rounds = 1
	samples = 2
	[migrate]
	direction = to-device
	page = 4k,64k,2m-pte,hugetlb-2m
	batch = 512
	[numa]
	page = 4k,64k,2m,2m-pte,hugetlb-2m
	batch = 512
EOF
"$MIGBENCH" lab run --kernel "$KERNEL" --topology 2-node-1-cpu --clock insns --suite "$scratch/sizes.ini" \
	--quiet --out "$scratch/run.jsonl"

at() { # BENCHMARK PAGE JQ: of the point (numa by move_pages) what JQ says of its records
	jq -se --arg b "$1" --arg p "$2" '
		(map(select(.type == "point" and .benchmark == $b and .params.page == $p and
			(.params.mode // "move_pages") == "move_pages")) | .[0].id) as $id
		| map(select(.point == $id)) | '"$3" "$scratch/run.jsonl"
}
measured() {
	at "$1" "$2" 'map(select(.type == "block")) | length > 0 and all(.invalid == 0 and .migrated == 512)' \
		>/dev/null || fail "$1 page=$2 was not measured, or not all pages moved"
}
skipped() {
	at "$1" "$2" "map(select(.type == \"skip\" and (.why | contains(\"$3\")))) | length > 0" >/dev/null ||
		fail "$1 page=$2 is not skipped because of '$3'"
}
total() { at "$1" "$2" 'map(select(.type == "block"))[0].metrics.total.values[0]'; }
flushes() { at "$1" "$2" 'map(select(.counters.tlb_flushes))[0].counters.tlb_flushes'; }

for page in 4k 2m 2m-pte hugetlb-2m; do
	measured numa $page
done
measured migrate 4k
skipped migrate hugetlb-2m 'rejected by design'

# A page mapped by one entry is unmapped by one flush; the same page by 512 entries takes 512.
[ "$(flushes numa 2m)" = 1 ] || fail "a huge page took $(flushes numa 2m) flushes"
[ "$(flushes numa 2m-pte)" = 512 ] || fail "a huge page by PTEs took $(flushes numa 2m-pte) flushes"
[ "$(total numa 2m)" -lt "$(total numa 2m-pte)" ] && [ "$(total numa 2m-pte)" -lt "$(total numa 4k)" ] ||
	fail "a huge page by PTEs costs not more than one by a PMD, and less than 512 pages"

if [ "${KERNEL%%.*}" -lt 7 ]; then
	skipped migrate 2m-pte 'collects no large folio that is mapped by PTEs'
else
	measured migrate 2m-pte
	# Split first: each entry is flushed twice.
	[ "$(flushes migrate 64k)" -gt 1024 ] || fail "64k to the device: $(flushes migrate 64k) flushes"
fi
if [[ $KERNEL =~ ^(5\.10|6\.1)$ ]]; then
	skipped numa 64k 'no folios of 64k'
else
	measured numa 64k
	[ "$(total numa 64k)" -lt "$(total numa 4k)" ] || fail "64k folios are no cheaper than base pages"
fi
