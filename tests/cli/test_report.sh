#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report makes pictures and a page from what can be read, and refuses the rest in one line.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH
published=$MIGBENCH_SOURCE/results/lab-x86_64

expect 0 "" "$m" report "$published"/insns-6.1.jsonl "$published"/6.1-time.jsonl --out out
whole out
check "a page" grep -q "^## Main findings" out/REPORT.md
check "five findings on stdout" test "$(grep -cE '^ +[1-5]\. ' stdout)" -eq 5
for picture in batch-insns phases-insns fault-insns batch-time phases-time fault-time; do
	check "$picture.png" test "$(head -c 8 out/plots/$picture.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a
	check "$picture.svg" grep -q '</svg>' out/plots/$picture.svg
	check "$picture says that it is emulated" grep -q emulated out/plots/$picture.svg
	check "$picture names its kernel" grep -q '6\.1\.' out/plots/$picture.svg
	check "$picture is shown" grep -q "plots/$picture.png" out/whole
done
expect 2 "REPORT.md.*--force" "$m" report "$published"/insns-6.1.jsonl --out out
expect 0 "" "$m" report "$published"/insns-6.1.jsonl --out out --force --quiet
whole out

# What a run was killed over is still a run.
head -n 120 "$published"/insns-6.1.jsonl >killed.jsonl
expect 0 "note: .*killed.jsonl" "$m" report killed.jsonl --out killed
head -c 60000 "$published"/insns-6.1.jsonl >cut.jsonl
expect 0 "note: .*cut.jsonl" "$m" report cut.jsonl --out cut

: >empty.jsonl
head -c 5000 /dev/urandom >binary.jsonl
head -n 1 "$published"/insns-6.1.jsonl >no-block.jsonl
sed '50s/^{"type"/{"typ/' "$published"/insns-6.1.jsonl >broken.jsonl
mkdir folder
for bad in empty.jsonl binary.jsonl no-block.jsonl broken.jsonl folder missing.jsonl; do
	expect 2 "$bad" "$m" report $bad --out new
done
check "the broken line is named" grep -q "broken.jsonl:50" <("$m" report broken.jsonl --out new 2>&1)
expect 2 "RUN" "$m" report --out new
# Times of two nodes of a cluster, as two runs or as boots of one; counts of two may be.
for node in n1 n2; do
	for run in 6.1-time insns-6.1; do
		sed '1s/"lab":{/&"node":"'$node'",/; 1s/"id":"/&'$node'/' "$published"/$run.jsonl >$run-$node.jsonl
	done
done
check "the nodes are there" test "$(cat 6.1-time-n?.jsonl insns-6.1-n?.jsonl | grep -c '"lab":{"node":"n[12]"')" -eq 4
sed '1s/"kernel":"6\.1/"kernel":"6.2/' 6.1-time-n2.jsonl >6.2-time-n2.jsonl
for other in 6.1-time-n2 6.2-time-n2; do
	expect 2 "6.1-time-n1.jsonl was measured on node n1 and $other.jsonl on n2: .*one node has to" \
		"$m" report insns-6.1-n2.jsonl 6.1-time-n1.jsonl $other.jsonl --out new
done
check "nothing half written" test ! -e new
expect 0 "" "$m" report insns-6.1-n1.jsonl insns-6.1-n2.jsonl 6.1-time-n2.jsonl --out nodes --quiet
expect 2 "no/where" "$m" report "$published"/insns-6.1.jsonl --out /proc/no/where
finish
