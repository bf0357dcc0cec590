#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: compare on run files made here: verdicts, formats, statuses, and what it refuses.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# run_file CLOCK UNIT KERNEL ID BOOTS FACTOR [EXTRA]: three points, nine samples a boot; a boot
# of the clock time is FACTOR times 1000 a page and a little more or less.
run_file() {
	local boot n i level values
	echo '{"type":"run","format":1,"id":"'"$4"'","clock":"'"$1"'","label":"L","seed":42,"env":{' \
		'"kernel":"'"$3"'","thp":"madvise"'"${7:-}"'},"config":{"suite":"t"}}'
	for ((boot = 0; boot < $5; boot++)); do
		for n in 1 8 64; do
			echo '{"type":"point","id":'$n',"benchmark":"migrate","params":{"batch":'$n'}}'
			level=$((n * $6))
			[ "$1" = time ] && level=$((level + level * (boot % 3) / 300))
			values=
			for i in -4 -3 -2 -1 0 1 2 3 4; do values+=,$((level + i)); done
			echo '{"type":"block","point":'$n',"boot":'$boot',"round":1,"pages":'$n',"metrics":{' \
				'"total":{"unit":"'"$2"'","values":['"${values#,}"']},' \
				'"setup":{"unit":"'"$2"'","values":['"${values#,}"']}}}'
		done
	done
	echo '{"type":"end"}'
}

run_file insns insns 6.1.0 a 2 1000 >a.jsonl
run_file insns insns 6.2.0 b 2 1100 >b.jsonl
run_file time ns 6.1.0 ta 5 1000 >ta.jsonl
run_file time ns 6.1.0 tb 5 1100 ',"ksm":1' >tb.jsonl
run_file time ns 6.1.0 t1 1 1000 >t1.jsonl
run_file time ns 6.1.0 t2 1 1100 >t2.jsonl

# One JSON document and nothing else.
expect 0 "" "$m" compare a.jsonl a.jsonl --format json
check "a run with itself is equivalent" jq -e '.margin == 0.001 and (.points | length == 3) and
	all(.points[]; .verdict == "equivalent" and .ratio == 1 and .interval == [1, 1] and
	.p == null and .floor == null)' stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --format json
check "a tenth more is slower" jq -e 'all(.points[]; .verdict == "slower" and
	(.ratio - 1.1 | fabs) < 1e-9 and .metric == "total" and .unit == "insns" and
	.a.boots == 2 and .b.location == .a.location * 1.1 and .params.batch > 0 and
	.name == "migrate/batch=\(.params.batch)" and .benchmark == "migrate")' stdout
check "what differs around it" jq -e '.environment == {"kernel": ["6.1.0", "6.2.0"]}' stdout
check "one line" test "$(wc -l <stdout)" -eq 1
expect 1 "" "$m" compare a.jsonl b.jsonl --fail-on slower
check "the environment above the table" sh -c 'grep -n "6.1.0 *6.2.0" stdout | cut -d: -f1 |
	{ read -r at; test "$at" -lt "$(grep -n " B/A  verdict" stdout | cut -d: -f1)"; }'
check "the counts" grep -q "^3 points: 3 slower, 0 faster, 0 equivalent (within ±0.1 %), 0 inc" stdout
# A gate that measured less than its baseline is open, unless asked.
grep -v '"type":"block","point":8,' a.jsonl >less.jsonl
check "a point less" test "$(wc -l <less.jsonl)" -lt "$(wc -l <a.jsonl)"
expect 0 "" "$m" compare a.jsonl less.jsonl --fail-on slower
expect 1 "" "$m" compare a.jsonl less.jsonl --fail-on slower,missing
expect 1 "" "$m" compare a.jsonl b.jsonl --fail-on slower --fail-on inconclusive
expect 2 "both write" "$m" compare a.jsonl b.jsonl --plot x.svg --ecdf x.svg
expect 0 "" "$m" compare b.jsonl a.jsonl --fail-on slower
check "the other way round" grep -q "^3 points: 0 slower, 3 faster" stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --fail-on slower --margin 10%
check "a margin with its border" grep -q "3 equivalent (within ±10 %)" stdout

