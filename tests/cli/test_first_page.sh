#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the first page of a report: its length, its table, and no word of what is within the noise.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
# What gnuplot would be given is enough here.
export MIGBENCH_DATA=$MIGBENCH_SOURCE PATH=$MIGBENCH_SOURCE/tests/cli/golden:$PATH
m=$MIGBENCH
published=$MIGBENCH_SOURCE/results/lab-x86_64

# run KERNEL THERE BACK FLUSHES [FLOOR]: two points of 512 pages, 100 a page in each phase but setup.
run() {
	local phase total metrics direction id=0
	echo '{"type":"run","format":1,"id":"'"$1"'","clock":"insns","seed":7,"lab":{"kernel":"'"${1%.*}"'","boots":2},"env":{"kernel":"'"$1"'","emulated":true},"config":{"suite":"s"}}'
	for direction in to-device to-system; do
		total=$2
		[ $direction = to-device ] || total=$3
		metrics=
		for phase in alloc copy pages finalize; do
			metrics+=',"'$phase'":{"unit":"insns","values":[51200,51200]}'
		done
		metrics+=',"setup":{"unit":"insns","values":['$((512 * (total - 400))),$((512 * (total - 400)))']}'
		echo '{"type":"point","id":'$((++id))',"benchmark":"migrate","params":{"batch":512,"direction":"'$direction'","memory":"private","nodes":"0>1","page":"4k","state":"exclusive","threads":1}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":512,"invalid":0,"counters":{"tlb_flushes":'"$4"'},"metrics":{"total":{"unit":"insns","values":['$((512 * total)),$((512 * total))']}'"$metrics"'}}'
		[ -z "${5:-}" ] || echo '{"type":"floor","point":'$id',"metric":"total","floor":'"$5"'}'
	done
	echo '{"type":"probe","id":"flush-exclusive","commit":"6c287605fd56","title":"one flush a page","release":"5.19","answer":"'"$([ "$4" = 1 ] && echo absent || echo present)"'","why":"seen"}'
	echo '{"type":"end"}'
}

# A 4k page to the device: 1000, then 1040, then 1300; back: 1000 and 1020, then 1000.
run 5.10.1 1000 1000 1 0.05 >a.jsonl
run 6.1.2 1040 1020 513 0.05 >b.jsonl
run 7.2.3 1300 1000 513 0.05 >c.jsonl
expect 0 "" "$m" report a.jsonl b.jsonl c.jsonl --out three --quiet
r=three/REPORT.md
check "a change within the floor is marked, not bold" grep -qxF \
	'| A page to the device, 4k, batch 512 | instructions a page | 1,000 | 1,040 *≈ +4 %* | 1,300 **+25 %** |' $r
check "nor is one back" grep -qxF \
	'| A page back to the system, 4k, batch 512 | instructions a page | 1,000 | 1,020 *≈ +2 %* | 1,000 *≈ −2.0 %* |' $r
check "counts stand in brackets" grep -qxF \
	'| TLB flushes of 512 exclusive pages, 4k | flushes a batch | 1 | 513 (+512) | 513 |' $r
check "no other row" test "$(grep -c '^| .* | [a-z]* a [a-z]* | [0-9]' $r)" = 3
sed -n '/^## Main findings/,/^## /p' $r >findings
check "a change has its phase" grep -q '^[1-5]\. From 6.1 to 7.2, a 4k page costs 25 % more to the device (1,300 instead of 1,040 instructions a page)\. Most of the change to the device is in the phases setup (+260)\.' findings
check "flushes have their commit" grep -q '^1\. On 7.2, a batch of 512 exclusive 4k pages to the device takes 513 TLB flushes, as on every kernel here since 6.1; on 5.10 it was 1. Cause: commit 6c287605fd56 (5.19), one flush a page\.' findings
check "none speaks of what is within the floor" sh -c '! grep -q "5.10 to 6.1, a 4k\|back to the system (\|system [0-9]* %" findings'
check "the floor is told" grep -q '^- Noise floor, .*: 5 % at the median of 6 points' $r
check "not that there is none" sh -c '! grep -q "No noise floor" "$0"' $r
check "one command for all kernels" grep -q '^- `migbench lab run --kernel 5.10,6.1,7.2 --clock insns --suite s --boots 2 --seed 7 --probe --calibrate N --out FILE`' $r
for name in a b c; do sed 's/"boots":2}/"boots":2,"calibrate":3}/' $name.jsonl >$name-3.jsonl; done
expect 0 "" "$m" report [abc]-3.jsonl --out recorded --quiet
check "and how many boots calibrated it, where that is recorded" grep -q '^- `migbench lab run --kernel 5.10,6.1,7.2 .* --probe --calibrate 3 --out FILE`' recorded/REPORT.md
check "for each run, too" test "$(grep -c -- '--calibrate 3 --out FILE' recorded/report/repeat.md)" = 3
check "the behaviour that changed" grep -qxF '| 5.10 → 6.1 | one flush a page | absent → present | 6c287605fd56, 5.19 |' $r

