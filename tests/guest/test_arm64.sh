#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests of arm64: suites repeat, a lost accessed bit costs what it costs, and nothing of two
# architectures is compared.
case ${MIGBENCH_TEST_KERNEL:-} in
*-arm64-*) ;;
*) export MIGBENCH_TEST_KERNEL=6.1-arm64-4k ;;
esac
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
cd "$scratch"
base=$BASE

run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --boots 2 --log log "$@" || fail "lab run $*: status $?"
	clean_log log
}

# lab run says 1 where two boots differ.
run --suite smoke --out smoke.jsonl
jq -es --arg base "$base" --argjson no_hmm "$NO_HMM" '
	.[0].env as $env
	| ([.[] | select(.type == "block")]) as $blocks
	| ([.[] | select(.type == "point") | .params.page // empty] | index($base))
	and all($blocks[]; .invalid == 0) and ($blocks | length) > 200
	and all(.[]; .type != "skip" or (.why | test("is too small for pages of|lib/test_hmm takes addresses")))
	and $env.emulated and $env.hypervisor == "qemu-tcg" and $env.arch == "aarch64"
	and ($env.cpu | startswith("neoverse-n1")) and $env.hw_young == 1
	and all($blocks[]; .counters.tlb_flushes == null)' smoke.jsonl >/dev/null ||
	fail "smoke has points that it should not lack, or says of its machine what is not so"

# By function, and to the instruction: the profile refuses what does not fit the sample's value.
point=$(jq -r --arg base "$base" 'select(.type == "point" and .benchmark == "fault" and .params.page == $base
	and .params.access == "read") | "fault/access=read,memory=private,nodes=0>1,page=\($base)"' smoke.jsonl | head -1)
"$MIGBENCH" lab profile --kernel "$KERNEL" --point "$point" >profile
grep -q '100.000 % of them in named functions' profile || fail "instructions that have no name: $(head -3 profile)"
grep -q '^TLB flushes: 0 TLBI instructions for all CPUs, 0 ' profile || fail "a device page, which no TLB has, is flushed: $(grep TLBI profile)"
grep -q migrate_vma_setup profile || fail "a fault back does not set up a migration"

# One flush for each exclusive page, and one for all (6c287605fd56): of the mm from 512 pages of 4k on, and page by page
# below 8,192 of 64k (MAX_TLBI_OPS, where the CPU has no TLBI for ranges).
expected=$((512 + 1))
[ "$base" = 4k ] || expected=$((512 + 512))
"$MIGBENCH" lab profile --kernel "$KERNEL" \
	--point "migrate/batch=512,direction=to-device,memory=private,nodes=0>1,page=$base,state=exclusive,threads=1" >profile
grep -q "^TLB flushes: $expected TLBI instructions for all CPUs, 0 " profile || fail "512 exclusive pages: $(grep TLBI profile)"

# What keeping the bits saves: about a thousand instructions a page where the CPU sets none, and
# nothing where it does.
touch_cost() {
	jq -s --arg kept "$2" '
		([.[] | select(.type == "point" and .benchmark == "ad" and .params.journey == "system"
			and .params.access == "read" and .params.retention == $kept) | .id] | first) as $point
		| [.[] | select(.type == "block" and .point == $point) | .pages as $n | .metrics.total.values[] | . / $n]
		| sort | .[length / 2 | floor] | round' "$1"
}
run --suite smoke --only 'ad/*' --cpu cortex-a57 --out a57.jsonl
saved=$(($(touch_cost a57.jsonl off) - $(touch_cost a57.jsonl on)))
[ $saved -gt 800 ] && [ $saved -lt 1300 ] || fail "a lost accessed bit costs $saved instructions a page on cortex-a57"
[ "$(touch_cost smoke.jsonl off)" = "$(touch_cost smoke.jsonl on)" ] || fail "on neoverse-n1 a lost bit costs something"

# Side by side in a report, with the row that says what the bits save; and no change of one to the other.
"$MIGBENCH" report smoke.jsonl a57.jsonl --out report >/dev/null
grep -q '^| First read of a base page after a move, bits dropped ' report/REPORT.md || fail "no row for lost bits"
grep -q "^| .*$KERNEL.* neoverse-n1 |\|-arm64-$base neoverse-n1" report/REPORT.md || fail "a column does not name its CPU"
status=0
"$MIGBENCH" compare "$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl" smoke.jsonl 2>said || status=$?
[ $status -eq 2 ] && grep -q 'not one of another' said || fail "two architectures are compared: $status, $(cat said)"

# A program of the host's own architecture can't run there, and that is said before anything boots.
status=0
"$MIGBENCH" lab exec --kernel "$KERNEL" --add "$(command -v true)" -- ./true 2>said || status=$?
[ $status -eq 2 ] || [ $status -eq 3 ] && [ "$(wc -l <said)" = 1 ] || fail "a foreign program: $status, $(cat said)"
