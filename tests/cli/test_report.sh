#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report on good, damaged and missing run files; where it writes and what it leaves.
. "$MIGBENCH_SOURCE/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# run_file CLOCK UNIT: a run of migrate, copy and fault with a cost of 9000 + 3000 a page.
run_file() {
	local id=0 n
	echo '{"type":"run","format":1,"id":"'"$1"'","clock":"'"$1"'","label":"L","seed":42,"env":{"kernel":"6.1.9_x","emulated":true},"config":{"suite":"t"},"lab":{"kernel":"6.1","boots":1}}'
	for n in 1 8 64 512; do
		for direction in to-device to-system; do
			echo '{"type":"point","id":'$id',"benchmark":"migrate","params":{"batch":'$n',"direction":"'$direction'","memory":"private","nodes":"0>1","page":"4k"}}'
			block $id $n $((9000 + 3000 * n)) "$2"
			id=$((id + 1))
		done
		echo '{"type":"point","id":'$id',"benchmark":"copy","params":{"batch":'$n',"nodes":"0>1","page":"4k"}}'
		block $id $n $((520 * n)) "$2"
		id=$((id + 1))
	done
	echo '{"type":"point","id":'$id',"benchmark":"fault","params":{"access":"read","memory":"private","nodes":"0>1","page":"4k"}}'
	block $id 1 6600 "$2"
	echo '{"type":"end"}'
}

# block ID PAGES TOTAL UNIT
block() {
	echo '{"type":"block","point":'"$1"',"boot":0,"round":1,"pages":'"$2"',"invalid":0,"metrics":{"total":{"unit":"'"$4"'","values":['"$3,$3,$(($3 + 8))"']},"setup":{"unit":"'"$4"'","values":['$(($3 / 2)),$(($3 / 2)),$(($3 / 2))']}}}'
}

run_file insns insns >insns.jsonl
run_file time ns >time.jsonl

expect 0 "" "$m" report insns.jsonl time.jsonl --out out
check "the place of the report" grep -q "^report: out/REPORT.md" stdout
check "three findings" [ "$(grep -c '^  [1-3]\. ' stdout)" -eq 3 ]
check "the fit" grep -qE "costs 9,000 \(± [0-9.]+\) \+ 3,000 " out/REPORT.md
check "how to do it again" grep -q "migbench lab run --kernel 6.1 --clock insns --suite t" out/REPORT.md
check "honesty" grep -q "shape and function, not speed" out/REPORT.md
check "nothing hidden left" [ -z "$(find . -name '.report-*')" ]
if command -v gnuplot >/dev/null; then
	for plot in batch phases fault fault-phases; do
		for clock in insns time; do
			check "$plot-$clock.png" [ "$(head -c 4 out/plots/$plot-$clock.png | tail -c 3)" = PNG ]
			check "$plot-$clock.svg" grep -q "6.1.9_x" out/plots/$plot-$clock.svg
			check "link to $plot-$clock" grep -q "(<plots/$plot-$clock.png>)" out/REPORT.md
		done
	done
	check "emulated on a plot" grep -q "emulated" out/plots/batch-insns.svg
fi

expect 2 "out/REPORT.md exists already" "$m" report insns.jsonl --out out
expect 0 "" "$m" report insns.jsonl --out out --force --quiet
check "quiet" [ ! -s stdout ]
check "plots that no longer belong are gone" [ ! -e out/plots/batch-time.png ]
expect 0 "" "$m" report insns.jsonl --out far/away --markdown here.md
check "links from elsewhere" sh -c '! grep "!\[" here.md || grep -q "(<far/away/plots/" here.md'
check "no report in the folder" [ ! -e far/away/REPORT.md ]
expect 0 "" "$m" report insns.jsonl --quiet
check "the default place" ls results/local/report-*/REPORT.md

# A command that is not there: the report comes without pictures, and says so.
mkdir empty
expect 0 "gnuplot is not installed" env PATH="$scratch/empty" "$m" report insns.jsonl --out bare
check "says why" grep -q "No plot: .* gnuplot is not installed" bare/REPORT.md

head -c 1500 insns.jsonl >cut.jsonl
head -n -1 insns.jsonl >endless.jsonl
: >empty.jsonl
head -c 2000 /dev/urandom >binary.jsonl
sed '3s/.*/{"type":/' insns.jsonl >broken.jsonl
"$m" report cut.jsonl --out cut >stdout 2>stderr
check "a cut file is used as far as it goes" [ $? -eq 0 ]
check "a cut file is noted" grep -q "cut.jsonl:.*cut short" stderr
expect 0 "no end record" "$m" report endless.jsonl --out endless
expect 2 "empty.jsonl: the file is empty" "$m" report empty.jsonl --out no
expect 2 "binary.jsonl:1: not a run file" "$m" report binary.jsonl --out no
expect 2 "broken.jsonl:3: " "$m" report broken.jsonl --out no
expect 2 "none.jsonl: cannot open" "$m" report none.jsonl --out no
expect 2 "is a folder" "$m" report out --out no
expect 2 "given twice" "$m" report insns.jsonl insns.jsonl --out no
expect 2 "RUN… is missing" "$m" report
expect 2 "cannot write" "$m" report insns.jsonl --out /proc/no
expect 2 "cannot write" "$m" report insns.jsonl --out insns.jsonl/no
expect 2 "cannot write" "$m" report insns.jsonl --out no --markdown none/here.md
check "nothing half written" [ ! -e no ]
finish
