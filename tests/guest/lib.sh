# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest tests share. Sourced; the caller's failure is the test's.
set -euo pipefail
KERNEL=${MIGBENCH_TEST_KERNEL:-6.1}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A kernel that is not built can't be tested; that is no pass.
if ! "$MIGBENCH" lab kernel list | awk -v k="$KERNEL" '$1 == k && $2 != "not" { found = 1 } END { exit !found }'; then
	echo "skipped: no lab kernel $KERNEL; migbench lab kernel build $KERNEL"
	exit 77
fi

# What the guest's pages are: as suites and points call base pages and huge ones, and base pages of a huge one.
BASE=4k
# "6.1" of "6.1-arm64-64k", which is what its source is.
SERIES=${KERNEL%%-*}
ARM64=false
arch=x86_64 triplet=x86_64-linux-gnu
case $KERNEL in
*-arm64-*)
	ARM64=true
	BASE=${KERNEL##*-}
	arch=arm64 triplet=aarch64-linux-gnu
	;;
esac
# What runs in guests of another architecture is built for it.
CC=gcc MAKE_FOR=()
if [ "$(uname -m)" != "${triplet%%-*}" ]; then
	GUEST_TESTS=${GUEST_TESTS%/tests/guest}/$arch/tests/guest
	cross=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}/arch/$arch
	# By its path: found in PATH it would be another compiler for the kernel's make, too.
	CC=$cross/bin/$triplet-gcc
	[ -x "$CC" ] || CC=$triplet-gcc
	# shellcheck disable=SC2034
	MAKE_FOR=(ARCH="$arch" CROSS_COMPILE="${CC%gcc}")
	CC="$CC --sysroot=$cross/root"
	if [ ! -d "$GUEST_TESTS" ]; then
		echo "skipped: no programs for $KERNEL; cmake --build build --target guest-$arch guest-$arch-tests"
		exit 77
	fi
fi

# shellcheck disable=SC2034
HUGE_PAGES=$((${BASE%k} * 128))
# shellcheck disable=SC2034
HUGE=$((${BASE%k} * HUGE_PAGES / 1024))m

# not_on_arm64 REASON: the test ends here on a guest of arm64.
not_on_arm64() {
	$ARM64 || return 0
	echo "skipped on arm64: $1"
	exit 77
}

# Several CPUs under the instruction clock.
needs_turns() {
	local guests how=
	guests=$($ARM64 && echo arm64 || echo x86_64)
	"$MIGBENCH" lab qemu list | awk -v guests="$guests" 'NR > 1 && $3 == "yes" && $NF == guests { found = 1 } END { exit !found }' && return
	$ARM64 && how=" --arch arm64"
	echo "skipped: no QEMU gives several CPUs of $guests their turns; migbench lab qemu fetch$how"
	exit 77
}

# needs_hmm: the rest of a test goes by lib/test_hmm.
needs_hmm() {
	$NO_HMM || return 0
	echo "skipped: lib/test_hmm of Linux $SERIES can't be loaded on arm64"
	exit 77
}

# with_bpf: KERNEL is the flavour that has BPF, or the test ends here.
with_bpf() {
	local arch=${KERNEL#"$SERIES"} how=
	case $KERNEL in
	*-stock | *-stock-*) return ;;
	*-arm64-*) KERNEL=$SERIES-bpf${arch#-bpf} how=" --arch arm64 --page $BASE" ;;
	*) KERNEL=${KERNEL%-bpf}-bpf ;;
	esac
	"$MIGBENCH" lab kernel list | awk -v k="$KERNEL" '$1 == k && $2 != "not" { found = 1 } END { exit !found }' && return
	echo "skipped: no lab kernel $KERNEL; migbench lab kernel build $SERIES-bpf$how"
	exit 77
}

# needs_tiers WHAT: WHAT was seen of a kernel with ACPI_HMAT where a node is called slower. It makes a tier of that since
# 6.7; the test of one that should and does not fails.
needs_tiers() {
	case $SERIES in
	5.* | 6.[0-6]) ;;
	*) fail "no tiers on $SERIES, which makes them of what the firmware says: $1" ;;
	esac
	echo "skipped: $SERIES makes no tiers of what the firmware says"
	exit 77
}

# Before 6.1 a CPU frees pages in lots of 63, and one lot more or less falls into a sample that
# frees hundreds (docs/instruction-clock.md).
OLD=$([ "${KERNEL%%.*}" -lt 6 ] 2>/dev/null && echo true || echo false)

# lib/test_hmm can't be loaded into these without a warning.
NO_HMM=false
case $KERNEL in
5.10-arm64-* | 6.1-arm64-*) NO_HMM=true ;;
esac

