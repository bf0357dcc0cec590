#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report on several kernels: cost by phase, behaviours with their commits, profiles.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# run KERNEL SETUP FLUSHES ANSWER: 64 pages there, 100 a page in each of the other phases.
run() {
	local values phase metrics=
	echo '{"type":"run","format":1,"id":"'"$1"'","clock":"insns","seed":1,"env":{"kernel":"'"$1"'","emulated":true},"config":{}}'
	for phase in alloc copy pages finalize; do
		metrics+=',"'$phase'":{"unit":"insns","values":[6400,6400]}'
	done
	values=$((64 * ($2 + 400)))
	echo '{"type":"point","id":1,"benchmark":"migrate","params":{"batch":64,"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"exclusive","threads":1}}'
	echo '{"type":"block","point":1,"boot":0,"round":1,"pages":64,"invalid":0,"counters":{"tlb_flushes":'"$3"'},"metrics":{"total":{"unit":"insns","values":['$values,$values']},"setup":{"unit":"insns","values":['$((64 * $2)),$((64 * $2))']}'"$metrics"'}}'
	echo '{"type":"probe","id":"flush-per-page","commit":"6c287605fd56","title":"PG_anon_exclusive","release":"5.19","answer":"'"$4"'","why":"seen"}'
	echo '{"type":"probe","id":"same","commit":"44af0b45d58d","answer":"present","why":"seen"}'
	echo '{"type":"end","blocks":1}'
}
run 5.10.1 200 1 absent >old.jsonl
run 6.1.2 300 65 present >mid.jsonl
run 7.2.3 150 65 present >new.jsonl
cat >profile.json <<'END'
{"name":"migrate/batch=64","kernels":["5.10.1","6.1.2"],"pages":64,"coverage":1.0,"totals":{"a":38400,"b":44800},
 "functions":[{"name":"migrate_vma_collect_pmd","phase":"setup","a":6400,"b":12800,"diff":6400},
  {"name":"copy_page","phase":"copy","a":6400,"b":6400,"diff":0}]}
END

"$m" report old.jsonl mid.jsonl new.jsonl --profile profile.json --out report --quiet
whole report
# Beside each figure stands its ratio to the first kernel's.
check 'the phases' grep -F '| to the device, setup | 200 | 300 (×1.500) | 150 (×0.750) |' report/whole
check 'the total' grep -F '| **to the device, total** | 600 | 700 (×1.167) | 550 (×0.917) |' report/whole
check 'the flushes' grep -F '| to the device, TLB flushes of the batch | 1 | 65 | 65 |' report/whole
# A behaviour that changed is listed with its commit, one that did not is not.
check 'what changed' grep -F '| PG_anon_exclusive (6c287605fd56, 5.19) | absent | present | present |' report/whole
check 'what did not change' [ "$(grep -c 44af0b45d58d report/whole)" = 0 ]
check 'the sentence' grep -F 'A page to the device, in instructions: 600 on 5.10, 700 on 6.1 (+17 %), 550 on 7.2 (−21 %).' report/whole
check 'the profile' grep -F '| migrate_vma_collect_pmd | setup | 100 | 200 | +100.0 |  |' report/whole
check 'the picture' [ -s report/plots/versions-insns.svg ]

# A count that came from nothing, or went to it, has changed; what is within the doubt has not.
for side in "6.1.2 65" "7.2.4 0"; do
	# shellcheck disable=SC2086
	set -- $side
	run "$1" 300 "$2" present | sed 's/"batch":64/"batch":512/; s/"pages":64/"pages":512/' >"flushes-$2.jsonl"
done
"$m" report flushes-65.jsonl flushes-0.jsonl --out none --quiet
check 'to nothing' grep -qF 'takes 0 TLB flushes; on 6.1 it was 65.' none/REPORT.md
check 'the cost is as it was' sh -c '! grep -qF "In instructions: " none/REPORT.md && ! grep -qF "A page to the device, in instructions" none/REPORT.md'
sed 's/44800,44800/44830,44830/; s/6\.1\.2/6.12.1/g' mid.jsonl >near.jsonl
"$m" report mid.jsonl near.jsonl --out near --quiet
whole near
check 'hardly a change' grep -qF '700 on 6.1, 700 on 6.12 (≈ +0.067 %)' near/whole
check 'and no finding' sh -c '! grep -F "700 on 6.12" near/whole | grep -q "^[0-9]*\."'