expect 0 "" "$m" compare ta.jsonl ta.jsonl --format json
check "time: a run with itself is never faster or slower" jq -e '.margin == 0.02 and
	all(.points[]; .verdict == "equivalent" and .p == 1)' stdout
expect 0 "" "$m" compare ta.jsonl tb.jsonl --format json
check "time: slower, with an interval and a p" jq -e 'all(.points[]; .verdict == "slower" and
	.interval[0] < 1.1 and .interval[1] > 1.1 and .p < 0.05 and .p >= .p_raw and
	.ratio > 1.09 and .ratio < 1.11)' stdout
check "a missing key is reported" jq -e '.environment == {"ksm": [null, 1]} and
	(.not_recorded | index("governor"))' stdout
expect 0 "" "$m" compare t1.jsonl t2.jsonl --format json --fail-on slower
check "one boot a side" jq -e 'all(.points[]; .verdict == "inconclusive" and .interval == null and
	.p == null and .boots_needed == 5)' stdout
expect 0 "" "$m" compare t1.jsonl t2.jsonl
check "says how many boots would do" grep -q "one boot a side.*5 would do" stdout
sed 's/"id":"t1"/"id":"t3"/' t1.jsonl >t3.jsonl
sed 's/"id":"t2"/"id":"t4"/' t2.jsonl >t4.jsonl
expect 0 "" "$m" compare t1.jsonl,t3.jsonl t2.jsonl,t4.jsonl --format json
check "files are boots" jq -e 'all(.points[]; .a.boots == 2 and .b.boots == 2)' stdout

# Noise floors: the larger of both sides.
{ sed '$d' ta.jsonl; echo '{"type":"floor","point":1,"metric":"total","floor":0.01}'; } >fa.jsonl
{ sed '$d' tb.jsonl; echo '{"type":"floor","point":1,"metric":"total","floor":0.2}'; } >fb.jsonl
"$m" compare fa.jsonl fb.jsonl --format json 2>/dev/null >stdout
check "a claim below the floor is refused" jq -e '(.points[0].floor - 0.2 | fabs) < 1e-9 and
	.points[0].verdict == "inconclusive" and .points[1].floor == null and
	.points[1].verdict == "slower"' stdout

