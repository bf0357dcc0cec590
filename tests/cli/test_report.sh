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
check "nothing half written" test ! -e new
expect 2 "no/where" "$m" report "$published"/insns-6.1.jsonl --out /proc/no/where
finish
