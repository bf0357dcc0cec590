#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what a profile says of memory comes into the report; bad requests for it boot nothing.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
published=$MIGBENCH_SOURCE/results/lab-x86_64

expect 2 "\-\-model and --cold need --memory" "$m" lab profile --kernel 6.1 --point 'null/*' --cold
expect 2 "\-\-model takes one of skylake-sp, neoverse-n1, not 'pentium'" "$m" lab profile --kernel 6.1 \
	--point 'null/*' --memory --model pentium

# Two kernels: b writes one line more a page in finalize, and has a kind that a has not.
jq '(.moved.a // .pages) as $a | (.moved.b // .pages) as $b
	| def touch($lines; $written; $misses): {lines: $lines, read: $lines, written: $written, code: 1,
		pages_4k: 1, pages_2m: 1, bytes: 8, missed: {l1: 0, l2: $misses, tlb: 0, tlb2: 0}};
	.memory = {model: "skylake-sp", start: "warm",
		a: {all: (touch(3 * $a; 2 * $a; $a) + {phases: {finalize: touch(2 * $a; $a; $a / 2)}}),
			kinds: {"struct page": touch(2 * $a; $a; 0)}, functions: {}, flushes: 1, tables_known: true},
		b: {all: (touch(4 * $b; 3 * $b; $b) + {phases: {finalize: touch(3 * $b; 2 * $b; $b / 4)}}),
			kinds: {"struct page": touch(2 * $b; $b; 0), "<b>": touch($b; $b; 0)}, functions: {}, flushes: 1, tables_known: true}}' \
	"$published/profile-to-device-6.12-7.2.json" >touched.json
"$m" report "$published"/insns-6.12.jsonl "$published"/insns-7.2.jsonl --profile touched.json --out report >/dev/null
page=report/report/profiles.md
says() {
	grep -qF -- "$1" "$page" || {
		echo "not in $page: $1" >&2
		grep -A12 'memory that it touches' "$page" >&2
		failures=$((failures + 1))
	}
}
says '| finalize | 2.00 | 3.00 | 1.00 | 2.00 | 0.50 | 0.25 | 0.00 | 0.00 |'
says '| all phases | 3.00 | 4.00 | 2.00 | 3.00 | 1.00 | 1.00 | 0.00 | 0.00 |'
says '| in struct page | 2.00 | 2.00 | 1.00 | 1.00 |'
says '| in &lt;b> | 0.00 | 1.00 | 0.00 | 1.00 |'

# How many pages fit into the modelled cache, of the side that the run is of.
jq '.memory.l2_lines = 16384' touched.json >sized.json
"$m" advise "$published"/insns-7.2.jsonl --profile sized.json >advice
check "advise says how many pages fit" grep -qE 'kernel 7\.2.*touches 4\.00 lines of 64 bytes a page\. The modelled L2 of skylake-sp \(16,384 lines\) holds those of 4,096 pages' advice
"$m" advise "$published"/insns-7.2.jsonl --profile sized.json --format json >advice.json
check "its JSON, too" jq -e '.memory | .lines_per_page == 4 and .largest_batch == 4096' advice.json
jq 'del(.memory)' touched.json >without.json
expect 2 "not what lab profile --memory --format json writes" "$m" advise "$published"/insns-7.2.jsonl \
	--profile without.json
expect 2 "none\.json" "$m" advise "$published"/insns-7.2.jsonl --profile none.json

# A profile without it has no such table.
expect 0 "" "$m" report "$published"/insns-6.12.jsonl "$published"/insns-7.2.jsonl --profile without.json --out plain
check "there is one of the rest" test -s plain/REPORT.md
if grep -rq 'memory that it touches' plain; then
	echo "a table of nothing" >&2
	failures=$((failures + 1))
fi
finish