# The picture: both formats, what changed first, floors only where there are some.
export MIGBENCH_DATA=$MIGBENCH_SOURCE
expect 2 "FILE.svg or FILE.png" "$m" compare a.jsonl b.jsonl --plot picture
expect 2 "FILE.svg or FILE.png" "$m" compare a.jsonl b.jsonl --plot .svg
expect 2 "FILE.svg or FILE.png" "$m" compare a.jsonl b.jsonl --ecdf picture.pdf
expect 2 "meaning is no UTF-8 text" "$m" compare a.jsonl b.jsonl --format json --meaning $'\xff'
expect 2 "--draw is for" "$m" compare a.jsonl b.jsonl --plot p.svg --draw x
expect 2 "no compared point matches 'x'" "$m" compare a.jsonl b.jsonl --ecdf p.svg --draw x
expect 2 "--sort takes date" "$m" compare a.jsonl b.jsonl --sort size
expect 2 "no \"started\", which --sort date needs" "$m" compare a.jsonl b.jsonl --sort date
expect 2 "/proc/no" "$m" compare a.jsonl b.jsonl --plot /proc/no/where.svg
if command -v gnuplot >/dev/null; then
	"$m" compare fa.jsonl fb.jsonl --plot p.svg --fail-on slower >stdout 2>/dev/null
	check "the verdicts decide the status, not the picture" test $? -eq 1
	check "the table comes, too" grep -q "95 % interval" stdout
	check "svg" grep -q '</svg>' p.svg
	check "a row a point" test "$(grep -o 'migrate: batch [0-9]*' p.svg | sort -u | wc -l)" -eq 3
	check "the claim within the floor comes last" test "$(grep -o 'migrate: batch [0-9]*' p.svg | tail -n 1)" = "migrate: batch 1"
	check "the floor is drawn" grep -q 'noise floor' p.svg
	expect 0 "" "$m" compare t1.jsonl t2.jsonl --plot new/p.png --format json
	check "png" test "$(head -c 8 new/p.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a
	check "JSON all the same" jq -e '.points | length == 3' stdout
	expect 0 "" "$m" compare a.jsonl a.jsonl --plot p.svg --margin 0
	check "no floor, no band" sh -c '! grep -q "noise floor" p.svg'
	expect 0 "" "$m" compare ta.jsonl tb.jsonl ta.jsonl --plot trend.svg --ecdf ecdf.svg
	check "a trend: a panel a point, a letter a run" sh -c '
		test "$(grep -o "batch [0-9]*<" trend.svg | sort -u | wc -l)" -eq 3 &&
		test "$(grep -c ">C<" trend.svg)" -ge 3 && grep -q "Run after run against A" trend.svg'
	check "the samples: a panel a point" sh -c '
		test "$(grep -o "batch [0-9]*<" ecdf.svg | sort -u | wc -l)" -eq 3 && grep -q "a curve a boot" ecdf.svg'
	expect 0 "" "$m" compare ta.jsonl tb.jsonl --ecdf ecdf.svg --draw '*=64'
	check "only what is asked for" sh -c '
		grep -q "migrate/batch=64<" ecdf.svg && ! grep -q "batch [0-9]*<" ecdf.svg'
	mkdir -p linked/to linked/REPORT.md
	echo old >linked/to/p.svg
	ln -s to/p.svg linked/p.svg
	ln -s to/none.svg linked/none.svg
	expect 0 "" "$m" compare a.jsonl b.jsonl --plot linked/p.svg
	check "a link is followed" sh -c 'test -L linked/p.svg && grep -q "</svg>" linked/to/p.svg'
	expect 2 "linked/none.svg: this link leads nowhere" "$m" compare a.jsonl b.jsonl --ecdf linked/none.svg
	check "nothing is left over" test -z "$(find . -name '.report*')"
fi

# Interrupted, a picture is none, and the signal ends what draws it. (gnuplot is one that takes its time.)
mkdir slow
printf '#!/bin/sh\ntouch "%s/drawing"\nexec timeout 5 cat >/dev/null\n' "$scratch" >slow/gnuplot
chmod +x slow/gnuplot
for option in plot ecdf; do
	for signal in INT TERM; do
		PATH=$scratch/slow:$PATH env --default-signal=$signal "$m" compare a.jsonl b.jsonl --$option cut.svg >stdout 2>stderr &
		until [ -e drawing ]; do sleep 0.1; done
		kill -$signal $!
		wait $! 2>/dev/null
		check "--$option ends by SIG$signal" test $? -eq $((128 + $(kill -l $signal)))
		check "without a line: $(cat stderr)" test ! -s stderr
		rm drawing
	done
done
check "it leaves nothing" test -z "$(find . -name '.report*' -o -name cut.svg)"

expect 0 "" "$m" compare a.jsonl b.jsonl --metric setup --format json
check "another metric" jq -e 'all(.points[]; .metric == "setup" and .verdict == "slower")' stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --metric total:p99 --format json
check "another quantile" jq -e 'all(.points[]; .metric == "total:p99") and
	(.points[0].a.location - 1003.92 | fabs) < 1e-9' stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --format csv
