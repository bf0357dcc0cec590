#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: where flushes go past their tracepoint, as by AMD's INVLPGB, no count of flushes is given, and none is zero.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
not_on_arm64 "no flush is traced there in any case"

# The CPUs of an emulated machine have no INVLPGB: what the kernel says of them is replaced.
guest -- sh -c '
	look() {
		migbench run --suite smoke --only "migrate/batch=64*" --out $1.jsonl --quiet 2>/dev/null
		migbench observe --by tracefs --seconds 1 --format json >$1.seen
		echo "$1 $(grep -c "\"tlb_flushes\"" $1.jsonl) $(grep -c "\"ipi_rounds\"" $1.jsonl) $(grep -c "\"migrated\"" $1.jsonl)" \
			"$(sed -n "s/.*\"flushes\": *\([a-z]*\).*/\1/p" $1.seen | head -n 1)" \
			"$(migbench doctor | grep "observe.* by " | grep -c "TLB flushes")"
	}
	look told
	sed "s/^flags.*/& invlpgb/" /proc/cpuinfo >cpuinfo
	mount --bind cpuinfo /proc/cpuinfo
	look untold' | tee "$scratch/out"
awk '$1 == "told" && $2 > 0 && $2 == $3 && $5 == "true" && $6 == 1 { told = 1 }
	$1 == "untold" && !$2 && !$3 && $4 > 0 && $5 == "false" && !$6 { untold = 1 }
	END { exit !(told && untold) }' "$scratch/out" || fail "flushes that nobody can count are counted, or the others are not"
