#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: advise on a sweep made here: what it prints, its JSON, and what it refuses.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# 10000 a batch and 1000 a page, both ways; the way back without the metric unavailable.
sweep() {
	local n id=0 direction away
	echo '{"type":"run","format":1,"id":"x","clock":"insns","seed":1,"env":{"kernel":"6.1.0","emulated":true},"config":{}}'
	for direction in to-device to-system; do
		for n in 1 4 16 64 256 1024; do
			away=
			[ $direction = to-device ] &&
				away=',"unavailable":{"unit":"insns","values":['$((10 * n))']},"first":{"unit":"insns","values":[7]}'
			echo '{"type":"point","id":'$((++id))',"benchmark":"migrate","params":{"batch":'$n',"direction":"'$direction'","memory":"private"}}'
			echo '{"type":"block","point":'$id',"pages":'$n',"metrics":{"total":{"unit":"insns","values":['$((10000 + 1000 * n))']}'"$away"'}}'
		done
	done
	echo '{"type":"end"}'
}
sweep >sweep.jsonl

expect 0 "" "$m" advise sweep.jsonl --format json
check "one document" test "$(wc -l <stdout)" -eq 1
check "the costs" jq -e '.points | length == 2 and all(.[]; (.fixed - 10000 | fabs) < 1e-6 and
	(.per_page - 1000 | fabs) < 1e-6 and .unit == "insns" and .throughput_batch == 256 and
	.recommended_batch == 256 and .latency_batch == null and .best_batch == 1024 and
	(.best_throughput * 1009.765625 - 1 | fabs) < 1e-9 and
	.best_throughput_per_million == .best_throughput * 1e6)' stdout
check "names without the batch" jq -e '[.points[].name] ==
	["migrate/direction=to-device,memory=private", "migrate/direction=to-system,memory=private"] and
	.points[0].params == {"direction": "to-device", "memory": "private"}' stdout
check "every known driver" jq -e '[.points[0].drivers[] | .driver + ":" + (.batch | tostring)] ==
	["nouveau:128", "nouveau:512", "amdgpu:512", "xe:512", "nvidia-uvm:512", "test_hmm:64",
	"test_hmm:512"] and .points[0].drivers[0].basis == "between 64 and 256" and
	.points[0].drivers[5].basis == "measured"' stdout
check "the curve" jq -e '[.points[0].batches[] | .batch] == [1, 4, 16, 64, 256, 1024] and
	.points[0].batches[2].latency == 160 and .points[0].batches[2].first == 7 and
	.points[1].batches[2].latency == 26000 and .points[1].batches[2].first == null' stdout

expect 0 "" "$m" advise sweep.jsonl --format json --latency-budget 700
check "the budget is on the time away" jq -e '.latency_budget == 700 and
	.points[0].latency_metric == "unavailable" and .points[0].latency_batch == 64 and
	.points[0].recommended_batch == 64' stdout
check "or on the total, where there is none" jq -e '.points[1].latency_metric == "total" and
	.points[1].latency_batch == null and .points[1].recommended_batch == null' stdout
expect 0 "" "$m" advise sweep.jsonl --latency-budget 700
check "said in words" grep -q "Recommended: batch 64: the largest batch within the budget" stdout
check "none fits" grep -q "Recommended: none: no measured batch is within the budget" stdout
check "the fallback is named" grep -q "no metric unavailable: the budget is held against the total" stdout
check "the fit" grep -q "Costs 10,000 (± 0.00) a batch and 1,000 (± 0.00) a page" stdout

# A larger batch may take less time than a smaller one: what is recommended is held against the budget itself.
sweep | sed -e '/"point":7,/s/\[11000\]/[90000]/' -e '/"point":11,/s/\[266000\]/[990000]/' \
	-e '/"point":12,/s/\[1034000\]/[980000]/' >dent.jsonl
expect 0 "" "$m" advise dent.jsonl --format json --latency-budget 985000
check "within the budget, and no more than it says" jq -e '.points[1] | .throughput_batch == 1024 and
	.latency_batch == 1024 and .recommended_batch == 1024' stdout
