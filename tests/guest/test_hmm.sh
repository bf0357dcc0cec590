#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lib/test_hmm is measured on both clocks, beside migrate, and makes nothing else dearer.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

needs_hmm

cat >"$scratch/hmm.ini" <<'EOF'
[global]
rounds = 2
samples = 3
verify = full
[hmm]
batch = 64
[migrate]
direction = to-device
batch = 64
EOF
migrate='migrate/*'
measure() { # CLOCK OUT OPTION…
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock "$1" --suite "$scratch/hmm.ini" --quiet \
		--log "$scratch/log" --out "$scratch/$2.jsonl" "${@:3}"
	clean_log "$scratch/log"
}

measure insns insns --boots 2
if jq -es 'any(.[]; .type == "skip" and (.why | test("test_hmm is not loaded")))' "$scratch/insns.jsonl" >/dev/null; then
	# Those of configs/kernels require it.
	[[ $KERNEL == *-stock* ]] || fail "test_hmm is not loaded"
	echo "skipped: a distribution's kernel has no module test_hmm"
	exit 77
fi

# of FILE POINT: the median of its totals, a page.
of() {
	"$MIGBENCH" compare "$scratch/$1.jsonl" "$scratch/$1.jsonl" --only "$2" --format json |
		jq '.points[0] | .a.location / .pages'
}
whole() { # FILE: no sample lost, each page collected and gone
	jq -es '(map(select(.type == "point" and .benchmark == "hmm").id)) as $hmm |
		([.[] | select(.type == "block" and (.point as $p | $hmm | index($p)))]) as $blocks |
		($blocks | length) >= 4 and all($blocks[]; .invalid == 0 and .requested == .pages and
			.collected == .pages and .migrated == .pages and (.metrics.total.values | length) > 0)' \
		"$scratch/$1.jsonl" >/dev/null || fail "$1: not every page of hmm moved"
}
whole insns
there=$(of insns 'hmm/*direction=to-device*')
back=$(of insns 'hmm/*direction=fault*')
ours=$(of insns "$migrate")
echo "a page to test_hmm's device $there, back by a fault $back; to ours $ours"
# It does what ours does, and reads the pages back and keeps tables besides.
awk -v a="$there" -v b="$back" -v c="$ours" 'BEGIN { exit !(a > c && a < 4 * c && b > c / 2 && b < 6 * c) }' ||
	fail "hmm's figures are not those of a migration"

# What the driver does to a process that has opened it, it does to nobody else.
measure insns alone --only "$migrate"
alone=$(of alone "$migrate")
awk -v a="$ours" -v b="$alone" 'BEGIN { d = a / b - 1; exit !(d < 0.005 && d > -0.005) }' ||
	fail "migrate costs $ours a page beside hmm, and $alone alone"

measure time time --boots 1
whole time

# Nobody's machine but the lab's gets a module that was not asked for.
guest -- sh -c 'migbench run --suite smoke --only "hmm/*" --out run.jsonl --quiet; cat run.jsonl; lsmod' \
	>"$scratch/own" 2>/dev/null
grep -q '"why":"lib/test_hmm is not loaded: modprobe test_hmm' "$scratch/own" ||
	fail "where test_hmm is not loaded, hmm does not say so"
! grep -q '^test_hmm' "$scratch/own" || fail "test_hmm was loaded unasked"
guest -- sh -c 'modprobe test_hmm && migbench run --suite smoke --only "hmm/*" --out run.jsonl --quiet; cat run.jsonl' \
	>"$scratch/own"
[ "$(grep -c '"type":"block"' "$scratch/own")" -ge 2 ] || fail "hmm does not measure where test_hmm is loaded"
