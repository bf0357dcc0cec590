#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: observe sees every call of a driver that is not ours, with its sizes and failures, and of our
# module what its own records say; killed at any time it leaves no probe behind.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# The lab's kernels have no BPF; those that have are beside them.
with_bpf
needs_hmm
own_program drive
own_program move

# Many calls of one page each, and as many faults, more than the maps have entries (observe/bpf/flight.h); 100,000 in all
# with --long.
many=20000
! long || many=50000
cat >"$scratch/inside.sh" <<END
set -eu
PATH=\$PATH:.
[ ! -e /proc/sys/kernel/numa_balancing ] || echo 0 >/proc/sys/kernel/numa_balancing
modprobe test_hmm
migbench doctor | grep '^yes *observe' >doctor
migbench observe --format json --out hmm.jsonl -- ./drive hmm 20 16 >hmm 2>hmm.drive
migbench observe --format json -- ./drive hmm 20 40 7 >pinned
migbench observe --format json -- ./drive module 10 33 >module 2>module.drive
migbench observe --format json -- ./drive hmm $many 1 >many 2>many.drive
migbench observe --format json -- taskset 1 ./move >moved
migbench observe --by bpf --calibrate 20000 --format json >cost
mount -t debugfs none /sys/kernel/debug 2>/dev/null || :
migbench observe >/dev/null 2>&1 &
for second in \$(seq 60); do
	[ ! -s /sys/kernel/debug/kprobes/list ] || break
	sleep 1
done
cat /sys/kernel/debug/kprobes/list >there
kill -9 \$!
wait \$! || :
# The kernel takes them away when the last file of the dead process is closed.
for second in \$(seq 20); do
	[ -s /sys/kernel/debug/kprobes/list ] || break
	sleep 1
done
cat /sys/kernel/debug/kprobes/list >left
migbench advise hmm.jsonl >advise 2>&1
for file in doctor hmm.drive hmm pinned module.drive module many.drive many cost moved there left advise; do
	echo "== \$file"
	cat \$file
done
END
"$MIGBENCH" lab exec --kernel "$KERNEL" --timeout 700 --log "$scratch/log" --add "$scratch/drive" --add "$scratch/move" --add "$scratch/inside.sh" \
	-- sh ./inside.sh >"$scratch/said"
clean_log "$scratch/log"
awk -v folder="$scratch" '/^== / { file = folder "/" $2; next } { print >file }' "$scratch/said"

# true FILE FILTER: jq says yes.
holds() {
	jq -e "$2" "$scratch/$1" >"$scratch/jq" || {
		head -c 4000 "$scratch/$1" >&2
		fail "$1: not true: $2"
	}
}
to_device='[.drivers[] | select(.direction == "to-device")] | select(length == 1) | .[0]'
home='[.drivers[] | select(.direction == "fault")] | select(length == 1) | .[0]'

grep -q 'migrate_vma' "$scratch/doctor" || fail "doctor does not say what observe would see"
holds hmm "$to_device"' | .driver | startswith("test_hmm:")'
holds hmm "$to_device"' | .calls == 20 and .finished == 20 and .requested == 320 and .migrated == 320 and
	(.sizes | length == 1 and .[0].pages == 16 and (.[0].histogram.total | add) == 20)'
holds hmm "$home"' | .calls == 320 and .migrated == 320 and .sizes[0].pages == 1 and .ns.from_fault > .ns.total'
holds hmm '.lost == {"calls":0,"returns":0,"samples":0,"events":0} and .cost.runs > 0'
grep -q 'test_hmm:.* was seen to ask for 16 pages' "$scratch/advise" || fail "advise does not say what the driver asks for"

# What a pipe holds can't be collected.
holds pinned "$to_device"' | .calls == 20 and .requested == 800 and .collected == 660 and .migrated == 660'

# Ours, by the module's own records: to the page, and no phase shorter than it says itself.
moved=$(jq .moved "$scratch/module.drive")
back=$(jq .back "$scratch/module.drive")
[ "$moved" -eq 330 ] && [ "$back" -eq 330 ] || fail "the module moved $moved pages there and $back back"
holds module "$to_device | .calls == 10 and .requested == 330 and .migrated == $moved"
holds module '[.drivers[] | select(.direction == "to-system")] | length == 1 and .[0].calls == 10 and .[0].migrated == '"$back"
for phase in setup pages finalize; do
	of=$(jq .$phase "$scratch/module.drive")
	seen=$(jq "[.drivers[] | select(.direction == \"to-device\")][0].ns.$phase" "$scratch/module")
	echo "$phase, 10 calls of 33 pages: $of ns by the module, $seen by observe"
	# The module's own clock stands outside of the probes: what they cost is in its time, not in theirs.
	[ "$seen" -gt 0 ] && [ "$seen" -le "$of" ] || fail "$phase: $seen ns seen, $of by the module"
done

# What needs no device memory is seen as well, by its reason.
holds moved '[.ordinary[] | select(.reason == "move_pages" and .process == "move")] | length == 1 and
	.[0].succeeded == 64 and .[0].failed == 0'

holds many "$to_device | .calls == $many and .finished == $many and .migrated == $many"
holds many "$home | .calls == $many and .migrated == $many"
holds many '.lost.calls == 0 and .lost.returns == 0'
holds cost '.by == "bpf" and .calls >= 20000 and .cost_ns > 0 and .low_ns <= .cost_ns and .cost_ns <= .high_ns'
cat "$scratch/cost"
grep -q migrate_vma_setup "$scratch/there" || fail "observe has no probe at migrate_vma_setup"
[ ! -s "$scratch/left" ] || fail "killed, it left probes: $(cat "$scratch/left")"