check "csv: as wide in every row" test "$(awk -F, '{ print NF }' stdout | sort -u | wc -l)" -eq 1
check "csv: and one for all of them" test "$(sed -n 's/^geomean,migrate,total,insns,,b.jsonl,,,,,,,\(1.10*\)[0-9]*,\1[0-9]*,1.1.*,,,,,over 3 points$/yes/p' stdout)" = yes
check "csv: a row a point" test "$(grep -c '^migrate/batch=[0-9]*,migrate,total,insns,.*,slower,' stdout)" -eq 3
expect 0 "" "$m" compare a.jsonl b.jsonl --format md
check "md: a table" grep -q "^| 64 | 64,000 | 70,400 | 1.1000 | exact | slower |" stdout
check "md: their mean" grep -q "^| geomean |  |  | 1.1000 | exact | over 3 points |" stdout
expect 0 "" "$m" compare ta.jsonl tb.jsonl
check "text: their mean, with an interval" grep -qE "^  geomean +1\.[01][0-9]* +1\.[01][0-9]* … 1\.1[0-9]* +over 3 points$" stdout
expect 0 "" "$m" compare a.jsonl b.jsonl --only '*=64'
check "one point has no mean" sh -c '! grep -q geomean stdout'
expect 0 "" "$m" compare a.jsonl b.jsonl a.jsonl
check "a matrix: each run's mean" grep -qE "^  geomean +1.1000 of 3 +1.0000 of 3$" stdout
check "a matrix" grep -qE "^ +64 +64,000 +1.1000 slower +1.0000 equivalent$" stdout
expect 0 "" "$m" compare a.jsonl b.jsonl a.jsonl --format json
check "a matrix in JSON" jq -e '[.points[].run] == [1, 1, 1, 2, 2, 2] and
	.environment.kernel == ["6.1.0", "6.2.0", "6.1.0"]' stdout

expect 0 "" "$m" compare ta.jsonl tb.jsonl t1.jsonl --trend
check "a table a point, a row a run" sh -c 'test "$(grep -c "^migrate/batch=" stdout)" -eq 3 &&
	test "$(grep -cE "^  [ABC]  6.1.0 +– " stdout)" -eq 9 && grep -qE "^  B .* slower$" stdout'
expect 0 "" "$m" compare ta.jsonl tb.jsonl t1.jsonl --trend --format md
check "in Markdown" grep -qE '^\| B \| 6.1.0 \| – \| 5 \| 1,10[0-9] \| 1.10.*\| slower \|' stdout
for file in a b; do
	sed 's/"id":/"started":"2026-01-0'$([ $file = a ] && echo 2 || echo 1)'T00:00:00Z","id":/' $file.jsonl >dated-$file.jsonl
done
expect 0 "" "$m" compare dated-a.jsonl dated-b.jsonl --sort date --format json
check "the oldest is A" jq -e '.runs[0].files == ["dated-b.jsonl"] and .summary.faster == 3' stdout

# A point that one side lacks is listed, with the reason.
jq -c 'select(.type != "block" or .point != 8)' a.jsonl |
	sed '$i {"type":"skip","point":8,"boot":0,"why":"no memory there"}' >less.jsonl
expect 0 "" "$m" compare a.jsonl less.jsonl --format json
check "only in A" jq -e '(.points | length == 2) and
	.only_a == [{"name": "migrate/batch=8", "why": "no memory there"}]' stdout
expect 0 "" "$m" compare less.jsonl a.jsonl
check "only in B" grep -q "only in B: migrate/batch=8: no memory there" stdout

# A point that is not the same thing on both sides is named, and costs the others nothing.
sed 's/,70396//; s/,70397/,70397/' b.jsonl | sed 's/"values":\[70396,/"values":[/g' >samples.jsonl
expect 0 "" "$m" compare a.jsonl samples.jsonl --format json
check "the rest is compared" jq -e '[.points[].name] == ["migrate/batch=1", "migrate/batch=8"] and
	.summary.slower == 2 and .not_alike == [{"name": "migrate/batch=64",
	"why": "9 samples a boot in a.jsonl and 8 in samples.jsonl"}]' stdout
expect 0 "" "$m" compare a.jsonl samples.jsonl
check "the one is named" grep -q "not alike in A and B: migrate/batch=64: 9 samples a boot" stdout
check "and counted" grep -q "^2 points: 2 slower.*; 1 more could not be compared" <(tail -n 2 stdout | tr '\n' ' ')
expect 0 "" "$m" compare a.jsonl samples.jsonl --format csv
check "also in CSV" grep -q "^migrate/batch=64,.*not alike in a and b: 9 samples" stdout
expect 1 "" "$m" compare a.jsonl samples.jsonl --fail-on missing
# Of a boot that has thrown out all, the other tells not how many: 18 in a column are no other plan.
jq -c 'if .type == "block" and .boot == 1 and .point == 64 then .invalid = 9 | .metrics[].values = [] else . end' \
	b.jsonl >invalid.jsonl
