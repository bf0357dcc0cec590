# SPDX-License-Identifier: GPL-2.0-or-later
# The HTML report that its tests look at. Sourced, after lib.sh.

# html_run KERNEL SEED SCALE: a run of some of the synthetic benchmarks: fewer pictures to wait for.
html_run() {
	awk -f "$MIGBENCH_SOURCE/tests/cli/golden/run.awk" -v clock=insns -v kernel="$1" -v boots=2 \
		-v seed="$2" -v scale="$3" |
		awk '/"type":"point"/ && !/"benchmark":"(migrate|tlb)"/ {
			match($0, /"id":[0-9]+/)
			left_out[substr($0, RSTART + 5, RLENGTH - 5)] = 1
			next
		}
		match($0, /"point":[0-9]+/) && substr($0, RSTART + 8, RLENGTH - 8) in left_out {
			next
		}
		{ print }'
}

# html_report FILE: of two kernels; the second is a tenth more expensive.
html_report() {
	html_run 6.1.1 7 100 >one.jsonl
	html_run 6.12.2 8 110 >two.jsonl
	expect 0 "" "$MIGBENCH" report one.jsonl two.jsonl --format html --out "$1"
}