# One fault of a 2m page brings back one base page here, and all 512 there: a page is what counts.
# faults KERNEL PAGES COST: two boots with one fault a boot.
faults() {
	local boot
	run "$1" 300 65 present | grep -v '"end"'
	echo '{"type":"point","id":2,"benchmark":"fault","params":{"access":"read","memory":"private","nodes":"0>1","page":"2m"}}'
	for boot in 0 1; do
		echo '{"type":"block","point":2,"boot":'$boot',"round":1,"pages":1,"requested":'"$2"',"collected":'"$2"',"migrated":'"$2"',"invalid":0,"metrics":{"total":{"unit":"insns","values":['"$3"','"$3"']}}}'
	done
	echo '{"type":"end"}'
}
faults 6.12.1 1 6700 >one.jsonl
faults 7.2.3 512 321024 >all.jsonl
cat >fault.json <<'END'
{"name":"fault/access=read,memory=private,nodes=0>1,page=2m","kernels":["6.12.1","7.2.3"],"pages":1,"coverage":1.0,"totals":{"a":6700,"b":321024},
 "functions":[{"name":"copy_page","phase":"copy","a":514,"b":263680,"diff":263166},
  {"name":"set_pte","phase":"pages","a":6186,"b":57344,"diff":51158}]}
END
expect 0 "" "$m" report one.jsonl all.jsonl --profile fault.json --out pages --quiet
whole pages
check 'the cost of a page, and why it is one of another kind' grep -F \
	'page=2m (pages a fault moves: 1, 512) † | 6,700 | 627 (×0.094) |' pages/whole
grep -A5 '^\*\*From 6.12.1 to 7.2.3' pages/whole | grep "^| [sc]" >rows
check 'what depends on the CPU stands apart' grep -F 'depends on the CPU, which is emulated here. All such functions together: 514 before and 515 after. Without them: 6,186 to 112 instructions a page (-6074.0).' pages/whole
check 'also where no profile tells' grep -q '^† The kernel.s own copy of the pages is in it' pages/whole
check 'and in a finding' grep -q '^- .*a page of fault/.* copy is in it, and depends on what the emulated CPU offers' pages/whole
check 'functions by the page, the largest change first' diff rows - <<'END'
| set_pte | pages | 6,186 | 112 | -6074.0 |  |
| copy_page † | copy | 514 | 515 | +1.0 |  |
END
check 'what the runs have beside it' grep -F 'The medians of the runs are 6,700 and 627. The rows add up to the change of the profile.' pages/whole
check 'their sum' grep -F '6,700 to 627 instructions a page (-6073.0)' pages/whole
check 'the fault' grep -F 'costs 321,024 instructions at the median and 321,024 at the 99th percentile, and brings 512 pages back: 627 a page.' pages/whole
check 'and in the table of all points' grep -F '| 321,024 | 627 |' pages/whole

# What changed most is of all kernels, the largest change first, with or without gnuplot.
# big KERNEL COST COST: a 2m point, and one that is noisy by its own account.
big() {
	run "$1" "$4" 65 present | grep -v '"end"'
	echo '{"type":"point","id":2,"benchmark":"migrate","params":{"batch":512,"direction":"to-device","memory":"private","nodes":"0>1","page":"2m","state":"exclusive","threads":1}}'
	echo '{"type":"block","point":2,"boot":0,"round":1,"pages":512,"invalid":0,"counters":{"whole":'"$5"'},"metrics":{"total":{"unit":"insns","values":['$((512 * $2)),$((512 * $2))']}}}'
	echo '{"type":"point","id":3,"benchmark":"tlb","params":{"cpus":1,"op":"mprotect","pages":1}}'
	echo '{"type":"block","point":3,"boot":0,"round":1,"pages":1,"invalid":0,"metrics":{"total":{"unit":"insns","values":['"$3,$3"']}}}'
	echo '{"type":"floor","point":3,"metric":"total","floor":9.5}'
	echo '{"type":"end"}'
}
big 5.10.1 4000 100 200 0 >big-1.jsonl
big 6.1.2 4100 1000 201 0 >big-2.jsonl
big 7.2.3 640 100 300 512 >big-3.jsonl
mkdir empty
expect 0 "gnuplot is not installed" env PATH="$scratch/empty" "$m" report big-?.jsonl --out bare --quiet
expect 0 "" "$m" report big-?.jsonl --out drawn --quiet
for out in bare drawn; do
	sed -n '/^What changed most/,/^What differs/p' $out/report/side-by-side.md >main
	check "$out: all kernels first" grep -q '^- .*A page to the device, in instructions: 600 on 5.10, 601 on 6.1' main
	check "$out: the largest change" grep -q '^- .*From 6.1.2 to 7.2.3 a page of migrate/batch=512.*page=2m.* costs 640 instructions instead of 4,100 (−84 %)' main
	check "$out: and what else than the kernel" grep -q '^- .*What else differs: pages moved in whole huge pages: 0, 512' main
	check "$out: the next of another kind" grep -q '^- .*From 6.1.2 to 7.2.3 a page of migrate/batch=64,.*page=4k.*(+16 %)' main
	check "$out: nothing within its noise floor" sh -c '! grep -q tlb main'
	check "$out: no more, no fewer" [ "$(grep -c '^- ' main)" = 3 ]