expect 0 "" "$m" compare a.jsonl invalid.jsonl --format json
check "a boot without a valid sample" jq -e '(.points | length) == 3 and .not_alike == []' stdout
sed 's/"pages":8/"pages":16/' tb.jsonl >pages.jsonl
expect 0 "" "$m" compare ta.jsonl pages.jsonl
check "other pages" grep -q "not alike in A and B: migrate/batch=8: 8 pages in ta.jsonl and 16" stdout
expect 2 "migrate/batch=8: 8 pages in ta.jsonl and 16 in pages.jsonl: there is nothing to compare" \
	"$m" compare ta.jsonl pages.jsonl --only '*batch=8'

# What a point did differs beside its cost: its row says so.
sed 's/"pages":8,/&"requested":1,"collected":1,"migrated":1,/' ta.jsonl >single.jsonl
sed 's/"pages":8,/&"requested":8,"collected":8,"migrated":8,/' tb.jsonl >eight.jsonl
expect 0 "" "$m" compare single.jsonl eight.jsonl --format json
check "what else differs" jq -e '[.points[] | .note // ""] == ["", "pages moved: 1, 8", ""]' stdout
# A block whose samples differ says of none how many: then the point has no number of its own.
jq -c 'if .type == "block" and .boot == 1 then del(.requested, .collected, .migrated) | .uneven = true else . end' single.jsonl >uneven.jsonl
expect 0 "" "$m" compare uneven.jsonl eight.jsonl --format json
check "half a number is none" jq -e '[.points[] | .note // ""] == ["", "", ""]' stdout
for more in "" t1.jsonl "t1.jsonl --trend"; do
	# shellcheck disable=SC2086
	expect 0 "" "$m" compare single.jsonl eight.jsonl $more
	check "in text, $more" grep -q "slower.*pages moved: 1, 8" stdout
done
# Nor is an eviction by one of the kernel's functions one by another, though both have one name.
evicting() {
	jq -c --arg by "$1" --arg param "$2" 'if .type == "run" then .env.evicts_by = $by else . end |
		if .type == "point" then .benchmark = "evict" | if $param == "" then . else .params.by = $param end else . end' "$3"
}
for param in "" module range; do
	evicting migrate_device_range "$param" ta.jsonl >old.jsonl
	evicting migrate_device_pfns "$param" tb.jsonl >new.jsonl
	expect 0 "" "$m" compare old.jsonl new.jsonl --format json
	check "two functions, by=$param" jq -e --arg param "$param" '[.points[].note // ""] | length > 0 and
		all(. == if $param == "range" then "" else "evicted by: migrate_device_range, migrate_device_pfns" end)' stdout
done

# What hinges on the emulated CPU is marked in reports, and said here.
for emulated in true false; do
	for kernel in 6.1 6.12; do
		jq -c --argjson is $emulated 'if .type == "run" then .env.emulated = $is else . end' \
			"$MIGBENCH_SOURCE/results/lab-x86_64/shootdown-$kernel.jsonl" >$kernel-$emulated.jsonl
	done
	expect 0 "" "$m" compare 6.1-$emulated.jsonl 6.12-$emulated.jsonl
	check "the kernel's own copy, emulated: $emulated" test "$(grep -c "^The kernel's own copy of the pages is in these totals" stdout)" = "$([ $emulated = true ] && echo 1 || echo 0)"
done

expect 0 "" "$m" compare a.jsonl less.jsonl --only 'migrate/batch=?'
check "--only compares what matches" grep -q "^1 point: .*; 1 more could not be compared" <(tail -n 2 stdout | tr '\n' ' ')
check "and speaks of nothing else" sh -c '! grep -q "batch=64" stdout'
expect 0 "" "$m" compare ta.jsonl tb.jsonl t1.jsonl --only '*=64' --format json
check "of each run" jq -e '[.points[].name] == ["migrate/batch=64", "migrate/batch=64"]' stdout
expect 2 "no point with total matches --only 'nope'" "$m" compare a.jsonl b.jsonl --only nope