expect 0 "" "$m" advise dent.jsonl --format json --latency-budget 80000
check "not the smallest" jq -e '.points[1] | .latency_batch == 64 and .recommended_batch == 64' stdout

# Drivers ask for so many pages of 4 KiB, or bytes.
sed '1s/"emulated"/"page_size":65536,"emulated"/' sweep.jsonl >large.jsonl
expect 0 "" "$m" advise large.jsonl --format json
check "no driver's default is placed among larger pages" jq -e 'all(.points[]; .drivers == [])' stdout
expect 0 "" "$m" advise large.jsonl
check "and that is said" grep -qF "known for base pages of 4 KiB, and not shown" stdout

# What a fault brings back is its batch; a run does not say that it is one page.
faults() {
	local n id=0 around
	echo '{"type":"run","format":1,"id":"x","clock":"insns","seed":1,"env":{"kernel":"6.1.0","emulated":true},"config":{}}'
	for n in 1 16 4 64; do
		around=
		[ $n -eq 1 ] || around=',"around":'$n
		echo '{"type":"point","id":'$((++id))',"benchmark":"fault","params":{"access":"read"'$around'}}'
		echo '{"type":"block","point":'$id',"pages":'$n',"requested":'$n',"collected":'$n',"migrated":'$n',"metrics":{"total":{"unit":"insns","values":['$((300 + 1000 * n))']}}}'
	done
	echo '{"type":"end"}'
}
faults >faults.jsonl
expect 0 "" "$m" advise faults.jsonl --format json
check "a fault's block" jq -e '.points | length == 1 and (.[0] | .name == "fault/access=read" and
	([.batches[].batch] == [1, 4, 16, 64]) and (.fixed - 300 | fabs) < 1e-6 and .recommended_batch == 16 and
	([.drivers[] | .driver + ":" + (.batch | tostring)] ==
		["nouveau:1", "amdgpu:512", "nvidia-uvm:512", "test_hmm:1"]))' stdout

for bad in 0 -1 x "" nan inf 1e999 "5 ns"; do
	expect 2 "--latency-budget is a number above 0" "$m" advise sweep.jsonl --latency-budget "$bad"
done
expect 2 "--format is text or json" "$m" advise sweep.jsonl --format csv
expect 2 "RUN is missing" "$m" advise
expect 2 "unexpected" "$m" advise sweep.jsonl sweep.jsonl
expect 2 "none.jsonl" "$m" advise none.jsonl
sed 's/"migrate"/"copy"/' sweep.jsonl >other.jsonl
expect 2 "other.jsonl: no batch of the benchmark migrate" "$m" advise other.jsonl --format json
check "nothing on stdout" test ! -s stdout
# Whatever else moves pages, a sweep with something beside it too, and none where pages stay.
jq -c 'if .type == "block" then . + {boot: 0, round: 0, requested: .pages, collected: .pages, migrated: .pages, invalid: 0}
	elif .benchmark then .benchmark = "numa" else . end' sweep.jsonl >numa.jsonl
expect 0 "" "$m" advise numa.jsonl --format json
check "another benchmark" jq -e '[.points[] | [.name, .recommended_batch, (.drivers | length)]] ==
	[["numa/direction=to-device,memory=private", 256, 0], ["numa/direction=to-system,memory=private", 256, 0]]' stdout
expect 0 "" "$m" advise numa.jsonl
check "is called by its name" grep -q '^numa: ' stdout
sed 's/"block"/"block","boot":0,"round":0,"requested":2,"collected":1,"migrated":1,"invalid":0/' sweep.jsonl >stay.jsonl
expect 2 "stay.jsonl: no batch of the benchmark migrate" "$m" advise stay.jsonl
sed 's/"type":"end"/"type":"end","valid":false,"why":"boots differ"/' sweep.jsonl >invalid.jsonl
expect 2 "invalid.*boots differ" "$m" advise invalid.jsonl
expect 0 "" "$m" advise invalid.jsonl --force
finish
