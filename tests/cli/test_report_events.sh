#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report on nodes, flushes, A/D bits, refaults, eviction, kinds of memory and page sizes.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH
id=0

# point BENCHMARK PARAMS PAGES TOTAL [COUNTERS [SETUP]]
point() {
	local setup=
	[ -n "${6:-}" ] && setup=',"setup":{"unit":"'$unit'","values":['"$6,$6,$6"']}'
	echo '{"type":"point","id":'$((++id))',"benchmark":"'"$1"'","params":{'"$2"'}}'
	echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":'"$3"',"invalid":0,"counters":{'"${5:-}"'},' \
		'"metrics":{"total":{"unit":"'$unit'","values":['"$4,$4,$4"']}'"$setup"'}}'
}

head_of() {
	echo '{"type":"run","format":1,"id":"'"$2"'","clock":"'"$1"'","seed":1,"env":{"kernel":"6.1.9","emulated":true},"config":{}}'
}

# Costs a page: 3000 private, 3300 coherent, 3600 system; a 2m folio half of 4k; eviction 3900.
events() {
	local n k memory page direction from to op cpus journey retention access order lru
	head_of "$1" "$1"
	for n in 64 512; do
		for memory in private coherent system; do
			for page in 4k 2m; do
				[ $page = 2m ] && [ $n != 512 ] && continue
				for direction in to-device to-system; do
					k=3000
					[ $memory = coherent ] && k=3300
					[ $memory = system ] && k=3600
					[ $page = 2m ] && k=$((k / 2))
					point migrate '"batch":'$n',"direction":"'$direction'","memory":"'$memory'","nodes":"0>1","page":"'$page'","state":"exclusive","threads":1' \
						$n $((n * k)) '"tlb_flushes":'$((n + 1))',"ipi_rounds":0' $((n * k / 3))
				done
			done
		done
		point evict '"batch":'$n',"memory":"private","nodes":"0>1","page":"4k"' $n $((n * 3900)) '' $((n * 1300))
	done
	for from in 0 1 2; do
		for to in 0 1 2; do
			[ $from = $to ] && continue
			for op in move_pages mbind; do
				for n in 1 64; do
					point numa '"batch":'$n',"mode":"'$op'","nodes":"'"$from>$to"'","page":"4k"' $n \
						$((n * (5000 + 1000 * (from > to ? from - to : to - from))))
				done
			done
		done
	done
	for op in mprotect dontneed; do
		for n in 1 8 64 512; do
			for cpus in 1 2 4; do
				point tlb '"cpus":'$cpus',"op":"'$op'","pages":'$n $n $((1000 * cpus + n)) \
					'"tlb_flushes":1,"ipi_rounds":'$((cpus > 1))
			done
		done
	done
	for journey in system failed private; do
		for retention in on off; do
			for access in read write; do
				n=1024
				[ $retention = off ] && n=0
				[ $journey = private ] && n=0
				point ad '"access":"'$access'","batch":1024,"journey":"'$journey'","nodes":"0>1","page":"4k","retention":"'$retention'"' \
					1024 $((n ? 5120 : 10240)) '"young":'$n',"dirty":'$n
			done
		done
	done
	for order in hot-first interleaved hot-last; do
		for lru in mglru classic; do
			for retention in on off; do
				n=700
				[ $retention = off ] && n=2800
				[ $lru = mglru ] && n=2048
				point refault '"lru":"'$lru'","nodes":"0>1","order":"'$order'","pages":4096,"retention":"'$retention'"' \
					4096 100000 '"swapped_in":'$n',"refaults":'$n',"swapped_in_second":'$((n / 2))
			done
		done
	done
	echo '{"type":"end"}'
}

unit=insns
events insns >insns.jsonl
expect 0 "" "$m" report insns.jsonl --out out
whole out
r=out/whole
for picture in batch phases numa tlb refault kinds-memory kinds-page; do
	check "$picture.png" test -s out/plots/$picture-insns.png
	check "$picture.svg" grep -q '</svg>' out/plots/$picture-insns.svg
	check "$picture is shown" grep -q "(<../plots/$picture-insns.png>)" $r
	check "$picture has no figure that is none" sh -c '! grep -qi ">nan<\|>inf<" "$0"' out/plots/$picture-insns.svg
