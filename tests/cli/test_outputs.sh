#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: no file is written by two options at once, nor one that is read, whatever it is called.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64
mkdir folder

# Whatever the file is called, and whether it is there or not.
ln -s folder link
expect 2 "run: --perf-stat and --out would both write both.jsonl" "$m" run --suite smoke --out both.jsonl --perf-stat both.jsonl
expect 2 "run: --perf-record and --out would both write both.jsonl" "$m" run --suite smoke --out both.jsonl --perf-record ./both.jsonl
expect 2 "would both write $scratch/folder/both.jsonl" "$m" run --suite smoke --out "$scratch/folder/both.jsonl" --perf-stat link/both.jsonl
check "nothing was written" test -z "$(find . -name 'both*')"
echo '{"old":true}' >old.jsonl
ln old.jsonl second
expect 2 "would both write old.jsonl" "$m" run --suite smoke --force --out old.jsonl --perf-stat second
check "it stays" grep -qx '{"old":true}' old.jsonl
expect 2 "no suite 'none'" "$m" run --suite none --out folder/both.jsonl --perf-stat both.jsonl
expect 2 "no suite 'none'" "$m" run --suite none --force --out /dev/null --perf-stat /dev/null

profile() { "$m" lab profile --kernel 6.1 --point 'fault/*' "$@"; }
expect 2 "lab profile: --out and --records would both write x" profile --out x --records x
expect 2 "lab profile: --out and --json would both write ./x" profile --out x --json ./x
expect 2 "lab profile: --json and --records would both write x" profile --out y --records x --json x
check "nothing was written" test ! -e x -a ! -e y
run=$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl
expect 2 "compare: --plot and --ecdf would both write ./x.svg" "$m" compare "$run" "$run" --plot x.svg --ecdf ./x.svg
expect 2 "compare: --plot and --ecdf would both write ./new/x.svg" "$m" compare "$run" "$run" --plot new/./x.svg --ecdf ./new/x.svg

# Nor is what is read written over, under any name and whatever is said.
head -n 20 "$run" >run.svg
cp "$MIGBENCH_SOURCE/configs/suites/smoke.ini" suite.ini
cp suite.ini program
ln suite.ini linked
for command in "run --suite suite.ini --force --out suite.ini" "run --suite ./suite.ini --force --out linked" \
	"run --suite suite.ini --out new.jsonl --force --perf-stat suite.ini" \
	"compare run.svg $run --plot run.svg" "compare $run,run.svg $run --ecdf ./run.svg" \
	"compare $run $run --profile run.svg --plot run.svg" \
	"lab run --kernel 6.1 --suite suite.ini --log suite.ini" "lab run --kernel suite.ini --out suite.ini --force" \
	"lab exec --kernel 6.1 --add program --log program -- true" "lab exec --kernel 6.1 --topology ./suite.ini --log suite.ini -- true" \
	"lab profile --kernel 6.1 --suite suite.ini --point fault/* --json suite.ini"; do
	# shellcheck disable=SC2086
	expect 2 "would write over what (--[a-z]* )?is read" "$m" $command
done
check "all of it stays" cmp suite.ini "$MIGBENCH_SOURCE/configs/suites/smoke.ini"
check "all of it stays" cmp -s run.svg <(head -n 20 "$run")
check "nothing was written" test -z "$(find . -name 'new*')"
# A word of a program that runs elsewhere is none of ours.
expect 3 "is counted in the lab's VM" "$m" run --suite smoke --force --out program -- ./program

# A kernel that the lab would boot, if only its module could be built.
for program in qemu-system-x86_64 busybox; do
	command -v $program >/dev/null || {
		echo "skipped in part: without $program no lab run"
		finish
	}
done
mkdir -p cache/kernels/mine-0123456789ab
echo '{"name": "mine", "release": "6.1.2", "label": "6.1.2", "key": "0123456789ab", "source": "x", "tree": "/x", "built": 1, "size": 1}' \
	>cache/kernels/mine-0123456789ab/kernel.json
lab() { "$m" lab run --kernel mine --suite smoke --boots 1 --quiet "$@"; }
expect 2 "lab run: --out and --log would both write r.jsonl" lab --out r.jsonl --log r.jsonl
expect 2 "would both write ./r-mine-2-node-1-cpu.jsonl" \
	lab --topology 2-node-1-cpu,4-node-1-cpu --out r.jsonl --log ./r-mine-2-node-1-cpu.jsonl
check "nothing was written" test -z "$(find . -name 'r*.jsonl')"
finish