done

# What stands beside a figure of others is of the kernel that it names, or names its own.
mkdir -p data/analysis
ln -s "$MIGBENCH_SOURCE"/analysis/plots data/analysis/plots
cat >data/analysis/published.json <<'END'
[{"what":"a","figure":"9","source":"s","hardware":"h","kernel":"6.1","clock":"insns","ours":"migrate/batch=512,*","comparable":"no"},
 {"what":"b","figure":"9","source":"s","hardware":"h","ours":"migrate/batch=512,*","comparable":"no"},
 {"what":"c","figure":"9","source":"s","hardware":"h","kernel":"6","ours":"migrate/batch=512,*","comparable":"no"},
 {"what":"d","figure":"9","source":"s","hardware":"h","clock":"time","ours":"migrate/batch=512,*","comparable":"no"}]
END
expect 0 "" env MIGBENCH_DATA="$scratch/data" "$m" report big-?.jsonl --out beside --quiet
whole beside
check 'of the kernel that is named' grep -F '| a | 9 | s; h | 2,099,200 instructions on 6.1.2 for 512 pages | no |' beside/whole
check 'of all, each with its own' grep -F '| b | 9 | s; h | 2,048,000 instructions on 5.10.1 for 512 pages; 2,099,200 instructions on 6.1.2 for 512 pages; 327,680 instructions on 7.2.3 for 512 pages | no |' beside/whole
check 'of a series of series' grep -F '| c | 9 | s; h | 2,099,200 instructions on 6.1.2 for 512 pages | no |' beside/whole
check 'or not shown' grep -F '| d | 9 | s; h | not measured | no |' beside/whole
check 'what is installed names its sources' jq -e 'length > 0 and all(.[];
	(.source | length) > 0 and (.hardware | length) > 0 and (.figure | length) > 0)' "$MIGBENCH_SOURCE/analysis/published.json"
{
	run 6.1.2 300 65 present | grep -v '"end"'
	echo '{"type":"point","id":2,"benchmark":"hmm","params":{"batch":64,"direction":"to-device"}}'
	echo '{"type":"block","point":2,"boot":0,"round":1,"pages":64,"requested":64,"collected":64,"migrated":64,"invalid":0,"metrics":{"total":{"unit":"insns","values":['$((64 * 5713)),$((64 * 5713))']}}}'
	echo '{"type":"end"}'
} >hmm.jsonl
expect 0 "" "$m" report old.jsonl hmm.jsonl --out hmm --quiet
whole hmm
check "the kernel's driver beside ours of the same boots" grep -F '| 6.1.2 | instructions | 64 | 5,713 | 700 | not measured | not measured |' hmm/whole
check 'and of no other kernel' [ "$(sed -n '/^## Beside lib/,/^## F/p' hmm/whole | grep -c '^| [0-9]')" = 1 ]

# One kernel alone has no such section.
"$m" report old.jsonl --out alone --quiet
whole alone
check 'one kernel' [ "$(grep -c 'side by side' alone/whole)" = 0 ]

expect 2 'profile' "$m" report old.jsonl mid.jsonl --profile old.jsonl --out bad
expect 2 'profile' "$m" report old.jsonl mid.jsonl --profile missing.json --out bad
expect 2 'profile /dev/fd/[0-9]* is no regular file, and it is read more than once; write it into a file first' \
	"$m" report old.jsonl mid.jsonl --profile <(cat profile.json) --out bad
