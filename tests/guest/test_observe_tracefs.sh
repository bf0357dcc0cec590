#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: without BPF, observe sees a driver's calls by tracefs, says what it does not see, and leaves no
# probe behind: killed, its guard takes them out; with the guard killed too, the next start does.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
needs_hmm
own_program drive
own_program move

many=2000
cat >"$scratch/inside.sh" <<END
set -eu
PATH=\$PATH:.
t=/sys/kernel/tracing
modprobe test_hmm
migbench doctor | grep '^yes *observe' >doctor
migbench observe --by tracefs --format json --out hmm.jsonl -- ./drive hmm 20 16 >hmm
migbench observe --by tracefs --format json -- ./drive hmm 20 40 7 >pinned
migbench observe --by tracefs --format json -- ./drive module 10 33 >module 2>module.drive
migbench observe --by tracefs --format json --out long.jsonl -- ./drive module 4 300 >long
migbench observe --by tracefs --format json -- ./drive hmm $many 1 >many
migbench observe --by tracefs --format json -- taskset 1 ./move >moved
migbench observe --by tracefs --calibrate 20000 --format json >cost
{
	# A program that is not there, and one that ends as if it were not.
	migbench observe --by tracefs -- ./no-such-program 2>&1 >/dev/null || echo "status \$?"
	migbench observe --by tracefs -- sh -c 'exit 127' 2>&1 >/dev/null && echo good
} >refused
cat \$t/kprobe_events >after; ls \$t/instances >>after

start() {
	migbench observe --by tracefs >/dev/null 2>&1 &
	pid=\$!
	for second in \$(seq 60); do
		grep -q finalize_r \$t/kprobe_events && return
		sleep 1
	done
}
gone() {
	for second in \$(seq 30); do
		[ -n "\$(cat \$t/kprobe_events; ls \$t/instances)" ] || break
		sleep 1
	done
	cat \$t/kprobe_events; ls \$t/instances
}
start
cat \$t/kprobe_events >there
kill -9 \$pid; wait \$pid || :
gone >left
start
# The guard has that process for its parent.
guard=\$(grep -l "^PPid:[[:space:]]*\$pid\$" /proc/[0-9]*/status | sed 's/[^0-9]//g')
kill -9 \$guard \$pid; wait \$pid || :
sleep 1
cat \$t/kprobe_events >both
migbench observe --by tracefs --seconds 1 >/dev/null
gone >left_both
migbench advise hmm.jsonl >advise 2>&1
for file in doctor refused hmm pinned module.drive module long long.jsonl many cost moved after there left both left_both advise; do
	echo "== \$file"
	cat \$file
done
END
"$MIGBENCH" lab exec --kernel "$KERNEL" --timeout 700 --log "$scratch/log" --add "$scratch/drive" --add "$scratch/move" --add "$scratch/inside.sh" \
	-- sh ./inside.sh >"$scratch/said"
clean_log "$scratch/log"
awk -v folder="$scratch" '/^== / { file = folder "/" $2; printf "" >file; next } { print >file }' "$scratch/said"

holds() {
	jq -se "$2" "$scratch/$1" >"$scratch/jq" || {
		head -c 4000 "$scratch/$1" >&2
		fail "$1: not true: $2"
	}
}
to_device='.[0] | [.drivers[] | select(.direction == "to-device")] | select(length == 1) | .[0]'
home='.[0] | [.drivers[] | select(.direction == "fault")] | select(length == 1) | .[0]'

# Of a kernel that has BPF, too, doctor names that.
[[ $KERNEL == *-bpf* ]] || grep -q 'by tracefs, which is without .*migrate_vma' "$scratch/doctor" || fail "doctor does not say what is seen by tracefs, and what not"
[ "$(paste -sd '|' "$scratch/refused")" = "migbench: observe: ./no-such-program: No such file or directory|status 2|good" ] ||
	fail "a program that is not there: $(cat "$scratch/refused")"
holds hmm "$to_device"' | .driver | startswith("test_hmm:")'
holds hmm "$to_device"' | .calls == 20 and .finished == 20 and .requested == 320 and .migrated == 320 and
	(.sizes | length == 1 and .[0].pages == 16 and (.[0].histogram.total | add) == 20)'
holds hmm "$home"' | .calls == 320 and .migrated == 320 and .sizes[0].pages == 1 and .ns.from_fault > .ns.total'
holds hmm '.[0] | .by == "tracefs" and .lost == {"calls":0,"returns":0,"samples":0,"events":0} and .cost == null'
grep -q 'test_hmm:.* was seen to ask for 16 pages' "$scratch/advise" || fail "advise does not say what the driver asks for"
holds pinned "$to_device"' | .calls == 20 and .requested == 800 and .collected == 660 and .migrated == 660'
holds module "$to_device | .calls == 10 and .requested == 330 and .migrated == $(jq .moved "$scratch/module.drive")"
holds module '.[0] | [.drivers[] | select(.direction == "to-system")] | length == 1 and .[0].calls == 10 and .[0].migrated == '"$(jq .back "$scratch/module.drive")"
for phase in setup pages finalize; do
	of=$(jq .$phase "$scratch/module.drive")
	seen=$(jq "[.drivers[] | select(.direction == \"to-device\")][0].ns.$phase" "$scratch/module")
	echo "$phase, 10 calls of 33 pages: $of ns by the module, $seen by observe"
	[ "$seen" -gt 0 ] && [ "$seen" -le "$of" ] || fail "$phase: $seen ns seen, $of by the module"
done
# Of 300 pages an event holds 64: the others are said to be unread, and the run file says nothing of what became of them.
holds long "$to_device"' | .calls == 4 and .requested == 1200 and .collected == 1200 and .migrated == 256 and .unread == 944'
holds long.jsonl '[.[] | select(.type == "block")] | length > 0 and all(.pages == 300 and .migrated == null)'
holds many "$to_device | .calls == $many and .finished == $many and .migrated == $many"
holds many "$home | .calls == $many and .migrated == $many"
holds many '.[0].lost | .calls == 0 and .returns == 0 and .events == 0'
holds moved '[.[0].ordinary[] | select(.reason == "move_pages" and .process == "move")] | length == 1 and
	.[0].succeeded == 64 and .[0].failed == 0'
holds cost '.[0] | .by == "tracefs" and .calls >= 20000 and .cost_ns > 0 and .low_ns <= .cost_ns and .cost_ns <= .high_ns'
cat "$scratch/cost"
[ ! -s "$scratch/after" ] || fail "it left behind: $(cat "$scratch/after")"
grep -q migrate_vma_setup "$scratch/there" || fail "observe has no probe at migrate_vma_setup"
[ ! -s "$scratch/left" ] || fail "killed, it left behind: $(cat "$scratch/left")"
grep -q migrate_vma_setup "$scratch/both" || fail "its guard was not killed"
[ ! -s "$scratch/left_both" ] || fail "the next start left behind: $(cat "$scratch/left_both")"
