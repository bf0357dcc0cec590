#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a run says whether huge pages travelled whole, and for how long pages could not be used.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/whole.ini" <<'EOF'
[global]
rounds = 1
samples = 2
[migrate]
direction = to-device,to-system,round-trip
batch = 512
[migrate huge]
direction = to-device,to-system,round-trip
page = pmd
batch = pmd
EOF
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite "$scratch/whole.ini" --boots 1 --quiet \
	--log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"
if ! jq -es --arg page "$HUGE" '(map(select(.type == "point" and .params.page == $page).id)) as $ids |
	any(.[]; .type == "block" and (.point as $p | $ids | index($p)))' "$scratch/run.jsonl" >/dev/null; then
	why=$(jq -rs --arg page "$HUGE" '(map(select(.type == "point" and .params.page == $page).id)) as $ids |
		map(select(.type == "skip" and (.point as $p | $ids | index($p))).why)[0]' "$scratch/run.jsonl")
	[ "$BASE" = 64k ] || fail "no huge page has moved: $why"
	echo "skipped: $why"
	exit 77
fi
# Between its two ends lies setup; each is the phases from there to the end of finalize, and no more than the total.
jq -es 'def near($a; $b): ($a - $b) as $d | (if $d < 0 then -$d else $d end) <= 200;
	[.[] | select(.type == "block" and .metrics.unavailable)] | length > 0 and all(.metrics |
		[.setup.values, .alloc.values, .copy.values, .pages.values, .finalize.values, .unavailable_least.values, .unavailable.values, .total.values] |
		transpose | length > 0 and all(.[5] <= .[6] and .[6] <= .[7] and
			near(.[5]; .[1] + .[2] + .[3] + .[4]) and near(.[6]; .[0] + .[1] + .[2] + .[3] + .[4])))' "$scratch/run.jsonl" >/dev/null ||
	fail "how long pages cannot be used is not what the phases say"
# counted PAGE: the counter at each point of that page size, null where there is none.
counted() {
	jq -sc --arg page "$1" '(map(select(.type == "point" and .params.page == $page).id)) as $ids |
		[.[] | select(.type == "block" and (.point as $p | $ids | index($p))) |
		.counters.whole] | unique' "$scratch/run.jsonl"
}
[ "$(counted $BASE)" = '[null]' ] || fail "base pages are said to be parts of huge ones: $(counted $BASE)"
whole=$("$MIGBENCH" lab exec --kernel "$KERNEL" -- migbench probe --format json |
	jq -r '.probes[] | select(.id == "device-thp").answer')
case $whole in
present) [ "$(counted $HUGE)" = "[$HUGE_PAGES]" ] || fail "huge pages go whole here, and counted were $(counted $HUGE)" ;;
*) [ "$(counted $HUGE)" = '[0]' ] || fail "huge pages are split here, and counted were $(counted $HUGE)" ;;
esac
