#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: long work says how far it is, on a terminal and in a log; interrupted, it says how to go on.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache TMPDIR=$scratch
# shellcheck source=tests/cli/fake_kernel.sh
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/fake_kernel.sh"
build=("$m" lab kernel build --source linux --name fake)

# until_true SECONDS COMMAND…
until_true() {
	local left=$(($1 * 10))
	shift
	until "$@"; do
		[ $((left -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}

# A log: a line each interval while nothing else is said.
touch hang
MIGBENCH_PROGRESS=1 "${build[@]}" >out 2>err &
until_true 60 grep -qE '^compile .* so far$' out
check "a log has a line each interval" grep -qE '^compile \([0-9]+ at a time\), 0:[0-9]+ so far$' out
kill -INT $!
wait $!
check "an interrupted build ends by the signal" test $? -eq 130
check "it says one line, with the command that goes on" test "$(cat err)" = \
	"migbench: lab kernel: interrupted; to go on: migbench lab kernel build --source linux --name fake"

# A terminal: one line, written over and over.
rm -f hangs
script -qec "${build[*]}" typed >/dev/null 2>&1 </dev/null &
until_true 60 grep -sqaE 'compile [^\r]* so far' typed
check "a terminal's line is written over" test "$(grep -ac $'\rcompile' typed)" = 1
pkill -TERM -P $! 2>/dev/null
wait $!
rm hang

expect 0 "" "${build[@]}" --quiet
check "it went on, and quietly" test "$(cat stdout)" = \
	"kernel fake (6.1.0-fake) is ready: migbench lab exec --kernel fake -- uname -r"

# A complete run stays; one of another calibration is another run.
complete() { # MORE: what else the file says of the lab
	echo '{"type":"run","format":1,"clock":"insns","seed":42,"lab":{"kernel":"fake","topology":"2-node-1-cpu","accelerator":"tcg","boots":2'"$1"'},"config":{"suite":"smoke"}}'
	echo '{"type":"end","blocks":0,"boots":2}'
}
again=("$m" lab run --kernel fake --suite smoke --boots 2 --calibrate 3 --out done.jsonl --resume)
complete ',"calibrate":3' >done.jsonl
expect 0 "" "${again[@]}"
complete ',"calibrate":2' >done.jsonl
expect 2 "done.jsonl: is complete, and of another .*calibration" "${again[@]}"
complete "" >done.jsonl
expect 0 "" "${again[@]}"

# So is one of other wishes, words or another build; what a file does not say is not held against it.
asked() { # CONFIG LAB ENV
	complete ',"calibrate":3'"$2" | sed 's|"config":{"suite":"smoke"}|"config":{"suite":"smoke"'"$1"'},"env":{'"$3"'}|'
}
other="done.jsonl: is complete, and of another .*--only, --set, --append"
asked ',"only":null,"set":[]' "" '"cmdline":"quiet"' >done.jsonl
expect 0 "" "${again[@]}"
expect 2 "$other" "${again[@]}" --set samples=3
expect 2 "$other" "${again[@]}" --only 'null/*'
expect 2 "$other" "${again[@]}" --append nosmp
asked ',"only":"null/*","set":["samples=3"]' "" '"cmdline":"quiet nosmp"' >done.jsonl
expect 2 "$other" "${again[@]}"
expect 0 "" "${again[@]}" --set samples=3 --only 'null/*' --append nosmp
asked ',"only":null,"set":["rounds=9"]' ',"budget":{}' "" >done.jsonl
expect 0 "" "${again[@]}"
asked ',"only":null,"set":[]' ',"append":"nosmp"' '"cmdline":"quiet nosmp"' >done.jsonl
expect 2 "$other" "${again[@]}"
expect 2 "$other" "${again[@]}" --append smp
expect 0 "" "${again[@]}" --append nosmp
asked ',"only":null,"set":[]' ',"append":"","cpu":"max"' '"cmdline":"quiet"' >done.jsonl
expect 2 "$other" "${again[@]}"
asked "" ',"kernel_key":"0123"' "" >done.jsonl
expect 2 "done.jsonl: is complete, and of another kernel or build of it" "${again[@]}"
# What was killed before its first boot has left nothing, which is no reason not to begin.
: >done.jsonl
"${again[@]}" >stdout 2>stderr
check "an empty file is begun again, as far as this kernel goes: $(cat stderr)" grep -q "migbench.ko does not build" stderr
check "and is not left behind" test ! -e done.jsonl

complete ',"calibrate":3' | sed 's/"blocks"/"valid":false,&/' >done.jsonl
expect 2 "done.jsonl: is complete, and no good.*--force" "${again[@]}"

# What is refused leaves the log of before.
echo precious >log
expect 2 "done.jsonl: exists already" "$m" lab run --kernel fake --suite smoke --out done.jsonl --log log
check "a log of before stays" grep -qx precious log

# A QEMU that does not answer is not waited for, and what nohup asks for is done.
printf '#!/bin/sh\nexec sleep 47.'$$'\n' >silent
chmod +x silent
nohup "$m" lab exec --kernel fake --qemu ./silent -- true >out 2>err </dev/null &
until_true 60 pgrep -f "^sleep 47.$$\$" >/dev/null
kill -HUP $!
sleep 0.5
check "under nohup a hangup is no end" kill -0 $!
kill -TERM $!
wait $!
check "another signal is" test $? -eq 143
check "in one line: $(cat err)" test "$(grep -c '^migbench: ' err)" -eq 1
check "and QEMU ends, too" test -z "$(pgrep -f "^sleep 47.$$\$")"

# lab ab and lab gate: where they go on, and what they do not take for their own.
expect 0 "" "$m" lab kernel build --source linux --name fake-b --quiet
ab=("$m" lab ab --kernel fake,fake-b --suite smoke --out ab)
mkdir ab
echo what was measured with others >ab/.run.measuring
expect 2 "ab: was begun with other kernels, settings or another build.*--force begins anew" "${ab[@]}"
check "what is there stays" test -s ab/.run.measuring
# No machine boots such a kernel: that is a failure, after which the same command goes on.
"${ab[@]}" --force >out 2>err
check "--force begins anew" test $? -eq 3
"${ab[@]}" >out 2>err
check "a folder with what a failure left is not refused" test $? -eq 3
rm -f hangs
touch hang linux/changed
"$m" lab gate --source linux --baseline "$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl" --out gate --force >out 2>err &
until_true 60 test -e hangs
kill -INT $!
wait $!
check "an interrupted gate ends by the signal" test $? -eq 130
check "it says the command that goes on, which replaces nothing: $(tail -n 1 err)" test "$(tail -n 1 err)" = \
	"migbench: lab gate: interrupted; to go on: migbench lab gate --source linux --baseline $MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl --out gate"
rm -f hang hangs

# A run of its own, in a log.
printf '[global]\nrounds = 4\nsamples = 2000\ntarget = 1\npoint_time = 4000\n[copy]\nbatch = 16384\nnodes = 0>0\n' >copy.ini
MIGBENCH_PROGRESS=1 "$m" run --suite ./copy.ini --out copy.jsonl >out 2>err
check "a run says its round, its point and what is left" \
	grep -qE '^round [1-4] of 4, point [0-9]+ of [0-9]+(, [0-9:]+ left)?$' err
MIGBENCH_PROGRESS=1 "$m" run --suite ./copy.ini --out copy.jsonl --force --quiet >out 2>err
check "--quiet says nothing" test ! -s err
finish
