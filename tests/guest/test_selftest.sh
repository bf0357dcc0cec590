#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the module tries its kernel when it is loaded; where that fails nothing can be measured.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# What was tried is what there is, doctor and the run file say so, and no test switch gets in its way.
guest --module-param plant_lost=1 -- sh -c '
	cat /sys/class/misc/migbench/selftest
	migbench doctor | grep "^yes  module  .*self-test passed"
	migbench run --suite smoke --only "migrate/batch=64*" --out x.jsonl --quiet 2>/dev/null
	cat x.jsonl; dmesg | grep "\] migbench: " | grep -v "taint\|loaded with test switches"; true' >"$scratch/out"
words=$(head -n 1 "$scratch/out")
case $words in
system*) ;;
*) fail "the self-test says nothing of what it tried: $words" ;;
esac
case $KERNEL in
*-stock) ;;
*) [[ $words == *private* ]] || fail "private memory was not tried: $words" ;;
esac
# A huge page of 512 MiB finds no room on any node.
[[ $SERIES != 7.2 || $BASE = 64k || $words == *"huge private"* ]] || fail "no huge page was tried: $words"
grep -F "self-test passed: $words" "$scratch/out" >/dev/null || fail "doctor does not say so: $words"
[ "$(sed -n 's/^{/{/p' "$scratch/out" | jq -r 'select(.type == "run").env.module' | sed 's/.*passed: //')" = "$words" ] ||
	fail "the run file does not say so: $words"
if grep -q '^\[' "$scratch/out"; then fail "a pass is no news for the kernel log"; fi

# Loaded by who may have no memory of its CPU's node; and, on kernels that can fail on purpose, where no huge page is to
# be had: what can't be tried is left out, and no kernel is blamed for it.
guest -- sh -c '
	unload() { for second in 1 2 3 4 5 6 7 8 9; do rmmod migbench 2>/dev/null && return; sleep 1; done; rmmod migbench; }
	unload
	g=/sys/fs/cgroup
	echo +cpuset >$g/cgroup.subtree_control && mkdir $g/away && echo 0 >$g/away/cpuset.cpus && echo 1 >$g/away/cpuset.mems || exit 21
	sh -c "echo 0 >$g/away/cgroup.procs && insmod /lib/modules/migbench.ko" || exit 22
	cat /sys/class/misc/migbench/selftest
	f=/sys/kernel/debug/fail_page_alloc
	mount -t debugfs none /sys/kernel/debug 2>/dev/null
	[ -e $f ] && grep -q huge /sys/class/misc/migbench/selftest || exit 0
	unload
	for what in min-order:9 probability:100 times:-1 ignore-gfp-wait:N ignore-gfp-highmem:N verbose:0; do
		echo ${what#*:} >$f/${what%:*} || exit 23
	done
	insmod /lib/modules/migbench.ko || exit 24
	echo 0 >$f/probability
	cat /sys/class/misc/migbench/selftest
	dmesg | grep "self-test, huge private memory: no room"' >"$scratch/out" ||
	fail "refused: $? $(cat "$scratch/out")"
words=${words/, coherent/} # of which this module was told nothing
[ "$(head -n 1 "$scratch/out")" = "$words" ] || fail "in a cpuset other things were tried: $(cat "$scratch/out")"
[ "$(wc -l <"$scratch/out")" -eq 1 ] || [ "$(sed -n 2p "$scratch/out")" = "${words/, huge private/}" ] ||
	fail "without huge pages: $(cat "$scratch/out")"

# Frames that are taken for others, as where an interface was given another meaning: one line, and
# nothing else happened; with the right ones it loads again.
if $OLD; then
	echo "skipped: this kernel has no eviction to be mistaken in; all else was tried"
	exit 77
fi
guest -- sh -c '
	rmmod migbench || exit 11
	dmesg -c >/dev/null
	for i in 1 2 3; do insmod /lib/modules/migbench.ko shift_frames=$i 2>&1 && exit 12; done
	test -e /dev/migbench && exit 13
	dmesg
	insmod /lib/modules/migbench.ko || exit 14
	rmmod migbench || exit 15' >"$scratch/out"
# busybox's insmod asks the kernel twice.
[ "$(grep -c 'migbench: self-test, .* memory: migrate_device_[a-z]*() does not take the frame' "$scratch/out")" -eq 6 ] ||
	fail "not one line for each refusal: $(cat "$scratch/out")"
[ "$(grep -c '^\[' "$scratch/out")" -eq 6 ] || fail "the kernel log has more: $(cat "$scratch/out")"

# From outside: no machine for that, and the line says why.
status=0
"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only "null/*" --module-param shift_frames=1 \
	--out "$scratch/x.jsonl" --quiet 2>"$scratch/err" || status=$?
[ $status -eq 3 ] || fail "status $status of a run whose module refuses its kernel"
if [ "$(wc -l <"$scratch/err")" -ne 1 ] || ! grep -q 'self-test, .*migrate_device_' "$scratch/err"; then
	fail "not one line that says which interface: $(cat "$scratch/err")"
fi
