#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run one guest program in the VM, unload the module behind it, search the kernel log, and ask for leaks. A VM that hangs
# is asked where its CPUs stand. Lines "At once" and "Loaded with" of its source say what the VM must be.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
# Less than ctest's, which would end it without a word.
limit=${MIGBENCH_TEST_LIMIT:-280}

mkfifo "$scratch/monitor.in" "$scratch/monitor.out" "$scratch/never"
lines=("case \" \$* \" in *' -display none '*) set -- \"\$@\" -chardev pipe,id=monitor,path=$scratch/monitor -mon monitor ;; esac")
topology=2-node how=()
if grep -q '^/\* At once: ' "$MIGBENCH_SOURCE/tests/guest/$1.c"; then
	lines+=("$AT_ONCE") topology=$MIGBENCH_SOURCE/tests/fuzz/two-cpus.ini
fi
for parameter in $(sed -n 's|^/\* Loaded with: \(.*\) \*/$|\1|p' "$MIGBENCH_SOURCE/tests/guest/$1.c"); do
	how+=(--module-param "$parameter")
done
lab_qemu "${lines[@]}"

symbols=$(sed -n "s|.* -kernel '\{0,1\}\([^ ']*\)/arch/[^ ]* .*|\1/System.map|p" <<<"$machine")
# Of each CPU the address that it is at, and the kernel's symbol before that.
where() {
	local at symbol
	timeout 5 cat <>"$scratch/monitor.out" >"$scratch/said" &
	echo "info registers -a" 1<>"$scratch/monitor.in"
	wait $! || :
	grep -oE '\<(RIP|PC)=[0-9a-f]+' "$scratch/said" | while read -r at; do
		symbol=
		[[ $at != *=ffff* ]] || symbol=$(awk -v at="${at#*=}" \
			'($1 "") > (at "") { exit } { last = $3 } END { print last }' "${symbols:-/dev/null}")
		echo "$at $symbol"
	done
}
(
	# No process of its own: nothing of this may outlive the test.
	read -rt $((limit - 20)) <>"$scratch/never" || :
	for _ in 1 2; do where; done >&2
) &
trap 'kill $! 2>/dev/null || :; rm -rf "$scratch"' EXIT

# A distribution's kernel balances NUMA nodes by itself: pages must lie where the program put them.
guest --qemu "$scratch/qemu" --topology "$(with_leaks "$topology")" "${how[@]}" --timeout "$limit" --add "$GUEST_TESTS/$1" -- sh -c "
	[ ! -e /proc/sys/kernel/numa_balancing ] || echo 0 >/proc/sys/kernel/numa_balancing
	$LEAKS ./$1 && unload && leaks"
