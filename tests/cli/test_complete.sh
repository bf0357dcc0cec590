#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: bash completes commands, options and values, each from the table that parses them.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/cli/migbench.bash"
export MIGBENCH_CACHE=$scratch/cache

# completes WANT WORD…: what bash makes of the words, the last of which is still being written.
completes() {
	local want=$1 got
	shift
	COMP_WORDS=(migbench "$@") COMP_CWORD=$# COMPREPLY=()
	_migbench "$MIGBENCH"
	got="${COMPREPLY[*]}"
	[ "$got" = "$want" ] || {
		echo "'migbench $*' becomes '$got' instead of '$want'" >&2
		failures=$((failures + 1))
	}
}

# kernel NAME KEY: as if it had been built.
kernel() {
	mkdir -p "$MIGBENCH_CACHE/kernels/$1-$2"
	printf '{"name": "%s", "release": "r", "label": "l", "key": "%s", "source": "s", "tree": "t",
		"built": 1, "size": 1}' "$1" "$2" >"$MIGBENCH_CACHE/kernels/$1-$2/kernel.json"
}

check "it is for migbench" test "$(complete -p migbench)" = "complete -F _migbench migbench"
completes "lab list load" l
completes "run" lab r
completes "build list remove" lab kernel ""
completes "" bogus ""

completes "--boots --budget" lab run --b
completes "--format" list --f
completes "--sort" compare a b --so
completes "" compare --sort date --sor
completes "--set" lab ab --set a=1 --set
completes "--set" lab ab --set a = 1 --set
completes "--append" lab exec --module-param a = 1 --ap
completes "" lab exec --kernel 6.1 -- ls --ap
completes "" lab exec --kernel 6.1 ls --ap

completes "insns time" lab run --clock ""
completes "tcg" lab run --accel t
completes "json" compare --format = j
completes "csv json lkml md text" compare --format =
completes "statistics" selftest ""
completes "6.1 6.1-bpf 6.1-debug 6.12 6.12-bpf 6.12-debug" lab bisect --config 6
completes "smoke" lab run --suite sm
completes "cxl" lab run --topology c
completes "" lab run --kernel ""
# What there is to fetch is what this machine's own compiler is not for.
MIGBENCH_HOST_ARCH=x86_64 completes arm64 lab arch fetch ""
MIGBENCH_HOST_ARCH=arm64 completes x86_64 lab arch fetch ""
mkdir -p "$MIGBENCH_CACHE/qemu/8.2.2" "$MIGBENCH_CACHE/qemu-arm64/10.0.2"
completes "10.0.2 8.2.2 system" lab run --qemu ""
kernel own 1
kernel own 2
kernel 6.1 1
completes "6.1 own" lab run --kernel ""
completes "own,6.1" lab run --kernel own,6
completes "" lab exec --kernel own,6
completes "own" lab kernel remove o
completes "" lab run --seed 4

# Every option of every command is offered: what --help shows, completion has.
for command in list doctor topo run observe probe compare advise report export selftest load unload "lab run" \
	"lab exec" "lab profile" "lab ab" "lab bisect" "lab shell" "lab kernel build" "lab kernel list" \
	"lab kernel remove" "lab arch fetch" "lab arch list" "lab qemu fetch" "lab qemu list"; do
	# shellcheck disable=SC2086
	completes "$("$MIGBENCH" $command --help | grep -o '^  --[a-z-]*' | tr -d ' ' | LC_ALL=C sort |
		paste -s -d ' ')" $command --
done

check "a file can be a suite" "$MIGBENCH" complete lab run --suite ./
check "a run is a file" "$MIGBENCH" complete report ""
expect 1 "" "$MIGBENCH" complete lab run --clock ""
expect 2 "it takes the words" "$MIGBENCH" complete
finish
