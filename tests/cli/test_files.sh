#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: which files may be boots of one side, what a reader passes over, and a folder where a file belongs.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# file NAME ID BOOT SEED CLOCK: one point of one boot.
file() {
	{
		echo '{"type":"run","format":1,"id":"'"$2"'","started":"T","clock":"'"$5"'","seed":'"$4"',"env":{"kernel":"6.1"},"config":{}}'
		echo '{"type":"point","id":1,"benchmark":"m","params":{"batch":1}}'
		echo '{"type":"block","point":1,"boot":'"$3"',"pages":1,"metrics":{"total":{"unit":"'"$6"'","values":[10,11,12]}}}'
		echo '{"type":"end"}'
	} >"$1"
}
for boot in 0 1 2; do
	file boot-$boot one $boot 42 time ns
	file other-$boot "other-$boot" 0 42 time ns
done
# One run in several files: three boots, and no boot twice.
expect 0 "" "$m" compare boot-0,boot-1,boot-2 other-0,other-1,other-2 --format json
check "three boots a side" jq -e '.points[0] | .a.boots == 3 and .b.boots == 3' stdout
cp boot-1 copy
expect 2 "copy: this run was given already, as another file" "$m" compare boot-0,boot-1,copy other-0

# Files that were written after one template are boots of their own where what was measured differs.
sed 's/10,11,12/10,12,13/' boot-1 >alike
expect 0 "" "$m" compare boot-0,boot-1,alike other-0,other-1,other-2 --format json
check "three boots again" jq -e '.points[0].a.boots == 3' stdout
head -n 3 boot-1 >cut
"$m" compare boot-0,boot-1,cut other-0 >stdout 2>stderr
check "the same boot, cut short, is not" test $? -eq 2
sed 's/"6.1"/"6.12"/; s/10,11,12/20,21,22/' boot-0 >kernel
expect 0 "" "$m" report boot-0 kernel --out both --quiet

# What does not say its architecture is reported, and compared.
sed 's/"kernel":"6.1"/&,"arch":"aarch64"/' boot-0 >arm64
expect 0 "" "$m" compare arm64 other-0
check "it is said" grep -qE '^ *arch +aarch64 +' stdout
sed 's/"kernel":"6.1"/&,"arch":"x86_64"/' other-0 >x86
expect 2 "one architecture is not one of another" "$m" compare arm64 x86
# A run of the lab from before that was recorded is of x86-64.
sed 's/"type":"run",/&"lab":{"kernel":"6.1"},/' other-0 >lab
expect 2 "one architecture is not one of another" "$m" compare arm64 lab

expect 2 "^migbench: arm64 is of aarch64 and x86 of x86_64:" "$m" compare arm64 x86

# One that failed is not there: boots are those that are, in all that is said of them.
{
	head -n 3 boot-0
	sed -n 3p boot-1
	sed -n '3s/"boot":2/"boot":7/p' boot-2
	tail -n 1 boot-0
} >gap
expect 0 "" "$m" compare gap other-0,other-1,other-2 --format json
check "three boots of eight" jq -e '.runs[0].boots == 3 and .points[0].a.boots == 3' stdout
# A boot that stands alone, or agrees with the others, is what it is to the last digit.
sed 's/10,11,12/100,100,100/' boot-0 >even
expect 0 "" "$m" compare even other-0 --format json
check "the median itself" grep -q '"location":100.0,' stdout
# Two files of one name are told apart.
mkdir old new
file old/run old 0 1 time ns
file new/run new 0 1 insns insns
expect 2 "^migbench: old/run has the clock time and new/run has insns" "$m" compare old/run new/run

# Cut in its second boot a run under insns is still the plan that the other has.
for name in whole other; do
	{
		echo '{"type":"run","format":1,"id":"'$name'","started":"T","clock":"insns","seed":1,"env":{"kernel":"6.1"},"config":{}}'
		echo '{"type":"point","id":1,"benchmark":"m","params":{"batch":1}}'
		for boot in 0 1; do
			for round in 1 2; do
				echo '{"type":"block","point":1,"boot":'$boot',"round":'$round',"pages":1,"metrics":{"total":{"unit":"insns","values":[10,10]}}}'
			done
		done
		echo '{"type":"end"}'
	} >$name