# Lines fit a terminal, if no name is longer; a column that says "exact" in each row is left out.
wide() {
	awk -v clock="$1" -v kernel="6.$2" -v boots=3 -v seed="$2" -v scale="$((97 + $2))" \
		-f "$MIGBENCH_SOURCE/tests/cli/golden/run.awk"
}
for clock in insns time; do
	wide $clock 1 >wide-1.jsonl
	wide $clock 9 >wide-2.jsonl
	expect 0 "" "$m" compare wide-1.jsonl wide-2.jsonl
	perl -CSD -ne 'chomp; $bad = print STDERR "wide: $_\n" if length > 79; END { exit $bad }' stdout ||
		failures=$((failures + 1))
	check "keys that don't fit stand above, $clock" grep -q '^  direction to-device' stdout
	check "intervals, $clock" test "$(grep -c '95 % interval' stdout)" -eq $([ $clock = time ] && echo 8 || echo 0)
done

# What can't be compared.
expect 2 "different clocks" "$m" compare a.jsonl ta.jsonl
expect 2 "different clocks" "$m" compare ta.jsonl a.jsonl --format json
check "and nothing on stdout" test ! -s stdout
# Times of two nodes of a cluster; counts of two may be.
for node in n1 n2; do
	for run in a ta; do
		sed "s/\"seed\":42/\"seed\":42,\"lab\":{\"node\":\"$node\"}/" $run.jsonl >$run-$node.jsonl
	done
done
sed 's/"id":"ta"/"id":"other"/' ta-n2.jsonl >other-n2.jsonl
expect 2 "measured on node n1 and ta-n2.jsonl on n2.*one node has to" "$m" compare ta-n1.jsonl ta-n2.jsonl
expect 2 "measured on node n1 and other-n2.jsonl on n2" "$m" compare ta-n1.jsonl,other-n2.jsonl tb.jsonl
expect 0 "" "$m" compare ta-n1.jsonl ta-n1.jsonl
expect 0 "" "$m" compare ta-n1.jsonl tb.jsonl
expect 0 "" "$m" compare a-n1.jsonl a-n2.jsonl
sed 's/"seed":42/"seed":43/' b.jsonl >seed.jsonl
expect 2 "seed 42 and .* has 43.*same seed and plan" "$m" compare a.jsonl seed.jsonl
sed 's/"suite":"t"/"suite":"u"/' b.jsonl >config.jsonl
expect 2 "different .config.*same plan" "$m" compare a.jsonl config.jsonl
grep -v '"point":8,\|"id":8,' b.jsonl >points.jsonl
expect 2 "no point migrate/batch=8 .*same plan" "$m" compare a.jsonl points.jsonl
sed 's/,70396//; s/,70397/,70397/' b.jsonl | sed 's/"values":\[70396,/"values":[/g' >samples.jsonl
sed 's/"type":"end"/"type":"end","valid":false,"why":"boots differ"/' b.jsonl >invalid.jsonl
expect 2 "invalid.jsonl is invalid .*boots differ.*--force" "$m" compare a.jsonl invalid.jsonl
expect 0 "" "$m" compare a.jsonl invalid.jsonl --force
check "forced, and marked" grep -q "INVALID" stdout
sed 's/"unit":"ns","values":\(.*\)"setup":{"unit":"ns"/"unit":"ns","values":\1"setup":{"unit":"us"/' tb.jsonl >unit.jsonl
expect 2 "setup is in ns in ta.jsonl and in us in unit.jsonl" "$m" compare ta.jsonl unit.jsonl --metric setup
sed 's/"benchmark":"migrate"/"benchmark":"copy"/' tb.jsonl >other.jsonl
expect 2 "no point with total in common" "$m" compare ta.jsonl other.jsonl
expect 2 "no metric 'nope' in a.jsonl; there: total, setup" "$m" compare a.jsonl b.jsonl --metric nope
expect 2 "given twice" "$m" compare ta.jsonl,ta.jsonl tb.jsonl
expect 2 "no further boot.*kernel is 6.2.0" "$m" compare a.jsonl,b.jsonl a.jsonl
expect 2 "a file name is missing" "$m" compare a.jsonl, b.jsonl
expect 2 "B \[C…\] is missing" "$m" compare a.jsonl
expect 2 "none.jsonl: cannot open" "$m" compare a.jsonl none.jsonl
for bad in "" x -1 101 nan inf 1e400 2%% "2 x"; do
	expect 2 "--margin is a percentage" "$m" compare a.jsonl b.jsonl --margin "$bad"
