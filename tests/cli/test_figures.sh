#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the tables of docs/benchmarks.md that are of published runs have what these have; --renew writes it.
: "${MIGBENCH_SOURCE:=$(readlink -f "$(dirname "$0")/../..")}"
. "$MIGBENCH_SOURCE/tests/cli/lib.sh"
document=$MIGBENCH_SOURCE/docs/benchmarks.md
published=$MIGBENCH_SOURCE/results/lab-x86_64

# median FILE CONDITION ON THE PARAMETERS: of the totals of all samples of that point.
median() {
	jq -rs 'def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
		([.[] | select(.type == "point" and (.benchmark + "/" + (.params | tostring) | '"$2"')) | .id]) as $ids
		| if ($ids | length) != 1 then error("\($ids | length) points") else
		[.[] | select(.type == "block" and .point == $ids[0]).metrics.total.values[]] | median end' "$published/$1"
}
# 1639763 as 1,639,763, rounded; of the whole batch, or of each of so many pages.
words() {
	awk -v pages="${1:-1}" '{ printf "%.0f\n", $1 / pages }' | sed -E ':again; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; t again'
}
# is ROW FIRST CELL…: the row of the document that begins so has these cells from the FIRST on.
is() {
	local begins=$1 first=$2 row new
	shift 2
	row=$(grep -F -- "$begins" "$document")
	[ "$(wc -l <<<"$row")" -eq 1 ] && [ -n "$row" ] || { check "one row '$begins'" false && return; }
	new=$(awk -F ' [|] ' -v first="$first" -v cells="$*" 'BEGIN { OFS = " | " } {
		count = split(cells, cell, " ")
		tail = $NF ~ / \|$/ ? " |" : ""
		for (i = 1; i <= count; i++) $(first + i - 1) = cell[i]
		if (first + count - 1 == NF) $NF = $NF tail
		print }' <<<"$row")
	[ "$new" != "$row" ] || return 0
	if $renew; then
		awk -v old="$row" -v new="$new" '{ print $0 == old ? new : $0 }' "$document" >document && cat document >"$document"
	else
		check "the published runs have: $new" false
	fi
}
renew=false
[ "${1:-}" != --renew ] || renew=true

for state in exclusive shared unshared hole zero clean dirty readonly swapcache shmem half mixed pinned extra-ref locked; do
	cells=()
	for kernel in 5.10 6.1 6.12 7.2; do
		cells+=("$(median "states-$kernel.jsonl" "startswith(\"migrate/\") and test(\"\\\"memory\\\":\\\"private\\\".*\\\"state\\\":\\\"$state\\\"\")
			and test(\"\\\"batch\\\":512\") and (test(\"offset|lru\") | not)" | words 512)")
	done
	is "| \`$state\` | " 5 "${cells[@]}"
done

# bystanders BEGIN FILE BENCHMARK PATTERN: alone, with one, and with three that are busy.
bystanders() {
	local cells=() with
	for with in 'test("bystander") | not' 'test("\"bystanders\":1")' 'test("\"bystanders\":3")'; do
		cells+=("$(median "$2" "startswith(\"$3/\") and test(\"$4\") and test(\"\\\"batch\\\":512\") and (test(\"idle\") | not) and ($with)" | words)")
	done
	is "$1" 2 "${cells[@]}"
}
for kernel in 6.1 6.12; do
	bystanders "| \`migrate\`, to the device, $kernel | " shootdown-$kernel.jsonl migrate '\"state\":\"exclusive'
	bystanders "| \`migrate\`, \`state=unshared\`, $kernel | " shootdown-$kernel.jsonl migrate '\"state\":\"unshared'
done
for kernel in 6.1 6.12 7.2; do
	bystanders "| \`numa\`, \`move_pages\`, $kernel | " shootdown-$kernel.jsonl numa move_pages
done
finish