# kmemleak of 5.10 gives up when memory of a RAM disk that the kernel had moved at boot is used again (docs/kernel-findings.md).
# It is moved where the lab keeps memory for a device-coherent device, which 5.10 can't have: guests whose leaks are
# looked for do without. with_leaks NAME|FILE: the topology that they get.
with_leaks() {
	local file=$1
	[ -e "$file" ] || file=$MIGBENCH_SOURCE/configs/topologies/$1.ini
	[ "$KERNEL" = 5.10-debug ] || { echo "$file" && return; }
	sed '/^coherent/d' "$file" >"$scratch/topology.ini"
	echo "$scratch/topology.ini"
}

# Fail on anything in a kernel log that no healthy kernel says; what follows the first such line tells where.
clean_log() {
	local bad gives_up=disabled
	# Nothing bad stands in a log that is empty, or that is not there.
	grep -q 'Linux version ' "$1" 2>/dev/null || {
		echo "no kernel has said anything in its log, $1" >&2
		return 1
	}
	# Who looks for leaks sees it by itself.
	[ "$KERNEL" != 5.10-debug ] || gives_up=nothing
	if bad=$(grep -nE 'BUG:|\] BUG |kernel BUG at|WARNING:|Oops|invalid opcode|general protection|KASAN|UBSAN|locking dependency|inconsistent lock state|recursive locking|kmemleak: [0-9]+ new|Bad page|Kernel panic|Internal error|non-static key|turning off the locking|kmemleak: .*('$gives_up'|pool empty)|soft lockup|detected stall|self-detected|blocked for more than|deprecated workqueue' "$1"); then
		echo "$bad"
		echo "the kernel log has the lines above; from the first on:" >&2
		tail -n "+${bad%%:*}" "$1" | head -n 60 >&2
		return 1
	fi
}

# For sh in the guest: unload, which waits for device memory whose pages outlived its file, and behind it
# leaks, which fails where the kernel looks for leaks and has found some.
# shellcheck disable=SC2034,SC2016
LEAKS='unload() { for second in 1 2 3 4 5 6 7 8 9; do rmmod migbench 2>/dev/null && return; sleep 1; done; rmmod migbench; }
leaks() { k=/sys/kernel/debug/kmemleak
	# A locked-down kernel lets nobody ask.
	case $(cat /sys/kernel/security/lockdown 2>/dev/null) in *\[integrity\]* | *\[confidentiality\]*) return 0 ;; esac
	[ -e $k ] || { case $(uname -r) in *-debug*) echo "no $k" >&2; return 1 ;; esac; return 0; }
	echo scan >$k && sleep 6 && echo scan >$k || { echo "kmemleak has given up" >&2; return 1; }
	cat $k >&2; [ -z "$(cat $k)" ]; };'

# Whether there is time for what takes minutes and says little more: ./check --long.
long() {
	[ -n "${MIGBENCH_TEST_LONG:-}" ]
}

# guest OPTION… -- COMMAND…: lab exec on the test kernel, its log searched, also when the command has failed.
guest() {
	local status=0
	"$MIGBENCH" lab exec --kernel "$KERNEL" --log "$scratch/log" "$@" || status=$?
	# One that was refused before it booted has none.
	{ [ $status -ne 0 ] && [ ! -e "$scratch/log" ]; } || clean_log "$scratch/log" || return 1
	return $status
}

# computing COMMAND…: run it; $computed, the seconds that it and its children took of a CPU. How long they wait for others
# is not in their hands.
computing() {
	local status=0
	times >"$scratch/before"
	"$@" || status=$?
	times >"$scratch/after"
	# The second line is of children.
	# shellcheck disable=SC2034
	computed=$(awk 'FNR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum += (NR > FNR ? 1 : -1) * (60 * t[1] + t[2]) } }
		END { printf "%.2f", sum }' "$scratch/before" "$scratch/after")
	return $status
}

fail() {
	echo "$*" >&2
	exit 1
}

# The lab has emulated CPUs take turns (lab/vm/machine.c says why). What races within a few instructions does so
# only where they run at once, each on a thread of the host; lines for lab_qemu.
# shellcheck disable=SC2034,SC2016
AT_ONCE='for word; do shift; [ "$word" != tcg,thread=single ] || word=tcg,thread=multi; set -- "$@" "$word"; done'

# lab_qemu LINES…: $scratch/qemu is the QEMU of $KERNEL's guests, with these lines of sh in front; $machine, what starts it.
lab_qemu() {
	machine=$("$MIGBENCH" lab exec --kernel "$KERNEL" --dry-run -- true)
	printf '%s\n' '#!/bin/sh' "$@" "exec ${machine%% -machine *} \"\$@\"" >"$scratch/qemu"
	chmod +x "$scratch/qemu"
}

# own_program NAME: programs/NAME.c as a user would build it, as $scratch/NAME.
own_program() {
	$CC -O2 -Wall -I "$MIGBENCH_SOURCE/include" "$MIGBENCH_SOURCE/tests/guest/programs/$1.c" -o "$scratch/$1"
}
