#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: many kernels, page sizes, orders, nodes: a report shows them, or says that it does not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

head_of() { # KERNEL
	echo '{"type":"run","format":1,"id":"'"$1-$RANDOM"'","clock":"insns","seed":1,"env":{"kernel":"'"$1"'","emulated":true},"config":{}}'
}

# point ID BENCHMARK PARAMS PAGES VALUE [COUNTERS]
point() {
	echo '{"type":"point","id":'"$1"',"benchmark":"'"$2"'","params":{'"$3"'}}'
	echo '{"type":"block","point":'"$1"',"boot":0,"round":1,"pages":'"$4"',"invalid":0,"counters":{'"${6:-}"'},"metrics":{"total":{"unit":"insns","values":['"$5,$5"']}}}'
}

migrate='"direction":"to-device","nodes":"0>1","state":"exclusive","threads":1'

# Eleven kernels: eleven columns.
for k in 1 2 3 4 5 6 7 8 9 10 11; do
	{ head_of 7.$k.1; point 1 migrate "$migrate,\"batch\":64,\"memory\":\"private\",\"page\":\"4k\"" 64 $((64 * 100 * k)); echo '{"type":"end"}'; } >kernel-$k.jsonl
done
expect 0 "" "$m" report kernel-?.jsonl kernel-1?.jsonl --out kernels --quiet
whole kernels
check 'every kernel has a column' grep -F '| direction, phase | 7.1.1 | 7.2.1 | 7.3.1 | 7.4.1 | 7.5.1 | 7.6.1 | 7.7.1 | 7.8.1 | 7.9.1 | 7.10.1 | 7.11.1 |' kernels/whole
check 'and a figure' grep -F '1,000 (×10.000) | 1,100 (×11.000) |' kernels/whole
{ head_of 7.1.1 | sed "s/\"seed\":1/\"seed\":2/"; tail -n +2 kernel-1.jsonl; } >again.jsonl
expect 0 "" "$m" report kernel-1.jsonl kernel-2.jsonl again.jsonl --out again --quiet
whole again
check 'a second run of a kernel is not lost in silence' grep -F '1 further run of the same kernels is left out' again/whole

# Eight page sizes, in three kinds of memory; nine orders of hot and cold pages; nodes up to 70.
{
	head_of 6.1.1
	id=0
	for memory in private coherent system; do
		for page in 4k 8k 16k 32k 64k 128k 1m 2m; do
			for direction in to-device to-system; do
				point $((id += 1)) migrate "${migrate/to-device/$direction},\"batch\":512,\"memory\":\"$memory\",\"page\":\"$page\"" 512 $((1000 * id))
			done
		done
	done
	for order in a b c d e f g h i; do
		for retention in on off; do
			point $((id += 1)) refault "\"order\":\"$order\",\"lru\":\"classic\",\"retention\":\"$retention\",\"pages\":64,\"nodes\":\"0>1\"" 64 1000 "\"swapped_in\":$id,\"refaults\":0"
		done
	done
	for ((node = 1; node <= 70; node++)); do
		point $((id += 1)) numa "\"mode\":\"mbind\",\"page\":\"4k\",\"batch\":64,\"nodes\":\"0>$node\"" 64 6400
	done
	for cpus in 1 2 3 4 5 6 7 8; do
		point $((id += 1)) tlb "\"op\":\"mprotect\",\"pages\":64,\"cpus\":$cpus" 64 640
	done
	echo '{"type":"end"}'
} >wide.jsonl
expect 0 "" "$m" report wide.jsonl --out wide --quiet
whole wide
check 'the sentence has all page sizes' grep -q 'in a folio of 8k .* 16k .* 32k .* 64k .* 128k .* 1m .* 2m costs' wide/whole
check 'pages that the plot has no line for' grep -q 'No plot: 2 more of: page, because a plot has 6 lines' wide/whole
check 'sets that have no plot' grep -q 'No plot: 6 more of: kinds of memory, because the report draws 2' wide/whole
check 'orders that have no bar' grep -q 'No plot: 1 more orders of hot and cold pages, because a plot shows 8' wide/whole
check 'every node has a column' grep -qE '^\| 0 \|( [^|]+ \|){71}$' wide/whole
check 'CPUs beyond the lines' grep -q 'No plot: 2 more of: cpus, because' wide/whole
finish
