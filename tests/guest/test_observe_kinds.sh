#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: observe sees evictions, huge pages, calls of more pages than a huge page has and of odd ranges, and what
# NUMA balancing moves.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

with_bpf
needs_hmm
own_program drive
own_program far
own_program odd
# A driver that asks for odd ranges, and finds no place for some pages, built as a user would build it.
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
read -r tree key < <(jq -sr --arg name "$KERNEL" 'map(select(.name == $name)) | max_by(.built) | "\(.tree) \(.key)"' \
	"$cache"/kernels/*/kernel.json)
cp -r "$MIGBENCH_SOURCE/tests/guest/oddity" "$scratch/driver"
make -s -C "$tree" "${MAKE_FOR[@]}" O="$cache/kernels/$KERNEL-${key:0:12}/build" M="$scratch/driver" CFLAGS_MODULE=-Werror modules >"$scratch/made" 2>&1 || {
	cat "$scratch/made" >&2
	fail "the driver of odd ranges is not built"
}
cat >"$scratch/inside.sh" <<'END'
PATH=$PATH:.
[ ! -e /proc/sys/kernel/numa_balancing ] || echo 0 >/proc/sys/kernel/numa_balancing
modprobe test_hmm
watch() {
	name=$1
	shift
	migbench observe --by bpf --format json -- "$@" | grep '"kernel":' >$name
}
one() { echo "migbench run --suite full --set rounds=1 --set samples=4 --set target=1 --quiet --force --out run.jsonl --only '$1' >/dev/null 2>&1" >one.sh; }
one 'evict/batch=64,memory=private,*'
watch evict sh ./one.sh
one 'migrate/batch=1024,direction=round-trip,memory=private,*page=2m*'
watch huge sh ./one.sh
watch long ./drive module 2 10000
insmod ./oddity.ko
watch oddity ./odd 10
# The driver asks for at most 64 at a time, before 7.x.
watch odd ./drive hmm 3 133
watch odder ./drive module 5 77
[ ! -e /proc/sys/kernel/numa_balancing ] || echo 1 >/proc/sys/kernel/numa_balancing
watch balanced ./far
[ ! -e /proc/sys/kernel/numa_balancing ] || echo 0 >/proc/sys/kernel/numa_balancing
for file in evict huge long oddity odd odder balanced; do
	echo "== $file"
	cat $file
done
END
# Where no sysctl switches it on, it has to be on from the start.
append=()
case $KERNEL in 5.*) append=(--append numa_balancing=enable) ;; esac
"$MIGBENCH" lab exec --kernel "$KERNEL" "${append[@]}" --timeout 700 --log "$scratch/log" --add "$scratch/drive" --add "$scratch/far" --add "$scratch/odd" --add "$scratch/driver/oddity.ko" --add "$scratch/inside.sh" \
	-- sh ./inside.sh >"$scratch/said"
clean_log "$scratch/log"
awk -v folder="$scratch" '/^== / { file = folder "/" $2; printf "" >file; next } { print >file }' "$scratch/said"

holds() {
	jq -e "$2" "$scratch/$1" >"$scratch/jq" || {
		head -c 4000 "$scratch/$1" >&2
		fail "$1: not true: $2"
	}
}
of() { echo '[.drivers[] | select(.direction == "'"$1"'" and (.driver | startswith("'"$2"'"))) | .sizes[] | select(.calls > 0)]'; }

case $KERNEL in
5.*) ;; # it has no migrate_device_range()
*) holds evict "$(of evict migbench:)"' | map(select(.migrated == 64 * .calls)) | length > 0' ;;
esac
holds huge "$(of to-device migbench:)"' | length == 1 and .[0].pages == 1024 and .[0].migrated == 1024 * .[0].calls'
holds huge "$(of to-system migbench:)"' | length == 1 and .[0].pages == 1024 and .[0].migrated == 1024 * .[0].calls'
holds long "$(of to-device migbench:)"' | length == 1 and .[0].pages == 10000 and .[0].calls == 2 and
	.[0].collected == 20000 and .[0].migrated == 20000 and .[0].unread == 0'
holds oddity "$(of to-device oddity:)"' | map([.pages, .calls, .collected, .migrated, .not_offered]) | sort ==
	[[3, 10, 30, 20, 10], [5, 10, 50, 40, 10], [7, 10, 70, 50, 20], [11, 10, 110, 80, 30], [13, 10, 130, 90, 40]]'
holds oddity '.lost.calls == 0 and .lost.returns == 0 and .drivers[0].process == "odd"'
holds odd "$(of to-device test_hmm:)"' | (map([.pages, .calls, .migrated]) | sort) as $sizes |
	$sizes == [[5, 3, 15], [64, 6, 384]] or $sizes == [[133, 3, 399]]'
holds odder "$(of to-device migbench:)"' | map([.pages, .calls, .migrated]) == [[77, 5, 385]]'
holds balanced '[.ordinary[] | select(.reason == "NUMA balancing" and .process == "far")] | map(.succeeded) | add >= 128'
