#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the module is loaded, and pages move, also for who is started with all memory mergeable by KSM.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
own_program mergeable
got=0
guest --add "$scratch/mergeable" -- sh -c '
	# Whether what is started so has such memory: since 6.7 it outlives the start of a program.
	./mergeable grep -q "^VmFlags:.* mg" /proc/self/smaps || exit 77
	migbench unload || exit 11
	./mergeable migbench load --yes --module /lib/modules/migbench.ko || exit 12
	./mergeable migbench run --suite smoke --only "*/*batch=64*" --out run.jsonl --quiet || exit 13
	cat run.jsonl' >"$scratch/run.jsonl" || got=$?
if [ $got -eq 77 ] && [ "$(printf '%s\n6.7\n' "$SERIES" | sort -V | head -n 1)" != 6.7 ]; then
	echo "skipped: on Linux $SERIES no program is started with mergeable memory"
	exit 77
fi
[ $got -eq 0 ] || fail "status $got"
grep '^{' "$scratch/run.jsonl" | jq -es '[.[] | select(.type == "block")] | length > 0 and all(.invalid == 0)' >/dev/null ||
	fail "not all samples are valid"
