#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: perf looks on while samples are taken, and sees the kernel's functions of a migration.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
not_on_arm64 "perf is of the host's architecture"
perf=$(command -v perf_6.1 || command -v perf || :)
if [ -z "$perf" ]; then
	echo "skipped: no perf here (Debian: linux-perf)"
	exit 77
fi
cat >"$scratch/inside.sh" <<'END'
PATH=$PATH:.
run() { migbench run --suite smoke --only 'migrate/*' --set migrate.batch=512 --set rounds=3 --set samples=20 --quiet "$@"; }
run --out a.jsonl --perf-record a.data || exit
run --out b.jsonl --perf-stat b.stat || exit
head -n 1 a.jsonl >head
perf report -i a.data --stdio --no-children -g none --percent-limit 0 2>/dev/null >report
perf report -i a.data --stdio --no-children -g none --sort comm 2>/dev/null >comms
for file in head report comms b.stat; do
	echo "== $file"
	cat $file
done
END
cp -L "$perf" "$scratch/perf"
"$MIGBENCH" lab exec --kernel "$KERNEL" --timeout 400 --log "$scratch/log" --add "$scratch/perf" --add "$scratch/inside.sh" -- sh ./inside.sh >"$scratch/said"
clean_log "$scratch/log"
awk -v folder="$scratch" '/^== / { file = folder "/" $2; printf "" >file; next } { print >file }' "$scratch/said"
jq -e '.config.perf == "record"' "$scratch/head" >/dev/null || fail "the run file does not say that perf looked on"
grep -qE '\[k\] (migrate_vma|migrate_device|remove_migration_pte)' "$scratch/report" || {
	cat "$scratch/report"
	fail "perf has not seen a migration"
}
grep -qE 'migbench' "$scratch/comms" || fail "perf has not looked at migbench"
grep -qE '[0-9.]+ msec task-clock' "$scratch/b.stat" || fail "perf stat has counted nothing"
