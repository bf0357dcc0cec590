#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab exec --dry-run says how QEMU would be started, in words that a shell takes, and does nothing.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
for program in qemu-system-x86_64 busybox; do
	command -v $program >/dev/null || {
		echo "skipped: no $program"
		exit 77
	}
done
export MIGBENCH_CACHE="$scratch/a cache" TMPDIR=$scratch/tmp MIGBENCH_HOST_ARCH=x86_64
kernel="$MIGBENCH_CACHE/kernels/mine-0123456789ab"
mkdir -p "$kernel" "$TMPDIR"
cat >"$kernel/kernel.json" <<E2
{ "name": "mine", "release": "6.1.2", "label": "6.1.2", "key": "0123456789ab", "source": "x", "tree": "/x",
  "built": 1, "size": 1 }
E2
before=$(find "$scratch" | sort)

# words OPTION…: the command line as an array.
words() {
	local said

	said=$("$MIGBENCH" lab exec --kernel mine "$@" --dry-run -- true) || failures=$((failures + 1))
	check "one line" test "$(wc -l <<<"$said")" = 1
	eval "line=($said)"
}

# behind WORD VALUE: VALUE follows WORD.
behind() {
	local i

	for ((i = 0; i + 1 < ${#line[@]}; i++)); do
		[ "${line[i]}" = "$1" ] && [[ ${line[i + 1]} == $2 ]] && return 0
	done
	echo "no $1 $2 in: ${line[*]}" >&2
	return 1
}

words --clock time --accel tcg --append "it's \$HOME; x=\"1\""
check "QEMU comes first" test "${line[0]}" = qemu-system-x86_64
check "a path with a blank is one word" behind -kernel "$kernel/build/arch/x86/boot/bzImage"
check "the guest's files are those of the folder" behind -initrd DIR/initramfs
check "what the user adds is one word with the rest" behind -append "console=*it's \$HOME; x=\"1\""
check "its log goes to a file" behind -chardev "file,id=log,path=DIR/log"
check "emulated CPUs take turns" behind -accel tcg,thread=single
check "of the default topology" behind -smp "4,*"
words --clock insns
check "counting is single-threaded" behind -accel tcg,thread=single
check "and counts" behind -icount "shift=0,*"
check "the host's clock stands still" grep -q "^LD_PRELOAD=.*/steady.so$" <(printf '%s\n' "${line[@]}")
words --clock time --accel kvm
check "KVM is not tried but taken" behind -accel kvm
# What a real run would refuse is refused.
expect 2 "topology" "$MIGBENCH" lab exec --kernel mine --topology nowhere --dry-run -- true
expect 2 "unknown kernel" "$MIGBENCH" lab exec --kernel other --dry-run -- true
rm -f stdout stderr
check "nothing was written" test "$before" = "$(find "$scratch" | sort)"
finish
