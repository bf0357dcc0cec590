#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: points that differ in a parameter that no table has a column for are not taken for each other.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE PATH=$MIGBENCH_SOURCE/tests/cli/golden:$PATH
m=$MIGBENCH

# point BENCHMARK PARAMS PAGES TOTAL [COUNTERS]
id=0
point() {
	echo '{"type":"point","id":'$id',"benchmark":"'"$1"'","params":{'"$2"'}}'
	echo '{"type":"block","point":'$((id++))',"boot":0,"round":1,"pages":'"$3"',"requested":'"$3"',"collected":'"$3"',"migrated":'"$3"',"invalid":0,"counters":{'"${5:-}"'},"metrics":{"total":{"unit":"insns","values":['"$4,$4"']}}}'
}
{
	echo '{"type":"run","format":1,"id":"r","clock":"insns","seed":7,"env":{"kernel":"6.1.2"},"config":{"suite":"s"}}'
	for batch in 1 8 64; do
		for way in to-device to-system; do
			point migrate '"batch":'$batch',"direction":"'$way'","memory":"private","nodes":"0>1","page":"4k","state":"exclusive","threads":1' $batch $((batch * 1000 + 500))
		done
	done
	plain='"access":"read","memory":"private","nodes":"0>1","page":"4k"'
	point fault "$plain" 1 3000
	point fault "$plain"',"bystanders":3' 1 3300
	point fault "$plain"',"process":"child"' 1 9000
	for bystanders in '' ',"bystanders":1'; do
		for nodes in '0>1' '1>0'; do
			point numa '"mode":"move_pages","page":"4k","nodes":"'$nodes'","batch":8'"$bystanders" 8 800
		done
	done
	for cpus in 1 4; do
		point tlb '"op":"mprotect","pages":512,"cpus":'$cpus 512 $((cpus * 1000)) '"tlb_flushes":1,"ipi_rounds":1'
		point tlb '"op":"mprotect","pages":512,"cpus":'$cpus',"mapping":"shmem"' 512 $((cpus * 5000 + 5000)) '"tlb_flushes":1,"ipi_rounds":1'
	done
	for access in read write; do
		point ad '"journey":"system","retention":"on","page":"4k","nodes":"0>1","batch":1024,"stride":8,"access":"'$access'"' 128 1280 '"young":128,"dirty":1024,"folio_dirty":1024'
	done
	echo '{"type":"end"}'
} >r.jsonl
expect 0 "" "$m" report r.jsonl --out r --quiet
page=$(ls r/report/run-*.md)
check "a fault is compared with a batch as it is alone, whatever comes after it" \
	grep -q 'a CPU fault brings one page back for 3,000 instructions' <(sed 's/A CPU/a CPU/' "$page")
check "curves of faults say what tells them apart" \
	grep -q 'A fault (read) costs 3,000 .* A fault (read, bystanders=3) costs 3,300 .* A fault (read, process=child) costs 9,000 ' "$page"
check "so do tables of nodes" test "$(grep -c 'medians (move_pages, 4k pages, batch 8)' "$page") $(grep -c 'medians (move_pages, 4k pages, batch 8, bystanders=1)' "$page")" = "1 1"
check "a picture of flushes speaks of its own" test "$(grep -o 'mprotect of 512 pages costs [0-9.]* times' "$page" | sort -u | xargs)" = \
	"mprotect of 512 pages costs 2.50 times mprotect of 512 pages costs 4 times"
check "bits are those of all pages that went, and the journey says of which it touched" \
	grep -q '^| system, stride=8 | 4k | 0>1 | on | 128 of 1,024 | 1,024 of 1,024 | 1,024 of 1,024 | 10 | 10 |' "$page"

# Where only one with a bystander was measured, the first page's row says so; and who ran the machine is told as it was.
jq -cs '(map(select(.benchmark == "fault" and (.params.bystanders | not)) | .id)) as $gone |
	.[] | select((.type == "point" and (.id as $i | $gone | index([$i]) // false)) or (.type == "block" and (.point as $i | $gone | index([$i]) // false)) | not)' r.jsonl >only.jsonl
expect 0 "" "$m" report only.jsonl --out only --quiet
check "a further axis stands in the row" grep -q '^| A CPU fault, 4k, per page moved, bystanders=3 † | instructions a page | 3,300 |' only/REPORT.md
check "and in none that is plain" grep -q '^| A CPU fault, 4k, per page moved † | instructions a page | 3,000 |' r/REPORT.md
sed 's/"env":{/&"hypervisor":"kvm",/' r.jsonl >kvm.jsonl
sed 's/"env":{/&"hypervisor":"none",/; s/6.1.2/6.9.2/; s/"id":"r"/"id":"s"/' r.jsonl >bare.jsonl
expect 0 "" "$m" report kvm.jsonl bare.jsonl --out where --quiet
check "where it ran" grep -qF -- '- **Where:** in a virtual machine (kvm) and on the machine itself' where/REPORT.md
finish