done
for bad in total: :p99 total:p0 total:p100 total:pnan total:99 total:p9x total:mean; do
	expect 2 "--metric" "$m" compare a.jsonl b.jsonl --metric "$bad"
done
expect 2 "--format is text, json, csv, md or lkml" "$m" compare a.jsonl b.jsonl --format xml
expect 2 "--fail-on takes" "$m" compare a.jsonl b.jsonl --fail-on slow
expect 3 "stdout: cannot write" sh -c '"$0" compare a.jsonl b.jsonl >/dev/full' "$m"

# Many values in one block, and many points: what grows faster than they do shows here.
many() {
	echo '{"type":"run","format":1,"id":"'"$1"'","clock":"time","env":{"kernel":"k"},"config":{}}'
	awk -v add="$2" 'BEGIN {
		for (boot = 0; boot < 2; boot++) {
			printf "{\"type\":\"point\",\"id\":0,\"benchmark\":\"x\",\"params\":{}}\n"
			printf "{\"type\":\"block\",\"point\":0,\"boot\":%d,\"pages\":1,\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":[", boot
			for (i = 0; i < 300000; i++) printf "%s%d", i ? "," : "", 5000 + add + boot + (i * 7919) % 1000
			print "]}}}"
			for (p = 1; p <= 3000; p++) {
				printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"y\",\"params\":{\"batch\":%d}}\n", p, p
				printf "{\"type\":\"block\",\"point\":%d,\"boot\":%d,\"pages\":1,\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":[%d,%d]}}}\n", p, boot, 1000 + boot, 1000
			}
		}
		print "{\"type\":\"end\"}" }'
}
many ma 0 >ma.jsonl
many mb 600 >mb.jsonl
expect 0 "" "$m" compare ma.jsonl mb.jsonl --format json
check "many values, many points" jq -e '(.points | length == 3001) and .points[0].verdict == "slower" and
	.points[0].a.samples == 600000 and .points[0].a.low == 5499.5 and .summary.equivalent == 3000' stdout

# Odd figures give an answer, and never one that is no JSON.
for values in 0,0,0 1e300,1e300 1e-300 0,0,1e300 5; do
	for clock in insns time; do
		unit=$clock
		[ $clock = time ] && unit=ns
		for boot in 0 1; do
			echo '{"type":"run","format":1,"clock":"'$clock'","env":{"kernel":"k"},"config":{}}'
			echo '{"type":"point","id":1,"benchmark":"x","params":{}}'
			[ $boot = 1 ] && echo '{"type":"block","point":1,"boot":1,"pages":1,"metrics":{"total":{"unit":"'$unit'","values":[7,8,9]}}}'
			echo '{"type":"block","point":1,"pages":1,"metrics":{"total":{"unit":"'$unit'","values":['$values']}}}'
			echo '{"type":"end"}'
		done | awk '/"run"/ { n++ } { print > "odd" n ".jsonl" }'
		"$m" compare odd1.jsonl odd2.jsonl --format json >stdout 2>stderr
		[ $? -le 2 ] || { echo "odd: $values $clock" >&2; failures=$((failures + 1)); }
		"$m" compare odd2.jsonl odd2.jsonl --format json >stdout 2>stderr
		check "odd: $values $clock" jq -e '.points[0].verdict != "slower" and
			.points[0].verdict != "faster"' stdout
		check "no NaN" sh -c '! grep -qi "nan\|inf[^o]" stdout'
	done
done
finish