# Without floors the margin of compare counts, and the page says so, once.
for name in a b c; do grep -v '"floor"' $name.jsonl >$name-bare.jsonl; done
expect 0 "" "$m" report [abc]-bare.jsonl --out bare --quiet
check "then it is a change" grep -qF '1,040 **+4 %** | 1,300 **+25 %** |' bare/REPORT.md
check "no floor was measured" test "$(grep -c 'No noise floor was measured' bare/REPORT.md)" = 1

# One kernel: the same page with one column.
expect 0 "" "$m" report c.jsonl --out one --quiet
check "one column" grep -qxF '| A page to the device, 4k, batch 512 | instructions a page | 1,300 |' one/REPORT.md
check "nothing is bold that would be a change" sh -c '! grep -q "\*\*[+−]" one/REPORT.md'
check "five findings or fewer" test "$(grep -c '^[0-9]\. ' one/REPORT.md)" -ge 1 -a "$(grep -c '^[0-9]*\. ' one/REPORT.md)" -le 5

# Of its 1,300, 100 find a place and 562 copy, 50 more than the words of a page; above, where they are fewer, that can't be told.
sed '/665600/{s/"copy":{"unit":"insns","values":.51200,51200./"copy":{"unit":"insns","values":[287744,287744]/
	s/460800,460800/224256,224256/}' c.jsonl >copied.jsonl
expect 0 "" "$m" report copied.jsonl --out own --quiet
check "the module's own part" grep -qxF "| Of it the module's own part, 4k, batch 512 | instructions a page | 150 |" own/REPORT.md
check "and what that is" grep -q "^A dash.* The module's own part is what each driver does in its own way" own/REPORT.md
check "which is said of no other page" sh -c '! grep -q "own part" one/REPORT.md'

# An eviction by one of the kernel's functions and by another: the row and the finding name them.
evicting() { # RUN FUNCTION
	jq -c --arg by "$2" 'if .type == "run" then .env.evicts_by = $by else . end |
		if .type == "point" then .benchmark = "evict" |
			.params = {batch: 512, memory: "private", nodes: "0>1", page: (if .id == 1 then "4k" else "2m" end)} else . end' "$1"
}
evicting b.jsonl migrate_device_range >range.jsonl
evicting c.jsonl migrate_device_pfns >pfns.jsonl
evicting c.jsonl migrate_device_range >alike.jsonl
expect 0 "" "$m" report range.jsonl pfns.jsonl --out by_two --quiet
expect 0 "" "$m" report range.jsonl alike.jsonl --out by_one --quiet
check "its row says so" grep -q '^| Eviction by frame number, 4k, batch 512 (evicted by: migrate_device_range, migrate_device_pfns) | instructions a page | 1,040 | 1,300 \*\*+25 %\*\* |' by_two/REPORT.md
check "the finding names both" grep -q '25 % more in an eviction (1,300 instead of 1,040 instructions a page; evicted by: migrate_device_range, migrate_device_pfns)' by_two/REPORT.md
check "and so does that among the phases" grep -qF '| **eviction, total** (evicted by: migrate_device_range, migrate_device_pfns) | 1,040 |' by_two/report/side-by-side.md
check "by one there is nothing to say" sh -c '! grep -rq "evicted by" by_one'
jq -c 'del(.env.evicts_by?)' range.jsonl >silent.jsonl
expect 0 "" "$m" report silent.jsonl pfns.jsonl --out by_unknown --quiet
check "that one has not recorded it stands there, too" grep -q '^| Eviction by frame number, 4k, batch 512 (evicted by: not recorded, migrate_device_pfns) |' by_unknown/REPORT.md

