#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: kill -9 at random moments of all benchmarks leaves a module that can be unloaded, and all memory.
# So often that 35 are killed, or a thousand under MIGBENCH_SOAK, or MIGBENCH_TEST_KILLS: some have ended before.
# MIGBENCH_FUZZ_SEED gives other moments.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
times=35 timeout=1800
[ -z "${MIGBENCH_SOAK:-}" ] || times=1000 timeout=20000
[ -z "${MIGBENCH_TEST_KILLS:-}" ] || times=$MIGBENCH_TEST_KILLS timeout=20000
# What a boot does once, and what the kernel's caches take, is there when the first have been killed.
first=$((times * 2 / 5 + 1))
[ $first -le 100 ] || first=100
# KiB that may be missing of what was free then, which goes up and down by some hundred: half a page for each of the
# last 900 of a thousand. Debug kernels keep more for themselves.
missing=$((2048 * ${BASE%k} / 4))
[[ $KERNEL != *-debug ]] || missing=$((2 * missing))

# One line a death: which benchmark, and how many ms after it has opened the module.
"$MIGBENCH" list | awk -F: -v times=$times -v seed="${MIGBENCH_FUZZ_SEED:-1}" '
	/^[a-z]+: / { names[count++] = $1 }
	END {
		srand(seed)
		for (i = 0; i < 3 * times; i++)
			print names[i % count], int(rand() * 2000)
	}' >"$scratch/deaths"
[ "$(wc -l <"$scratch/deaths")" = $((3 * times)) ] || fail "no benchmarks to kill"

own_program free_kib

cat >"$scratch/kill.sh" <<'EOG'
times=$1
first=$2
missing=$3
# A benchmark's children die after it, and their memory comes back when they have.
settled() {
	for second in 1 2 3 4 5 6 7 8 9 10; do
		pidof migbench >/dev/null || break
		sleep 1
	done
	sleep 1
	rm -f x.jsonl
	./free_kib
}
killed=0 busy=0
while read -r name ms; do
	migbench run --suite full --only "$name/*" --out x.jsonl --force --quiet >/dev/null 2>&1 &
	tries=0
	while [ $tries -lt 600 ] && [ "$(cat /sys/module/migbench/refcnt)" = 0 ] && kill -0 $! 2>/dev/null; do
		usleep 100000
		tries=$((tries + 1))
	done
	usleep ${ms}000
	users=$(cat /sys/module/migbench/refcnt)
	kill -9 $! 2>/dev/null && ended=false || ended=true
	wait $! 2>/dev/null
	$ended && continue
	killed=$((killed + 1))
	[ "$users" = 0 ] || busy=$((busy + 1))
	# A row of these tells what is lost at each death from what is taken once.
	[ $((killed % 50)) != 0 ] || echo "$(settled) KiB free after $killed"
	[ $killed != "$first" ] || before=$(settled)
	[ $killed != $times ] || break
done <deaths
# With the module still there, whose own memory goes with it: 2.4 MiB on 7.2. Device memory that is still in use when
# its file goes is tried again every second.
for second in 1 2 3 4 5 6 7 8 9 10; do
	after=$(settled)
	[ "$after" -lt $((before - missing)) ] || break
done
for second in 1 2 3 4 5 6 7 8 9 10; do
	rmmod migbench 2>/dev/null && break
	sleep 1
done
[ ! -e /sys/module/migbench ] || { echo "the module cannot be unloaded"; exit 1; }
echo "killed $killed, $busy of them at work with the module; $before KiB free before, $after after"
EOG
guest --timeout "$timeout" --add "$scratch/kill.sh" --add "$scratch/free_kib" --add "$scratch/deaths" -- sh kill.sh $times $first $missing | tee "$scratch/out"
awk -v times=$times -v missing=$missing '/^killed/ { good = $2 + 0 == times && $3 >= times * 2 / 3 && $11 - $15 <= missing } END { exit !good }' "$scratch/out" ||
	fail "too few were killed in time or at work, or memory is missing"
