#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: pages of each size travel where the kernel takes them; elsewhere the run file says why not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

if [ "$BASE" = 64k ]; then
	echo "skipped: a huge page is $HUGE here, and no node of the lab's has room for two"
	exit 77
fi
# A folio of sixteen pages, where the kernel has some between a base page and a huge one.
folio=$((16 * ${BASE%k}))k

cat >"$scratch/sizes.ini" <<-EOF
	[global]
	rounds = 1
	samples = 2
	[migrate]
	direction = to-device
	page = $BASE,$folio,$HUGE-pte,hugetlb-$HUGE
	batch = $HUGE_PAGES
	[numa]
	page = $BASE,$folio,$HUGE,$HUGE-pte,hugetlb-$HUGE
	batch = $HUGE_PAGES
EOF
"$MIGBENCH" lab run --kernel "$KERNEL" --topology 2-node-1-cpu --clock insns --suite "$scratch/sizes.ini" \
	--boots 1 --quiet --out "$scratch/run.jsonl"

at() { # BENCHMARK PAGE JQ: of the point (numa by move_pages) what JQ says of its records
	jq -se --arg b "$1" --arg p "$2" '
		(map(select(.type == "point" and .benchmark == $b and .params.page == $p and
			(.params.mode // "move_pages") == "move_pages")) | .[0].id) as $id
		| map(select(.point == $id)) | '"$3" "$scratch/run.jsonl"
}
measured() {
	at "$1" "$2" 'map(select(.type == "block")) | length > 0 and all(.invalid == 0 and .migrated == '"$HUGE_PAGES"')' \
		>/dev/null || fail "$1 page=$2 was not measured, or not all pages moved"
}
skipped() {
	at "$1" "$2" "map(select(.type == \"skip\" and (.why | contains(\"$3\")))) | length > 0" >/dev/null ||
		fail "$1 page=$2 is not skipped because of '$3'"
}
total() { at "$1" "$2" 'map(select(.type == "block"))[0].metrics.total.values[0]'; }
flushes() { at "$1" "$2" 'map(select(.counters.tlb_flushes))[0].counters.tlb_flushes'; }

for page in $BASE $HUGE $HUGE-pte hugetlb-$HUGE; do
	measured numa "$page"
done
measured migrate "$BASE"
skipped migrate "hugetlb-$HUGE" 'rejected by design'

# A page mapped by one entry is unmapped by one flush; the same page by 512 entries takes 512. On arm64
# no tracepoint tells.
if ! $ARM64; then
	[ "$(flushes numa 2m)" = 1 ] || fail "a huge page took $(flushes numa 2m) flushes"
	[ "$(flushes numa 2m-pte)" = 512 ] || fail "a huge page by PTEs took $(flushes numa 2m-pte) flushes"
fi
[ "$(total numa "$HUGE")" -lt "$(total numa "$HUGE-pte")" ] && [ "$(total numa "$HUGE-pte")" -lt "$(total numa "$BASE")" ] ||
	fail "a huge page by PTEs costs not more than one by a PMD, and less than $HUGE_PAGES pages"

if [ "${KERNEL%%.*}" -lt 7 ]; then
	skipped migrate "$HUGE-pte" 'collects no large folio that is mapped by PTEs'
else
	measured migrate "$HUGE-pte"
	# Split first: each entry is flushed twice.
	$ARM64 || [ "$(flushes migrate 64k)" -gt 1024 ] || fail "64k to the device: $(flushes migrate 64k) flushes"
fi
if [[ $SERIES =~ ^(5\.10|6\.1)$ && $KERNEL != *-stock* ]]; then
	skipped numa "$folio" "no folios of $folio"
else
	measured numa "$folio"
	[ "$(total numa "$folio")" -lt "$(total numa "$BASE")" ] || fail "$folio folios are no cheaper than base pages"
fi
