#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: results/publish and quickstart go on where they were interrupted, and publish without a kernel that is gone.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"

# A migbench that notes what it is asked for and has no kernel of those in $GONE or $BROKEN. What
# matches $HANG takes forever, and what matches $BAD is bad news.
mkdir -p results/lab-x86_64 results/lab-x86_64-full core
cp "$MIGBENCH_SOURCE/results/publish" results
cp "$MIGBENCH_SOURCE/core/steps.sh" core
cat >migbench <<'EOF'
#!/bin/bash
asked=$*
echo "$asked" >>"$ASKED"
case "$*" in
"lab kernel build "*) [[ " $GONE $BROKEN " != *" $4 "* ]] || { echo "migbench: kernel $4: no" >&2; exit 3; } ;;
"lab kernel list"*)
	if [[ "$*" != *json ]]; then
		echo "6.1 6.1.9-lab 1 h 5 MiB"
		exit
	fi
	jq -n --arg gone " $GONE " --argjson offered "${OFFERED:-[]}" '{offered: $offered, kernels: ["5.10", "6.1", "6.12", "7.2"]
		| map(. as $name | {name: $name, from: (if $gone | contains(" \($name) ") then null else "sid" end)})}' ;;
"check-run "*) [[ " $GONE " != *" check-run "* ]] ;;
"lab run "*)
	out=$(sed 's/.* --out \([^ ]*\).*/\1/' <<<"$*")
	[ -z "$HANG" ] || [[ "$*" != *$HANG* ]] || { echo $$ >"$ASKED.hangs"; exec sleep 60; }
	case $4 in
	*,*) set -- ${4//,/ } && set -- "${@/#/${out%.jsonl}-}" && set -- "${@/%/.jsonl}" ;;
	*) set -- "$out" ;;
	esac
	# With --resume what is complete stays.
	for file; do [ -s "$file" ] || echo "{\"type\":\"end\",\"by\":$$}" >"$file"; done
	[ -z "$BAD" ] || [[ "$asked" != *$BAD* ]] || exit 1 ;;
esac
EOF
chmod +x migbench
export MIGBENCH=$scratch/migbench ASKED=$scratch/asked GONE="" BROKEN="" HANG="" BAD="" MIGBENCH_CACHE=$scratch/cache

publish() {
	rm -rf asked results/lab-x86_64/* results/.publish
	results/publish
}
# Whether what hung is there no longer.
gone() {
	[ -s asked.hangs ] && ! kill -0 "$(cat asked.hangs)" 2>/dev/null
}
until_hangs() {
	local left=300
	until [ -e asked.hangs ] || [ $((left -= 1)) -eq 0 ]; do sleep 0.1; done
}
expect 0 "" publish
check "all are measured" grep -q "^lab run --kernel 5.10,6.1,6.12,7.2 .*--suite versions" asked
check "on four CPUs, too" grep -q "^lab run --kernel 5.10,6.1,6.12,7.2 --topology 2-node .*--suite shootdown" asked
check "on the other CPU, too" grep -q "^lab run --kernel 5.10,6.1,6.12,7.2 .*--suite copies .*--cpu qemu64-fsrm" asked
check "all are reported" grep -q "^report .*insns-5.10.jsonl .*insns-7.2.jsonl .*shootdown-7.2.jsonl .*profile-fault-6.12-7.2.json" asked
# As many as the first line says, whatever is measured.
steps=$(sed -n 's,^\[1/\([0-9]*\)\] .*,\1,p' stdout)
timed=$(sed -n 's,^\[\([0-9]*\)/.*under the clock time.*,\1,p' stdout)
check "steps are counted: $(tail -n 1 stdout)" grep -qx "\[$steps/$steps\] the reports.*" stdout
check "each of them" test "$(grep -c "^\[[0-9]*/$steps\] " stdout)" -eq "$steps"
check "nothing is left to go on with" test ! -e results/.publish
publish >stdout 2>stderr
check "the next time it is known when it will be done" grep -qE "^\[1/$steps\] kernel 5.10, about [0-9]+:[0-9][0-9] left\$" stdout