done
head -n 5 other >half
expect 0 "half: .*cut|half: .*end" "$m" compare whole half
sed '/"round":2/d' other >fewer
expect 2 "4 samples a boot in whole and 2 in fewer" "$m" compare whole fewer

# Fenced stamps cost something themselves.
sed '1{s/"env":{/&"stamps":"fenced",/; s/other-0/fenced/}' other-0 >fenced
expect 2 "boot-0 has usual stamps and fenced fenced ones: more than the kernel differs; --force" "$m" compare boot-0 fenced
expect 0 "" "$m" compare boot-0 fenced --force
expect 0 "" "$m" compare fenced fenced
expect 0 "" "$m" report other-0 fenced --out stamps --quiet
check "they have a column of their own" grep -rqE '\| 6\.1 \| 6\.1, fenced stamps \|' stamps

# As many counters as there may be, in each block.
many=$(seq 256 | sed 's/.*/"c&":1/' | paste -sd ,)
sed '3{p}' other-0 | sed "3,4s/\"pages\":1,/&\"counters\":{$many},/" >counters
expect 0 "" "$m" export counters --format csv
sed '3s/"c1":1,/"c0":1,&/' counters >counters-more
expect 2 "more than 256 counters" "$m" export counters-more --format csv

# What costs nothing has no shares, and no change in percent.
for version in 6.1 6.12; do
	{
		echo '{"type":"run","format":1,"id":"'$version'","started":"T","clock":"insns","seed":42,"env":{"kernel":"'$version'"},"config":{}}'
		echo '{"type":"point","id":1,"benchmark":"migrate","params":{"direction":"to-device","memory":"private","page":"4k","batch":64,"nodes":"0>1","state":"exclusive","threads":1}}'
		zero='{"unit":"insns","values":[0,0,0]}'
		echo '{"type":"block","point":1,"boot":0,"pages":64,"metrics":{"total":'$zero',"setup":'$zero',"copy":'$zero',"pages":'$zero'}}'
		echo '{"type":"end"}'
	} >zero-$version
done
sed -i 's/"total":{"unit":"insns","values":\[0,0,0\]/"total":{"unit":"insns","values":[100,100,100]/' zero-6.12
expect 0 "" "$m" report zero-6.1 zero-6.12 --out zero --quiet
check "no figure is nan or inf: $(grep -rhoE '.{20}[+-]?\b(nan|inf)\b' zero --include=*.md | head -n 3)" test -z "$(grep -rlE '\b(nan|inf)\b' zero --include=*.md)"

# Under the clock insns boots of one side have one seed.
file first one 0 42 insns insns
file seed two 0 43 insns insns
file base three 0 42 insns insns
expect 2 "seed: .*under the clock insns boots of one side have one seed and one plan" "$m" compare first,seed base

# What this reader does not know may stand anywhere.
sed '1i {"type":"comment","text":"of another program"}' base >commented
expect 0 "" "$m" compare commented first

# A point that B alone was to measure: B says why it has none.
{
	sed '$d' other-0
	echo '{"type":"point","id":2,"benchmark":"numa","params":{"batch":1}}'
	echo '{"type":"skip","point":2,"boot":0,"why":"one node only here"}'
	echo '{"type":"end"}'
} >skipped
expect 0 "" "$m" compare boot-0 skipped
check "B's reason" grep -q "one node only here" stdout

mkdir folder
expect 2 "folder: is a folder, and no INI file" "$m" lab campaign plan folder
expect 2 "^migbench: folder/: is a folder, and no INI file$" "$m" run --suite folder/ --out run.jsonl
expect 2 "--profile folder: is a folder" "$m" compare first base --profile folder
expect 2 "unknown option '-x'" "$m" list -xy
expect 2 "trend takes no value" "$m" compare first base --trend=5
for command in compare "lab run" lab; do
	# shellcheck disable=SC2086
	expect 0 "" "$m" $command --version
	check "$command --version" cmp stdout <("$m" --version)
done
finish
