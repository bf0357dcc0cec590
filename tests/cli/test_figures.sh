#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the tables of docs/ that are of published runs have what these have; --renew writes it.
: "${MIGBENCH_SOURCE:=$(readlink -f "$(dirname "$0")/../..")}"
. "$MIGBENCH_SOURCE/tests/cli/lib.sh"
document=$MIGBENCH_SOURCE/docs/benchmarks.md
published=$MIGBENCH_SOURCE/results/lab-x86_64

# median FILE CONDITION ON THE PARAMETERS [METRIC]: of the totals, or another metric, of all samples of that point.
median() {
	jq -rs 'def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
		([.[] | select(.type == "point" and (.benchmark + "/" + (.params | tostring) | '"$2"')) | .id]) as $ids
		| if ($ids | length) != 1 then error("\($ids | length) points") else
		[.[] | select(.type == "block" and .point == $ids[0]).metrics.'"${3:-total}"'.values[]] | median end' "$published/$1"
}
# 1639763 as 1,639,763, rounded; of the whole batch, or of each of so many pages.
words() {
	awk -v pages="${1:-1}" '{ printf "%.0f\n", $1 / pages }' | sed -E ':again; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; t again'
}
# is ROW FIRST CELL…: the row of the document that begins so has these cells from the FIRST on.
is() {
	local begins=$1 first=$2 row new cell
	shift 2
	# What has failed in a substitution is empty, and would leave the document's cell as it is.
	for cell; do
		[ -n "$cell" ] || { check "a figure for each cell of the row '$begins'" false && return; }
	done
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

# on_cpus BEGIN PATTERN PAGES [METRIC]: on each kernel with the plain CPU and with the other.
document=$MIGBENCH_SOURCE/docs/instruction-clock.md published=$MIGBENCH_SOURCE/results/lab-x86_64-cpu
on_cpus() {
	local cells=() kernel cpu
	for kernel in 6.1 6.12 7.2; do
		for cpu in qemu64 qemu64-fsrm; do
			cells+=("$(median "$cpu-$kernel.jsonl" "test(\"$2\")" "${4:-total}" | words "$3")")
		done
	done
	is "$1" 2 "${cells[@]}"
}
on_cpus "| \`migrate\`, to the device, 4k | " '^migrate/' 512
on_cpus "| its copy | " '^migrate/' 512 copy
on_cpus "| \`fault\`, read, 4k | " '^fault/' 1
on_cpus "| \`numa\`, \`move_pages\`, 4k | " '^numa/.*4k' 512
on_cpus "| \`numa\`, \`move_pages\`, 2m | " '^numa/.*2m' 512
finish