done
check "every value of the matrix is in the picture" sh -c 'grep -q 6,000 "$0" && grep -q 7,000 "$0"' out/plots/numa-insns.svg
check "no picture failed but those beyond the most" test "$(grep '^No plot' $r | grep -vc 'at most\|benchmark fault')" -eq 0

# Findings are computed.
check "flushes" grep -q "[aA] batch of 512 pages to the device flushes the TLB 513 times, 1.00 a page, and takes 0 IPI" $r
check "refaults" grep -q "kept the A/D bits, 700 of 4,096 hot pages .* 2,800 when it dropped them: 0.25 times as many (interleaved, classic LRU)" $r
check "eviction" grep -q "victing 512 pages by frame number costs 1.30 times" $r
check "memory" grep -q "a base page to coherent costs 1.10 times, one to system costs 1.20 times as much as one to private" $r
check "page size" grep -q "a base page in a folio of 2m costs 0.50 times as much as one in one of 4k" $r
check "bits" grep -q "1,024 and 0 through system, 1,024 and 0 after one that failed, 0 and 0 through private" $r
check "first touch" grep -q "costs 2 times as much with A/D bits dropped .*an emulator sets the bits itself" $r
check "nodes" grep -q "the most expensive pair, 0>2, costs 1.17 times the cheapest, 0>1 (move_pages, 4k pages, batch 64)" $r
check "tlb" grep -q "mprotect of 512 pages costs 2.98 times as much on 4 CPUs as on 1, IPI rounds 1 instead of 0" $r

# Tables.
check "node matrix" grep -qxF '| 2 | 7,000 | 6,000 | – |' $r
check "A/D table" grep -qxF '| system | 4k | 0>1 | off | 0 of 1,024 | 0 of 1,024 |  | 10 | 10 |' $r
check "those of the first page" test "$(grep -c '^| Refaults with A/D bits \(kept, of 4,096 hot pages, interleaved, classic LRU | pages swapped in | 700\|dropped, of .* LRU | pages swapped in | 2,800\) |$' $r)" = 2
check "refault table" grep -qxF '| interleaved | classic | 4,096 | 700 | 2,800 | 0.25 | 350 | 1,400 | 0.25 |' $r
check "counters" grep -qE '^\| 4 \| mprotect \| 512 \| 1 \| 0.00 \| 1 \| 0.00 \|$' $r
check "eviction's phases" grep -qE '^\| eviction \| 512 \| 1,300 \|' $r
check "the headline first" grep -q "^[12]\. On 6.1, 700 of 4,096 hot pages .* kept, and 2,800 with them dropped" out/REPORT.md
check "no figure that is none" sh -c '! grep -qiE "\bnan\b|\binf\b" "$0"' $r

# Time in emulation: ratios, and no figure of a cost.
unit=ns
events time >time.jsonl
expect 0 "" "$m" report time.jsonl --out time
whole time
check "ratios stay" grep -q "victing 512 pages by frame number costs 1.30 times" time/whole
check "no matrix of ns" sh -c '! grep -q "^Cost of a page from node" "$0"' time/whole
check "bits without the cost of a touch" grep -qxF '| system | 4k | 0>1 | off | 0 of 1,024 | 0 of 1,024 |  |' time/whole

# One benchmark alone, and none of them.
for only in evict numa tlb ad refault; do
	unit=insns
	{ head_of insns $only; grep -A1 '"benchmark":"'$only'"' insns.jsonl | grep -v '^--'; echo '{"type":"end"}'; } >$only.jsonl
	expect 0 "" "$m" report $only.jsonl --out $only
	whole $only
	check "$only: no figure that is none" sh -c '! grep -qiE "\bnan\b|\binf\b" "$0"' $only/whole
	check "$only: no failure of gnuplot" sh -c '! grep -q "gnuplot failed" "$0"' $only/whole
done
check "one benchmark has one kind of picture" test "$(ls numa/plots | tr '\n' ' ')" = "numa-insns.png numa-insns.svg "
{ head_of insns none; unit=insns point copy '"batch":1,"nodes":"0>1","page":"4k"' 1 520; echo '{"type":"end"}'; } >none.jsonl
expect 0 "" "$m" report none.jsonl --out none
whole none
check "nothing of what is not there" sh -c '! grep -qi "refault\|young\|from node\|IPI rounds\|eviction" "$0"' none/whole
finish
