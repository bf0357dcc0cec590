#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab bisect names the commit that made a page dearer, beside one that doesn't compile.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/history.sh"

point='migrate/batch=64,direction=to-device,memory=private,*,state=exclusive,*'
bisect() {
	"$MIGBENCH" lab bisect --point "$point" --suite quick "$@"
}

make_tree "$scratch/linux"
harmless one
harmless two
harmless three
broken four
mended five
harmless six
dearer seven
guilty=$(git rev-parse HEAD)
harmless eight
harmless nine
git branch end

# The first and the last one tell what is good and bad; git is told the rest.
git checkout -q HEAD~9
"$MIGBENCH" lab bisect --point "$point" --suite quick --bad-above 10000000 >"$scratch/first"
value=$(awk '{ print $2 }' "$scratch/first")
limit=$(awk -v v="$value" 'BEGIN { printf "%d", v + 600 }')
git checkout -q end
status=0
bisect --bad-above "$limit" >"$scratch/last" || status=$?
test $status -eq 1 || fail "the end is not bad: status $status"
grep -q ' bad  nine$' "$scratch/last" || fail "the line does not say so"
git checkout -q end~5
status=0
bisect --bad-above "$limit" >"$scratch/broken" 2>"$scratch/broken.err" || status=$?
test $status -eq 125 || fail "what does not compile has status $status"
grep -q '#error not yet' "$scratch/broken.err" || fail "the compiler's words are missing"

# The rest takes minutes: ./check --bisect
if [ -z "${MIGBENCH_TEST_BISECT:-}" ]; then
	exit 0
fi
git checkout -q end
git bisect start end end~9 >/dev/null
git bisect run "$MIGBENCH" lab bisect --point "$point" --suite quick --bad-above "$limit" >"$scratch/run" 2>&1 ||
	fail "git bisect run failed: $(tail -n 20 "$scratch/run")"
grep -q "^$guilty is the first bad commit" "$scratch/run" || fail "not the guilty commit: $(tail -n 20 "$scratch/run")"
awk '$NF == "remove_migration_pte" && $(NF - 2) == "+20.0" { found = 1 } END { exit !found }' "$scratch/run" ||
	fail "no difference between before and after"

# A word that is wrong stops git instead of blaming a commit.
status=0
bisect --bad-above lots 2>"$scratch/words" || status=$?
test $status -ge 128 || fail "a wrong word has status $status in a bisection"
git bisect reset >/dev/null 2>&1

# All was measured: again from both ends, and by percent, is a matter of seconds and builds nothing.
"$MIGBENCH" lab run --kernel "$KERNEL" --suite quick --only "$point" --out "$scratch/base.jsonl" --quiet
bisect --baseline "$scratch/base.jsonl" --slower 0.3% --good end~9 --bad end >"$scratch/drive" 2>&1 ||
	fail "the drive failed: $(tail -n 20 "$scratch/drive")"
grep -q "First bad commit: ${guilty:0:12}  seven" "$scratch/drive" || fail "the drive names another"
grep -q "was measured before: $cache/bisect/" "$scratch/drive" || fail "measured again"
! git bisect log >/dev/null 2>&1 || fail "a bisection is left"
test "$(git rev-parse HEAD)" = "$(git rev-parse end)" || fail "the tree is not where it was"
test -z "$(git status --porcelain --untracked-files=no)" || fail "the tree is not clean"

# A program of one's own as the measure: the kernels are there, and only booted.
own_program move
program() {
	"$MIGBENCH" lab bisect "$@" --add "$scratch/move" -- ./move
}
git checkout -q end~9
program --bad-above 100000000 >"$scratch/first"
limit=$(awk '{ printf "%d", $2 + 600 }' "$scratch/first")
git checkout -q end
program --bad-above "$limit" --good end~9 --bad end >"$scratch/drive" 2>&1 ||
	fail "the drive with a program failed: $(tail -n 20 "$scratch/drive")"
grep -q "First bad commit: ${guilty:0:12}  seven" "$scratch/drive" || fail "with a program it names another"
