#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a run that was killed, or found no room, leaves a file of which all complete lines are used.
# MIGBENCH_TEST_KILLS is how often it is killed, at random moments of its first second.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# Blocks longer than a buffer, so that one is written in several pieces; and some seconds of them, so that none ends before it is killed.
cat >many.ini <<EOF
[global]
rounds = 1000
samples = 4000
point_time = 20000

[null]
part = clock

[tlb]
op = mprotect
pages = 1,8
cpus = 1
EOF

# usable FILE: what it says is what its complete lines say; nothing else was lost, and nothing is made up.
usable() {
	local status values notes='no end record: the run was cut short|the run was cut short, this line is left out'
	values=$(head -n "$(wc -l <"$1")" "$1" | jq -s '[.[] | select(.type == "block").metrics.total.values | length] | add // 0')
	"$m" export "$1" --format csv >rows 2>said </dev/null
	status=$?
	if [ "$values" -gt 0 ]; then
		measured=$((measured + 1))
		check "$1: all $values values of the complete lines" test $status -eq 0 -a "$(grep -c ',total,' rows)" -eq "$values"
		check "$1: a note says that it is a part" grep -qE "$notes" said
	else
		check "$1: one line says that there is nothing" test $status -eq 2 -a "$(grep -c 'nothing was measured\|file is empty\|no run record' said)" -eq 1
	fi
}

kills=${MIGBENCH_TEST_KILLS:-12} broken=0 measured=0
RANDOM=${MIGBENCH_TEST_SEED:-16}
for ((i = 0; i < kills; i++)); do
	rm -f killed.jsonl
	"$m" run --suite ./many.ini --out killed.jsonl --quiet >/dev/null 2>&1 </dev/null &
	pid=$!
	# However slow this machine is now: it has begun when there is a file.
	for ((wait = 0; wait < 6000; wait++)); do
		[ ! -e killed.jsonl ] || break
		sleep 0.01
	done
	# One at least has a block.
	for ((wait = 0; i == 0 && wait < 6000; wait++)); do
		! grep -q '"type":"block"' killed.jsonl || break
		sleep 0.01
	done
	sleep "0.$(printf '%03d' $((RANDOM % 1000)))"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	# One that was faster than the kill is no witness.
	[ -z "$(tail -n 1 killed.jsonl | grep '"type":"end"')" ] || continue
	broken=$((broken + 1))
	usable killed.jsonl
done
echo "killed $broken times"
check "most were killed before their end" test $broken -gt $((kills / 2))
check "some had measured something" test $measured -gt 0

# No room: the line says what failed, the file keeps what fits.
expect 3 "killed.jsonl: cannot write: File too large" \
	sh -c 'ulimit -f 64; exec "$@"' - "$m" run --suite ./many.ini --out killed.jsonl --quiet --force
usable killed.jsonl
tiny() {
	unshare -rm sh -c 'mkdir -p tiny && mount -t tmpfs -o size="$1" none tiny && shift && "$@" && code=0 || code=$?
		cp -R tiny/. . 2>/dev/null; exit $code' - "$@"
}
if ! tiny 64k true 2>/dev/null; then
	[ $failures -eq 0 ] || finish
	echo "skipped: no file system can be mounted here; the rest was looked at"
	exit 77
fi
expect 3 "tiny/full.jsonl: cannot write: No space left on device" \
	tiny 64k "$m" run --suite ./many.ini --out tiny/full.jsonl --quiet
usable full.jsonl
# Where there is no room for what is to replace it an older run stays.
expect 3 "tiny/old.jsonl: cannot write: No space left on device" \
	tiny 64k sh -c 'echo old >tiny/old.jsonl; cat /dev/zero >tiny/fill 2>/dev/null; exec "$@"' - "$m" run --suite ./many.ini --out tiny/old.jsonl --quiet --force
check "the old run is there" grep -qx old old.jsonl
# A report is there as a whole, or not at all.
for format in md html; do
	expect 3 "tiny/report.*: No space left on device" \
		tiny 100k "$m" report "$MIGBENCH_SOURCE/results/lab-x86_64/shootdown-6.1.jsonl" --out tiny/report --format $format --quiet
	check "nothing of it is left" test -z "$(find . -name '*report*')"
done
# What is full is named, not where the first page would go.
expect 3 "tiny/report: cannot write there: No space left on device" tiny 20k "$m" \
	report "$MIGBENCH_SOURCE/results/lab-x86_64/shootdown-6.1.jsonl" --out tiny/report --markdown report.md --quiet
check "no first page is left" test ! -e report.md
finish