check 'nothing left behind' [ ! -e bad ]
# A further suite of the same kernels has a page of its own, refusals and skips included.
# states KERNEL FLUSHES: 64 pages of which none moves, and a point that is skipped.
states() {
	echo '{"type":"run","format":1,"id":"'"$1"'-states","clock":"insns","seed":1,"env":{"kernel":"'"$1"'","emulated":true},"config":{"suite":"states"}}'
	echo '{"type":"point","id":1,"benchmark":"migrate","params":{"batch":64,"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"pinned","threads":1}}'
	echo '{"type":"point","id":2,"benchmark":"migrate","params":{"batch":64,"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"hole","threads":1}}'
	echo '{"type":"block","point":1,"boot":0,"round":1,"pages":64,"requested":64,"collected":0,"migrated":0,"invalid":0,"counters":{"tlb_flushes":'"$2"',"ipi_rounds":0},"metrics":{"total":{"unit":"insns","values":[6400,6400]}}}'
	echo '{"type":"skip","point":2,"boot":0,"why":"no holes today"}'
	echo '{"type":"point","id":3,"benchmark":"fault","params":{"access":"read","memory":"private","nodes":"0>1","page":"2m"}}'
	echo '{"type":"block","point":3,"boot":0,"round":1,"pages":1,"requested":'"$2"',"collected":'"$2"',"migrated":'"$2"',"invalid":0,"metrics":{"total":{"unit":"insns","values":['$((600 * $2)),$((600 * $2))']}}}'
	echo '{"type":"end","blocks":1}'
}
states 5.10.1 1 >old-states.jsonl
states 6.1.2 64 >mid-states.jsonl
"$m" report old.jsonl mid.jsonl old-states.jsonl mid-states.jsonl --out states --quiet
page=states/report/side-by-side-states-insns.md
pinned='| migrate/batch=64,direction=to-device,memory=private,nodes=0>1,page=4k,state=pinned,threads=1 |'
check 'what a refusal costs' grep -F "$pinned 100 | 100 |" $page
check 'how many moved' grep -F "$pinned 0 | 0 |" $page
check 'of a fault, a page that came along' grep -F 'fault/access=read,memory=private,nodes=0>1,page=2m (pages a fault moves: 1, 64) † | 600 | 600 |' $page
check 'their flushes' grep -F "$pinned 1 | 64 |" $page
check 'no table of nothing' [ "$(grep -c 'Rounds of IPIs' $page)" = 0 ]
check 'why one is not there' grep -F 'state=hole,threads=1 (5.10.1, 6.1.2): no holes today' $page
check 'the first page knows it' grep -F 'side-by-side-states-insns.md' states/REPORT.md
check 'the first suite has none' [ ! -e states/report/side-by-side--insns.md ]
# In whatever order they are given.
"$m" report old.jsonl mid-states.jsonl old-states.jsonl mid.jsonl --out mixed --quiet
check 'what both have is side by side' cmp mixed/report/side-by-side.md states/report/side-by-side.md
check 'and so is the further suite' cmp mixed/${page#states/} $page


# Over the releases: a cost that changed with a behaviour has its commit beside it, another one has none.
# release KERNEL COST ANSWER: a 2m page there.
release() {
	run "$1" 200 1 absent | grep -v '"end"'
	echo '{"type":"point","id":2,"benchmark":"migrate","params":{"batch":512,"direction":"to-device","memory":"private","nodes":"0>1","page":"2m","state":"exclusive","threads":1}}'
	echo '{"type":"block","point":2,"boot":0,"round":1,"pages":512,"invalid":0,"metrics":{"total":{"unit":"insns","values":['$((512 * $2)),$((512 * $2))']}}}'
	echo '{"type":"probe","id":"device-thp","commit":"a30b48bf1b24","title":"whole","release":"6.19","answer":"'"$3"'","why":"seen"}'
	echo '{"type":"end"}'
}
release 6.12.117-lab 4000 absent >r1.jsonl
release 6.12.118-lab 4400 absent >r2.jsonl
release 7.2.13-lab 600 present >r3.jsonl
expect 0 "" "$m" report r1.jsonl r2.jsonl r3.jsonl --out releases --quiet
for word in 6.12.117 6.12.118 '7\.2' a30b48bf1b24 'to the device, 4k' 'to the device, 2m'; do
	check "the picture has $word" grep -q "$word" releases/plots/releases-insns.svg
done
check "one commit, of one cost" test "$(grep -c a30b48bf1b24 releases/plots/releases-insns.svg)" -eq 1
check "and what it did" grep -qF 'From 6.12.118 to 7.2, with commit a30b48bf1b24 (6.19), whole: A page to the device, 2m, batch 512, −86 %.' releases/report/side-by-side.md
expect 0 "" "$m" report r1.jsonl r2.jsonl --out two --quiet
check "two kernels need no picture of it" test ! -e two/plots/releases-insns.svg
for ((i = 0; i < 40; i++)); do release 6.1.$i-lab $((4000 + 10 * i)) absent >many$i.jsonl; done
expect 0 "" "$m" report many?.jsonl many??.jsonl --out many --quiet
check "forty releases" grep -q '6.1.39' many/plots/releases-insns.svg
check "nobody knows a commit" grep -q 'No commit is known that makes a change between these 40 kernels' many/report/side-by-side.md
finish