# Interrupted, here by a signal to the script alone: what is measured stays, and is not published yet.
export HANG="--clock time"
rm -rf asked results/lab-x86_64/* results/.publish
results/publish >stdout 2>stderr &
until_hangs
kill -TERM $!
wait $!
check "it ends by the signal" test $? -eq 143
check "it says where it was, and how to go on: $(cat stderr)" test "$(tail -n 1 stderr)" = \
	"results/publish: interrupted in step $timed of $steps; to go on: results/publish"
check "nothing is published yet" test -z "$(ls results/lab-x86_64)"
check "what it started has ended" gone
first=$(cat results/.publish/lab-x86_64/insns-6.1.jsonl)
HANG=""
rm asked
expect 0 "" results/publish
check "it says so" grep -qx "results/publish: going on where it was interrupted" stdout
check "each run is told to go on" test -z "$(grep '^lab run' asked | grep -v -- --resume)"
check "what was measured is published" test "$(cat results/lab-x86_64/insns-6.1.jsonl)" = "$first"
check "with the rest" test -s results/lab-x86_64/6.1-time.jsonl -a -s results/lab-x86_64-full/6.1-insns.jsonl
# Another program begins anew.
HANG="--suite full"
rm -rf asked results/lab-x86_64/* asked.hangs
results/publish >stdout 2>stderr &
until_hangs
kill -INT $!
kill -TERM $!
wait $!
HANG=""
echo "# another" >>migbench
results/publish >stdout 2>stderr
check "what another program measured does not count" test -z "$(grep "going on" stdout)"
# Bad news are not kept.
BAD="--suite shootdown"
rm -rf results/.publish
results/publish >stdout 2>stderr
check "bad news stop it" test $? -eq 1
check "they are measured again: $(tail -n 1 stderr)" test "$(tail -n 1 stderr)" = \
	"results/publish: these figures are no good, see above; to measure them again: results/publish"
check "they do not stay" test -z "$(find results/.publish -name 'shootdown*')"
check "what is good does" test -s results/.publish/lab-x86_64/insns-6.1.jsonl
BAD="" GONE=7.2
publish >stdout 2>stderr
check "it goes on without a kernel" test $? -eq 0
check "it says why" grep -qx "publish: kernel 7.2 cannot be had any more; going on without it" stderr
check "the others are measured" grep -q "^lab run --kernel 5.10,6.1,6.12 " asked
check "no profile asks for it: $(cat asked)" test -z "$(grep -- "^lab profile.*7\.2" asked)"
check "no report does" test -z "$(grep "^report.*7\.2" asked)"
GONE="5.10 6.12 7.2"
publish >stdout 2>stderr
check "one kernel has its name in the file's" grep -q "^lab run --kernel 6.1 .*--out results/.publish/lab-x86_64/insns-6.1.jsonl --resume" asked
GONE="" BROKEN=6.12
publish >stdout 2>stderr
check "what can be had must be built" test $? -eq 3
check "nothing was measured" test -z "$(grep "^lab run" asked)"

# The table of releases: what is offered and not in it. What is built is used, all else has a description of its own.
GONE="" BROKEN=""
offer() {
	jq -nc '[$ARGS.positional[] | split(" ") | {package: "linux-source-\(.[0])", version: .[1], suite: .[2]}]' --args "$@"
}
mkdir -p configs/kernels
cp "$MIGBENCH_SOURCE"/configs/kernels/{6.1,6.12,newest}.ini configs/kernels
export OFFERED
OFFERED=$(offer '6.1 6.1.9-2 bookworm' '6.12 6.12.10-1~deb12u1 bookworm' '6.12 6.12.10-1 trixie' '6.12 6.12.9-1 trixie' '7.3 7.3.1-1 sid')
mkdir results/releases
echo '{"type":"end"}' >results/releases/6.12.9.jsonl
: >results/releases/6.1.9.jsonl # of one that was interrupted
rm asked
expect 0 "" results/publish --releases
check "nothing else is measured" test -z "$(grep '^lab \(run\|profile\)' asked | grep -v -- '--suite gate')"
check "each new one once: $(grep '^lab run' asked)" test "$(sed -n 's/^lab run --kernel \([^ ]*\) .*--suite gate .* --probe --out \([^ ]*\) .*/\1 \2/p' asked)" = \
	'6.1 results/releases/6.1.9.jsonl
