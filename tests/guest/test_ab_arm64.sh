#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: seventeen instructions a page that a patch hides in a kernel of arm64 are found by lab ab, gate and bisect.
case ${MIGBENCH_TEST_KERNEL:-} in
*-arm64-*) ;;
*)
	echo "skipped: it builds three kernels of arm64; ask for it: ./check --kernels 6.1-arm64-4k"
	exit 77
	;;
esac
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/history.sh"
clean() {
	for name in "$KERNEL-hidden" gate; do
		"$MIGBENCH" lab kernel remove "$name" >/dev/null 2>&1 || :
	done
	forget
}
trap clean EXIT

cat >"$scratch/two.ini" <<'INI'
[global]
rounds = 2
samples = 3
[migrate]
direction = to-device
batch = 64,512
INI
sed 's/\.rept 20/.rept 17/' "$MIGBENCH_SOURCE/tests/guest/patches/page-20.patch" >"$scratch/hidden.patch"
point="migrate/batch=64,direction=to-device,memory=private,nodes=0>1,page=$BASE,state=exclusive,threads=1"

"$MIGBENCH" lab ab --kernel "$KERNEL" --patch "$scratch/hidden.patch" --suite "$scratch/two.ini" --profile 1 \
	--out "$scratch/ab" >"$scratch/ab.txt"
jq -e '(.points | length) == 2 and all(.points[]; .verdict == "slower"
	and ((.b.location - .a.location) / .pages - 17 | fabs) <= 1)' "$scratch/ab/compare.json" >/dev/null ||
	fail "not seventeen instructions a page: $(cat "$scratch/ab.txt")"
# The line through two batches goes by where a tick falls; the profile does not.
grep -qE '\+1(6\.[5-9]|7\.[0-4]) instructions a page' "$scratch/ab.txt" || fail "nobody says seventeen a page: $(cat "$scratch/ab.txt")"
awk '$NF == "remove_migration_pte" && $(NF - 2) == "+17.0" { found = 1 } END { exit !found }' "$scratch/ab/profile-1.txt" ||
	fail "the profile does not blame remove_migration_pte: $(head -n 20 "$scratch/ab/profile-1.txt")"

# The same in a tree, in which its parent is the kernel as it was. Of a page of 64k they are an eighth of a percent.
"$MIGBENCH" lab run --kernel "$KERNEL" --suite "$scratch/two.ini" --quiet --out "$scratch/base.jsonl"
make_tree "$scratch/linux"
git apply "$scratch/hidden.patch"
commit hidden
status=0
"$MIGBENCH" lab bisect --config "$KERNEL" --suite "$scratch/two.ini" --point "$point" --baseline "$scratch/base.jsonl" \
	--slower 0.05 >"$scratch/bisect" 2>"$scratch/said" || status=$?
[ $status -eq 1 ] && grep -q ' bad  hidden$' "$scratch/bisect" ||
	fail "the commit is not bad: status $status, $(cat "$scratch/bisect" "$scratch/said")"
status=0
"$MIGBENCH" lab gate --source "$scratch/linux" --config "$KERNEL" --suite "$scratch/two.ini" \
	--baseline "$scratch/base.jsonl" --out "$scratch/gate" >"$scratch/ktap" 2>"$scratch/said" || status=$?
[ $status -eq 1 ] && grep -qF "not ok 1 $point" "$scratch/ktap" ||
	fail "the gate passes it: status $status, $(cat "$scratch/ktap" "$scratch/said")"
grep -q 'ok 3 kernel-log' "$scratch/ktap" || fail "no log was looked at: $(cat "$scratch/ktap")"
