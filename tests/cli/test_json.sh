#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the JSON of compare, advise and selftest has the keys and types of docs/json.md, no more, no fewer.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# documented SECTION: "key<TAB>type or type<TAB>optional?" from its table.
documented() {
	awk -v section="## $1" '/^## / { on = $0 == section }
		on && /^\| `/ { split($0, cell, / *\| */); gsub(/`/, "", cell[2])
			print cell[2] "\t" cell[3] "\t" (cell[4] ~ /^optional/ ? "optional" : "") }' \
		"$MIGBENCH_SOURCE/docs/json.md"
}

# found: "key<TAB>type" of the documents on stdin; what has keys of the data's own is not looked into.
found() {
	jq -r 'def at($path): ($path | select(. != "")) + "\t" +
			(if type == "number" then (if . == floor then "integer" else "number" end) else type end),
			(if type == "array" then .[] | at($path + "[]")
			elif type == "object" and ($path | test("(^|[.])(params|environment|summary)$") | not)
			then to_entries[] | .key as $key | .value | at($path + (if $path == "" then "" else "." end) + $key)
			else empty end);
		at("")' | sort -u
}

# agree SECTION FILE…: the documents in the files, all together.
agree() {
	local section=$1
	shift
	cat "$@" | found >seen
	documented "$section" >said
	check "$section: there is a table" test -s said
	check "$section: there is a document" test -s seen
	awk -F '\t' -v section="$section" '
		NR == FNR { type[$1] = " " $2 " "; optional[$1] = $3; next }
		!seen[$1]++ && !($1 in type) && $1 !~ /\[\]$/ { print section ": undocumented: " $1; bad = 1 }
		($1 in type) && index(type[$1], " " $2 " ") == 0 &&
			!($2 == "integer" && index(type[$1], " number ")) { print section ": " $1 " is " $2; bad = 1 }
		END { for (key in type) if (!(key in seen)) { print section ": never there: " key; bad = 1 }
			exit bad }' said seen >&2 || failures=$((failures + 1))
}

# A run under the clock $1 with points of their own, a spread over $2 boots and the blocks of $3….
run_file() {
	local clock=$1 boots=$2 unit=insns boot batch
	[ "$clock" = time ] && unit=ns
	shift 2
	echo '{"type":"run","format":1,"clock":"'$clock'","label":"L","seed":1,"env":{"kernel":"'$1'","emulated":true},"config":{}}'
	for ((boot = 0; boot < boots; boot++)); do
		for batch in 1 2 4 "${@:3}"; do
			echo '{"type":"point","id":'$batch',"benchmark":"migrate","params":{"batch":'$batch',"direction":"to-device","memory":"private"}}'
			echo '{"type":"block","point":'$batch',"boot":'$boot',"pages":'$batch',"metrics":{"total":{"unit":"'$unit'","values":['$((batch * $2 + 7 * boot * batch))','$((batch * $2 + 9))'.5]},"first":{"unit":"'$unit'","values":[3.5,3]},"unavailable":{"unit":"'$unit'","values":[4.25,4]}}}'
		done
	done
	echo '{"type":"point","id":99,"benchmark":"migrate","params":{"batch":99}}'
	echo '{"type":"skip","point":99,"boot":0,"why":"no room"}'
	echo '{"type":"floor","point":1,"metric":"total","floor":0.001}'
	echo '{"type":"end"}'
}
run_file time 3 6.1 1000 8 >a.jsonl
run_file time 3 6.2 1005 16 >b.jsonl
run_file time 1 6.3 2000 16 | sed 's/"pages":2,/"pages":3,/' >c.jsonl
run_file insns 2 6.1 1000 >i.jsonl

expect 0 "" "$m" compare a.jsonl b.jsonl c.jsonl --format json
cp stdout three
expect 0 "" "$m" compare a.jsonl b.jsonl --format json
check "two runs need no number" jq -e 'all(.points[], .only_a[], .only_b[]; has("run") | not)' stdout
cp stdout two
expect 0 "" "$m" compare i.jsonl i.jsonl --format json
check "instructions: exact, without p" jq -e 'all(.points[]; .p == null and .p_raw == null and
	.interval == [.ratio, .ratio])' stdout
cp stdout exact
check "one boot: no interval, no p" jq -e '[.points[] | select(.run == 2)] | length > 0 and
	all(.[]; .interval == null and .p == null and .boots_needed > 0)' three
check "only an open point needs boots" jq -es 'all(.[].points[];
	.boots_needed == null or .verdict == "inconclusive")' two three exact
agree compare two three exact

expect 0 "" "$m" advise a.jsonl --format json
cp stdout plain
expect 0 "" "$m" advise a.jsonl --latency-budget 1e6 --format json
cp stdout within
echo '{"name":"migrate/batch=2","kernels":["6.1"],"moved":{"a":2},"memory":{"model":"m","l2_lines":100,"a":{"all":{"lines":5}}}}' >touched.json
expect 0 "" "$m" advise a.jsonl --profile touched.json --format json
agree advise plain within stdout

expect 0 "" "$m" selftest statistics --repetitions 10 --format json
agree "selftest statistics" stdout

# The test itself: a key too many, one too few and another type are found.
before=$failures
for change in '.new = 1' 'del(.margin)' '.margin = "2 %"' '.points[0].a.more = null' 'del(.points[].a.low)'; do
	jq -c "$change" two >broken
	jq -c "$change" three >broken3
	agree compare broken broken3 2>/dev/null
done
check "every planted difference is found" test $((failures - before)) -eq 5
[ $((failures - before)) -eq 5 ] && failures=$before
finish
