#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the sentence on an axis follows the run: more, less or the same; counts only where they differ.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# migrate at two batches with 0, 1 and 3 guards, of which 0 is what names leave out; and a state from
# which less moves. FIRST, SECOND and THIRD are what a page costs, MOVED the pages of that state.
run_file() { # FIRST SECOND THIRD ROUNDS MOVED
	local id=0 batch
	echo '{"type":"run","format":1,"id":"x","clock":"insns","label":"L","seed":1,"env":{"kernel":"6.1","emulated":true},"config":{}}'
	point() { # MORE-PARAMS NEUTRAL BATCH A-PAGE ROUNDS MOVED
		id=$((id + 1))
		echo '{"type":"point","id":'$id',"benchmark":"migrate","params":{"batch":'$3',"direction":"to-device","memory":"private","nodes":"0>1","page":"4k"'"$1"'},"neutral":{'"$2"'}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":0,"pages":'$3',"requested":'$3',"collected":'$6',"migrated":'$6',"invalid":0,"metrics":{"total":{"unit":"insns","values":['$(($3 * $4))']}},"counters":{"tlb_flushes":9,"ipi_rounds":'$5'}}'
		[ -z "${drift:-}" ] || echo '{"type":"block","point":'$id',"boot":1,"round":0,"pages":'$3',"requested":'$3',"collected":'$6',"migrated":'$6',"invalid":0,"metrics":{"total":{"unit":"insns","values":['$(($3 * $4 + drift))']}},"counters":{"tlb_flushes":9,"ipi_rounds":'$5'}}'
	}
	for batch in 16 64; do
		point ',"guards":3' '"mood":"sweet"' $batch "$3" "$4" $batch
		point '' '"guards":0,"mood":"sweet"' $batch "$1" 0 $batch
		point ',"guards":1' '"mood":"sweet"' $batch "$2" "$4" $batch
	done
	point ',"mood":"sour"' '"guards":0' 64 "$1" 0 "$5"
	echo '{"type":"end"}'
}
said() { # WHAT TEXT
	check "$1" grep -qF "$2" $dir/whole
}

dir=up
run_file 1000 1250 4000 64 16 >up.jsonl
expect 0 "" "$m" report up.jsonl --out up --quiet
whole up
said "more, and in numbers" 'At batch 64, a page costs 1,000 instructions (0 guards), 25 % more (1 guard), 4 times that (3 guards).'
said "counts that differ" 'IPI rounds a batch: 0 (0 guards), 64 (1 guard), 64 (3 guards).'
said "pages that move" 'Pages that move: 64 (sweet), 16 (sour).'
said "their cost is that of a page that was to move, of which most stayed" 'a page that was to move costs 1,000 instructions (sweet), the same (sour).'
check "flushes, which do not differ, are not told" test -z "$(grep -F 'TLB flushes a batch: 9' up/whole)"

dir=down
run_file 1000 800 1000 0 64 >down.jsonl
expect 0 "" "$m" report down.jsonl --out down --quiet
whole down
said "less, and the same" 'At batch 64, a page costs 1,000 instructions (0 guards), 20 % less (1 guard), the same (3 guards).'
check "no count differs" test -z "$(grep -E 'IPI rounds a batch:|Pages that move:' down/whole)"
# The margin is that of compare, and what two boots differ by is noise.
run_file 1000 1004 1006 0 64 >near.jsonl
expect 0 "" "$m" report near.jsonl --out near --quiet
dir=near
whole near
said "beyond the margin" '1,000 instructions (0 guards), 0.4 % more (1 guard), 0.6 % more (3 guards).'
drift=320 run_file 1000 1004 1006 0 64 >noisy.jsonl
expect 0 "" "$m" report noisy.jsonl --out noisy --quiet
dir=noisy
whole noisy
said "within what boots differ by, and beyond it" '(0 guards), within the noise (1 guard), 0.60 % more (3 guards).'
# Run files of before have no such thing.
{ head -n 1 down.jsonl; sed -n '4,5p' down.jsonl; tail -n 1 down.jsonl; } >new.jsonl
sed 's/,"neutral":{[^}]*}//' new.jsonl >old.jsonl
check "they differ" test "$(grep -c neutral new.jsonl old.jsonl | paste -sd' ')" = "new.jsonl:1 old.jsonl:0"
expect 0 "" "$m" compare old.jsonl new.jsonl --format json
check "a point with what names leave out is compared with an older run's" \
	jq -e '[.points[].name] == ["migrate/batch=16,direction=to-device,memory=private,nodes=0>1,page=4k"]' stdout
finish