# What the first run of a kernel has not, a further one answers, with the name of its machine.
flush() { # KERNEL TOPOLOGY CPUS TOTAL…: mprotect of 512 pages, each CPUS with its TOTAL
	echo '{"type":"run","format":1,"id":"'"$1$2$3"'","clock":"insns","seed":7,"lab":{"kernel":"'"${1%.*}"'","topology":"'"$2"'","boots":2,"calibrate":3},"env":{"kernel":"'"$1"'","emulated":true,"qemu":"'"$(($# > 4 ? 10 : 7)).0"'"},"config":{"suite":"f"}}'
	local kernel=$1 id=0
	shift 2
	while [ $# -gt 1 ]; do
		echo '{"type":"point","id":'$((++id))',"benchmark":"tlb","params":{"cpus":'"$1"',"op":"mprotect","pages":512}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":512,"invalid":0,"metrics":{"total":{"unit":"insns","values":['"$2,$2"']}}}'
		shift 2
	done
	echo '{"type":"end"}'
}
flush 6.1.2 two 1 1000 >f1.jsonl
flush 7.2.3 two 1 1100 >f2.jsonl
flush 6.1.2 many 1 5000 4 8000 >f3.jsonl
flush 7.2.3 many 1 5500 4 9600 >f4.jsonl
expect 0 "" "$m" report f[1234].jsonl --out machines --quiet
r=machines/REPORT.md
check "the first run answers what it has" grep -qxF \
	'| mprotect of 512 pages, 1 CPU | instructions a call | 1,000 | 1,100 **+10 %** |' $r
check "another machine answers what that has not, by name" grep -qxF \
	'| mprotect of 512 pages, 4 CPUs, topology many | instructions a call | 8,000 | 9,600 **+20 %** |' $r
check "both are in one finding" grep -q 'a call of mprotect for 512 pages costs 10 % more on 1 CPU (1,100 instead of 1,000 instructions a call) and 20 % more on 4 CPUs (9,600 instead of 8,000)' $r
check "all machines are named" grep -q '^- \*\*Where:.*, QEMU 7.0, 10.0; topology two, many\.' $r
check "a command for each machine" test "$(grep -c '^- `migbench lab run --kernel 6.1,7.2 --topology [a-z]* ' $r)" = 2
for machine in three four five; do flush 6.1.2 $machine 1 1000 >f-$machine.jsonl; done
expect 0 "" "$m" report f[1234].jsonl f-*.jsonl --out fleet --quiet
check "of many machines the first are named, and of how many more" grep -q '^- \*\*Where:.*; topology two, many, [a-z]* and 2 more\.' fleet/REPORT.md
sed '1s/"topology":"many",//' f4.jsonl >f-nowhere.jsonl
expect 0 "" "$m" report f[123].jsonl f-nowhere.jsonl --out nowhere --quiet
check "that one does not say is no reason to hide the others" grep -q '^- \*\*Where:.*; topology two, many, not recorded in 1\.' nowhere/REPORT.md
flush 6.1.2 two 4 7000 >f5.jsonl
expect 0 "" "$m" report f1.jsonl f2.jsonl f5.jsonl --out same --quiet
check "a further run on the same machine needs no name" grep -qxF \
	'| mprotect of 512 pages, 4 CPUs | instructions a call | 7,000 | – |' same/REPORT.md

# IPI rounds with three bystanders, and a batch's plain figure beside them: 900 with, 700 without.
rounds() { # KERNEL MIGRATE MOVE_PAGES [EVICTION]
	local more id=0
	echo '{"type":"run","format":1,"id":"r'"$1"'","clock":"insns","seed":7,"lab":{"kernel":"'"${1%.*}"'","boots":2},"env":{"kernel":"'"$1"'","emulated":true},"config":{"suite":"r"}}'
	point() { # BENCHMARK PARAMS BYSTANDERS ROUNDS TOTAL
		echo '{"type":"point","id":'$((++id))',"benchmark":"'$1'","params":{"batch":512,"nodes":"0>1","page":"4k"'"$2"'},"neutral":{"x":0}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":512,"requested":512,"collected":512,"migrated":512,"invalid":0,"counters":{"ipi_rounds":'$4'},"metrics":{"total":{"unit":"insns","values":['$(($5 * 512)),$(($5 * 512))']}}}'
	}
	local there=',"direction":"to-device","memory":"private","state":"exclusive","threads":1' call=',"mode":"move_pages"'
	point migrate "$there"',"bystanders":3' 3 "$2" 900
	point migrate "$there" 0 0 700
	point numa "$call"',"bystanders":3' 3 "$3" 900
	point numa "$call" 0 0 700
	if [ -n "${4-}" ]; then
		point fault ',"access":"read","memory":"private","bystanders":3' 3 0 900
		point evict ',"memory":"private","bystanders":3' 3 "$4" 900 | sed 's/"batch":512/"batch":64/'
	fi
	echo '{"type":"end"}'
}
rounds 6.1.2 513 512 >r1.jsonl
rounds 7.2.3 513 1 >r2.jsonl
expect 0 "" "$m" report r1.jsonl r2.jsonl --out rounds --quiet
r=rounds/REPORT.md
check "rounds to the device" grep -qxF '| IPI rounds of 512 pages to the device, 4k, 3 other CPUs | IPI rounds a batch | 513 | 513 |' $r
check "rounds of the call" grep -qxF '| IPI rounds of 512 pages by move_pages, 4k, 3 other CPUs | IPI rounds a batch | 512 | 1 (−511) |' $r
check "cost without bystanders, where names do not speak of any" grep -qxF '| A page to the device, 4k, batch 512 † | instructions a page | 700 | 700 *≈ +0 %* |' $r
sed 's/\[358400,358400\]/[716800,716800]/' r2.jsonl >r3.jsonl
expect 0 "" "$m" report r1.jsonl r3.jsonl --out copied --quiet
check "what may be the copy's change is not bold" grep -qxF '| A page to the device, 4k, batch 512 † | instructions a page | 700 | 1,400 +100 % |' copied/REPORT.md
check "and why is said" grep -q '^A dash.*how it copies depends on the emulated CPU: no change is bold there\.' copied/REPORT.md
check "that nobody knows by which builds of migbench" grep -q '^- Which build of migbench made each of the runs is not recorded\. Another build moves points' $r
made() { # RUN PROGRAM ARCH
	jq -c --arg by "$2" --arg arch "$3" 'if .type == "run" then .env.program_sha256 = $by | .env.arch = $arch else . end' "$1"
}
made r1.jsonl one x86_64 >one-a.jsonl
made r2.jsonl one x86_64 >one-b.jsonl
made r2.jsonl two x86_64 >two.jsonl
made r2.jsonl three aarch64 >three.jsonl
builds() { # NAME RUN…: what a report of these says of builds
	local name=$1
	shift
	expect 0 "" "$m" report "$@" --out "builds-$name" --quiet
	grep -o '^- [^.]*build of migbench[^.]*' "builds-$name/REPORT.md"
}
check "one build is nothing to speak of" test -z "$(builds one one-a.jsonl one-b.jsonl)"
check "nor is that of another architecture" test -z "$(builds arch one-a.jsonl three.jsonl)"
check "two are" test "$(builds two one-a.jsonl two.jsonl)" = "- **These runs are of more than one build of migbench"
check "and one of which nobody knows" test "$(builds some one-a.jsonl r2.jsonl)" = "- Which build of migbench made them is not recorded in 1 of 2 runs"
check "both in one finding" grep -qF 'On 7.2, with threads of the process on 3 other CPUs, a batch of 512 4k pages to the device takes 513 IPI rounds, and as many moved by move_pages take 1 (512 on 6.1).' $r
rounds 7.2.3 513 1 0 >r2.jsonl
expect 0 "" "$m" report r1.jsonl r2.jsonl --out quiet --quiet
check "the way home has none" grep -qF 'by move_pages take 1 (512 on 6.1); a CPU fault and an eviction take none.' quiet/REPORT.md
check "as a row, too" grep -qxF '| IPI rounds of a CPU fault, 4k, 3 other CPUs | IPI rounds a batch | – | 0 |' quiet/REPORT.md
rounds 7.2.3 513 1 2 >r2.jsonl
expect 0 "" "$m" report r1.jsonl r2.jsonl --out loud --quiet
check "nor is it said where it has" test "$(grep -c 'take none' loud/REPORT.md)" = 0
rounds 6.1.2 1 1 >r1.jsonl
rounds 7.2.3 1 512 >r2.jsonl
expect 0 "" "$m" report r1.jsonl r2.jsonl --out turned --quiet
check "and the other way round" grep -qF 'to the device takes 1 IPI rounds, and as many moved by move_pages take 512 (1 on 6.1).' turned/REPORT.md

# Another clock has a table of its own; shape has none.
sed 's/"clock":"insns"/"clock":"time"/; s/"unit":"insns"/"unit":"ns"/g; s/"emulated":true/"emulated":false/; s/"id":"7.2.3"/"id":"t"/' c.jsonl >time.jsonl
expect 0 "" "$m" report b.jsonl c.jsonl time.jsonl --out clocks --quiet
check "two tables" test "$(grep -c '^## What it costs, in ' clocks/REPORT.md)" = 2
check "no row has both" sh -c '! grep -q "^| A page.*instructions.*ns" clocks/REPORT.md'
check "the time is in its own" grep -qxF '| A page to the device, 4k, batch 512 | ns a page | 1,300 |' clocks/REPORT.md
sed 's/"emulated":false/"emulated":true/' time.jsonl >shape.jsonl
expect 0 "" "$m" report c.jsonl shape.jsonl --out shape --quiet
check "no table of shape" test "$(grep -c '^## What it costs, in ' shape/REPORT.md)" = 1
check "nor a figure" sh -c '! grep -q " ns\b" shape/REPORT.md'
check "it is mentioned, with its warning" grep -q '^- Host-clock time in emulation, which shows shape and function, not speed, .*(<report/run-7.2-time.md>)' shape/REPORT.md

# The published runs: the questions that people have, answered on one page.
profiles=()
for profile in "$published"/profile-*.json; do profiles+=(--profile "$profile"); done
expect 0 "" "$m" report "$published"/insns-{5.10,6.1,6.12,7.2}.jsonl "$published"/6.1-time.jsonl "${profiles[@]}" --out four --quiet
expect 0 "" "$m" report "$published"-full/6.1-insns.jsonl "$published"/6.1-time.jsonl --out single --quiet
for out in three bare one clocks shape four single; do
	check "$out: 120 lines at most" test "$(wc -l <$out/REPORT.md)" -le 120
	for link in $(grep -oh '](<[^>]*>' $out/REPORT.md | sed 's/](<//; s/>$//'); do
		check "$out: $link leads somewhere" test -s "$out/$link"
	done
done
r=four/REPORT.md
check "7.2 against 6.12 to the device, and where" grep -qE '^[1-5]\. From 6\.12 to 7\.2, a 4k page costs [0-9.]+ % more to the device .* in the phases .*By function' $r
check "what 2m changes" grep -qE '^[1-5]\. From 6\.12 to 7\.2, a 2m page costs [0-9.]+ % less to the device .*a30b48bf1b24' $r
check "flushes since 5.19" grep -qE '^[1-5]\. .*takes 513 TLB flushes.*\(5\.19\)' $r
check "what kept bits save" grep -qE '^[1-5]\. .*hot pages had to be swapped in again.*2e3468778dbe' $r
check "how exact" grep -q '^- Deterministic: at all ' $r
check "how to repeat it" grep -q '^- `migbench lab run --kernel 5.10,6.1,6.12,7.2 ' $r
check "no shootdown on 4 CPUs, which no run has" sh -c '! grep -q "4 CPUs" "$0"' $r
check "a dash where a kernel has no such thing" grep -q '^| Eviction by frame number, 4k, batch 512 (evicted by: –, migrate_device_range, migrate_device_range, migrate_device_pfns) | instructions a page | – | ' $r
# bits KERNEL CPU HW_YOUNG KEPT DROPPED: first reads of 64 pages of 64 KiB after a move, in instructions a page.
bits() {
	local retention cost id=0
	echo '{"type":"run","format":1,"id":"'"$1$3"'","clock":"insns","seed":7,"lab":{"kernel":"'"$1"'","boots":2},"env":{"kernel":"'"$1"'","emulated":true,"arch":"aarch64","cpu":"'"$2"'","page_size":65536,"hw_young":'"$3"'},"config":{"suite":"s"}}'
	for retention in on off; do
		cost=$4
		[ $retention = on ] || cost=$5
		echo '{"type":"point","id":'$((++id))',"benchmark":"ad","params":{"journey":"system","retention":"'$retention'","access":"read","page":"64k","nodes":"0>1","batch":64}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":64,"invalid":0,"counters":{"page_faults":'$((cost > 100 ? 64 : 0))'},"metrics":{"total":{"unit":"insns","values":['$((64 * cost)),$((64 * cost))']}}}'
	done
	echo '{"type":"end"}'
}
bits 6.1.2-arm64-64k cortex-a57 0 5 1005 >faults.jsonl
bits 6.1.2-arm64-64k neoverse-n1 1 5 5 >sets.jsonl
expect 0 "" "$m" report faults.jsonl sets.jsonl --out bits --quiet
check "what a kept bit saves, of a page and of a GiB, where it is a fault" grep -q '^[1-5]\. Keeping the accessed bits of pages that are moved saves their first read 1,000 instructions a page on 6.1[^ ]* .*cortex-a57 (5[.0]* instead of 1,005, with 0[.0]* instead of 64[.0]* page faults at 64 pages), 16.4 million for a GiB\. On 6.1[^,]*neoverse-n1, whose CPU sets them itself, it saves nothing there\.' bits/REPORT.md
expect 0 "" "$m" report sets.jsonl --out sets --quiet
check "and nothing of it where it saves nothing anywhere" sh -c '! grep -q "first read\|First read" "$0"' sets/REPORT.md

# Names with spaces, of which a part is common to all that are drawn, stay one column of the picture's data.
for name in a b; do
	sed -E 's/"emulated":true/"emulated":true,"arch":"aarch64","cpu":"neoverse-n1 r4p1"/; s/"kernel":"([0-9.]+)"/"kernel":"\1-arm64-4k"/g' $name.jsonl >$name-arm.jsonl
done
# Of other pages no sentence and no table says 4k or 2m.
for name in b c; do
	sed 's/"page":"4k"/"page":"64k"/; s/"emulated":true/"emulated":true,"arch":"aarch64","page_size":65536/' \
		$name.jsonl >$name-64k.jsonl
done
expect 0 "" "$m" report b-64k.jsonl c-64k.jsonl --out large --quiet
check "a change is of a page of 64 KiB" grep -q '^[1-5]\. From 6.1 to 7.2, a 64k page costs 25 % more to the device' large/REPORT.md
check "so are flushes" grep -q '^[1-5]\. On 7.2, a batch of 512 exclusive 64k pages to the device takes 513 TLB flushes' large/REPORT.md
check "no other page is named" sh -c '! grep -E "(^|[^0-9])(4k|2m) page" large/REPORT.md large/report/*.md'
expect 0 "" "$m" report a-arm.jsonl b-arm.jsonl faults.jsonl --out drawn --quiet
check "a bar for each kernel that has the point, by what tells it apart" test "$(grep -ohE '^"[^"]*" [0-9. ]*$' drawn/plots/versions-insns.svg | cut -d' ' -f1 | sort -u | tr -d '\n')" = '"5.10""6.1"'
check "what they have in common stands at the axis" grep -q "XLABEL = 'kernel arm64-4k neoverse-n1'" drawn/plots/versions-insns.svg
finish
