#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a benchmark and an axis that analysis/ has never heard of are reported, drawn, compared and exported.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

check "analysis/ has never heard of them" test -z "$(grep -rlE '"(warp|lane|depth|colour)"' "$MIGBENCH_SOURCE/analysis")"

# A benchmark warp over depth (numbers), lane (texts) and colour; migrate with a parameter more.
run_file() { # KERNEL SCALE
	local id=0 depth lane colour batch direction
	echo '{"type":"run","format":1,"id":"'$1'","clock":"insns","label":"L","seed":1,"env":{"kernel":"'$1'","emulated":true},"config":{}}'
	point() { # BENCHMARK PARAMS PAGES COST
		id=$((id + 1))
		echo '{"type":"point","id":'$id',"benchmark":"'$1'","params":{'$2'}}'
		echo '{"type":"block","point":'$id',"boot":0,"pages":'$3',"metrics":{"total":{"unit":"insns","values":['$4','$4']}}}'
	}
	for depth in 0 3 7; do
		for lane in left right; do
			for colour in red green; do
				point warp '"depth":'$depth',"lane":"'$lane'","colour":"'$colour'"' 8 \
					$((8 * (100 + $2 * depth + ${#lane} * 10 + ${#colour})))
			done
		done
	done
	for direction in to-device to-system; do
		for depth in 2 4; do
			for batch in 1 16 512; do
				point migrate '"direction":"'$direction'","batch":'$batch',"depth":'$depth',"memory":"private","page":"4k","nodes":"0>1"' \
					$batch $((batch * 1000 + depth * 500 + $2))
			done
		done
	done
	echo '{"type":"end"}'
}
run_file 6.1 50 >a.jsonl
run_file 6.2 60 >b.jsonl

expect 0 "" "$m" report a.jsonl b.jsonl --out out
whole out
check "no picture is in the place of another" test -z "$(grep -oh 'plots/[^>]*png' out/report/*.md | sort | uniq -d)"
check "both kernels' points stand side by side" test "$(grep -c '^| warp/colour=.* | .* | .* |$' out/whole)" -eq 12
# A kernel that has nothing of it, and comes first, takes nothing from the others.
grep -v '"type":"block","point":[1-9],\|"type":"block","point":1[0-2],' a.jsonl | grep -v '"benchmark":"warp"' | sed 's/"6.1"/"5.9"/g' >none.jsonl
expect 0 "" "$m" report none.jsonl a.jsonl b.jsonl --out three --quiet
whole three
check "a dash, and the two others" test "$(grep -c '^| warp/colour=.* | – | .* | .*(×.* |$' three/whole)" -eq 12
check "a table of all points" grep -qF '| colour | depth | lane | median |' out/whole
check "each depth is a family of its own" grep -qF 'depth=4' out/whole
for picture in warp-by-colour-insns migrate-by-depth-insns; do
	check "$picture is drawn" grep -q '</svg>' out/plots/$picture.svg
	check "$picture is shown" grep -qF "plots/$picture.png" out/whole
done
check "a number of its own is a line" grep -qF 'depth 4' out/plots/migrate-by-depth-insns.svg
check "a depth of nothing has a place on the axis" grep -q '>0<' out/plots/warp-by-colour-insns.svg
check "all lanes are there" grep -qF 'right' out/plots/warp-by-colour-insns.svg
check "values of both axes are held against the first" grep -qF 'Left, depth 7, a page costs 493 instructions (red), 0.41 % more (green). Left, a page costs 143 instructions (depth 0), 2' out/whole

expect 0 "" "$m" compare a.jsonl b.jsonl
check "compare has its columns" grep -qE 'colour +depth +lane' stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --format json
check "compare has its points" jq -e '[.points[] | select(.benchmark == "warp" and .params.depth == 7)] | length == 4' stdout
expect 0 "" "$m" export --format csv a.jsonl
check "export has its points" grep -q 'warp' stdout
expect 0 "" "$m" advise a.jsonl
check "advice on each depth" test "$(grep -c 'depth=[24]' stdout)" -ge 2

# More values than a picture has lines for: what is left out is said.
awk 'BEGIN {
	print "{\"type\":\"run\",\"format\":1,\"clock\":\"insns\",\"seed\":1,\"env\":{\"kernel\":\"6.1\"},\"config\":{}}"
	for (i = 1; i <= 18; i++) {
		printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"warp\",\"params\":{\"lane\":\"lane%d\",\"depth\":%d}}\n", i, (i - 1) % 9, int((i - 1) / 9)
		printf "{\"type\":\"block\",\"point\":%d,\"boot\":0,\"pages\":1,\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[%d]}}}\n", i, 100 + i
	}
	print "{\"type\":\"end\"}"
}' >wide.jsonl
expect 0 "" "$m" report wide.jsonl --out wide
whole wide
check "three lanes too many are told" grep -q 'No plot: 3 more of: lane, because' wide/whole
finish