6.12.10 results/releases/6.12.10.jsonl
7.3.1 results/releases/7.3.1.jsonl'
check "what is not built is built by its description" grep -qx 'lab kernel build results/releases/6.12.10.ini' asked
check "all are in the report, the oldest first" grep -q '^report results/releases/6.1.9.jsonl results/releases/6.12.9.jsonl results/releases/6.12.10.jsonl results/releases/7.3.1.jsonl --out results/releases ' asked
check "of that version" grep -qx 'version = 6.12.10-1\(~deb12u1\)\?' results/releases/6.12.10.ini
check "as that series is built" grep -qx "$(grep '^requires' configs/kernels/6.12.ini)" results/releases/6.12.10.ini
check "a series that is new as the newest" grep -qx "$(grep '^requires' configs/kernels/newest.ini)" results/releases/7.3.1.ini
rm asked
expect 0 "" results/publish --releases
check "nothing is new" test -z "$(grep '^lab run' asked)"
rm results/releases/{6.1.9,7.3.1}.jsonl asked
expect 0 "" results/publish --releases 7.3.1
check "only what is named" test ! -e results/releases/6.1.9.jsonl -a -e results/releases/7.3.1.jsonl
rm results/releases/7.3.1.jsonl
BROKEN=results/releases/7.3.1.ini
results/publish --releases >stdout 2>stderr
check "one that can't be built: the others are measured" test $? -eq 0 -a -e results/releases/6.1.9.jsonl
check "it is named" grep -qx "publish: release 7.3.1 is not in the table, see above; going on without it" stderr
BROKEN="" GONE=check-run
expect 0 "release 7.3.1 is not in the table" results/publish --releases
check "what does not stand the check does not stay" test ! -e results/releases/7.3.1.jsonl
GONE="" OFFERED="[]"
expect 2 "no such option: --relase" results/publish --relase

# quickstart does so, too: here with a cmake that only brings that program.
mkdir bin
printf '#!/bin/sh\nmkdir -p build && cp "%s/migbench" build\n' "$scratch" >bin/cmake
chmod +x bin/cmake
cp "$MIGBENCH_SOURCE"/{quickstart,packages.sh} .
echo 'ensure_packages() { :; }' >>packages.sh
export PATH=$scratch/bin:$PATH BROKEN="" HANG="--clock time"
rm -f asked asked.hangs
./quickstart >stdout 2>stderr &
until_hangs
kill -TERM $!
wait $!
check "quickstart ends by the signal" test $? -eq 143
check "what quickstart started has ended" gone
check "it says where it was: $(cat stderr)" test "$(tail -n 1 stderr)" = \
	"./quickstart: interrupted in step 5 of 6; to go on: ./quickstart"
first=$(cat results/quick/.measured/insns.jsonl)
HANG=""
expect 0 "" ./quickstart
check "what was measured is reported" test "$(cat results/quick/insns.jsonl)" = "$first"
check "of both clocks" grep -q "^report results/quick/insns.jsonl results/quick/time.jsonl" asked
expect 0 "" ./quickstart
check "a further call measures again" test "$(cat results/quick/insns.jsonl)" != "$first"
expect 0 "" ./quickstart --build
check "--build has two steps" test "$(grep -c '^\[[12]/2\] ' stdout)" -eq 2
finish
