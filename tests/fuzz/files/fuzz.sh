#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run one fuzzer: fuzz.sh PROGRAM RUNS CORPUS…, so many inputs, or with 30s for so many seconds; with FUZZ_KEEP=FOLDER
# what it finds stays there.
set -euo pipefail
program=$1 runs=$2
# What runs for a time has had that many inputs at least, the corpus among them, or it has tried nothing.
least=100
case $runs in
*s) limit=(-max_total_time="${runs%s}") ;;
*) limit=(-runs="$runs") least=0 ;;
esac
shift 2
name=$(basename "$program")
if [ -n "${FUZZ_KEEP:-}" ]; then
	kept=$FUZZ_KEEP/${name#fuzz_}
	mkdir -p "$kept"
else
	kept=$(mktemp -d)
	trap 'rm -rf "$kept"' EXIT
fi
# What the patch reader writes and removes for each input needs no disk: six times as fast.
[ ! -w /dev/shm ] || export TMPDIR=${TMPDIR:-/dev/shm}
# An input frees far less than a megabyte; a larger quarantine costs a quarter of the time.
# The same seed makes the same inputs. New ones go to the first folder.
export ASAN_OPTIONS=allocator_may_return_null=0:detect_leaks=1:quarantine_size_mb=1:malloc_context_size=8:${ASAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1
mkdir -p "$kept/found"
# The reader of XML gives hwloc 20 s, and then takes it for a file that it can't read.
options=(-seed="${FUZZ_SEED:-1}" "${limit[@]}" -max_len=8192 -timeout=60 -rss_limit_mb=2048
	-print_final_stats=1 -artifact_prefix="$kept/")
words=$(dirname "$0")/${name#fuzz_}.dict
[ ! -e "$words" ] || options+=(-dict="$words")
before=$(ls "$kept")
if ! "$program" "${options[@]}" "$kept/found" "$@" >"$kept/said" 2>&1; then
	tail -n 60 "$kept/said" >&2
	for input in "$kept"/{crash,leak,timeout,oom}-*; do
		[[ ! -e $input || $before == *"${input##*/}"* ]] || { echo "$name: the input, in base64:"; base64 "$input"; } >&2
	done
	exit 1
fi
grep -E 'stat::number_of_executed_units|cov: ' "$kept/said" | tail -n 2 || :
executed=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$kept/said")
if [ "${executed:-0}" -lt $least ]; then
	echo "$name: ${executed:-no} inputs in $runs; $least are the least" >&2
	exit 1
fi
