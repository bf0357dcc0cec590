#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab bisect on a real Slurm: four commits a step on four nodes, and the right one is named.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/slurm.sh"

# No kernel is built: what a commit costs is remembered already, but for one that can't be built.
export MIGBENCH_CACHE=$scratch/cache
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
mkdir "$scratch/linux"
cd "$scratch/linux"
git init -q -b main
touch Kconfig
printf 'VERSION = 6\nPATCHLEVEL = 1\n' >Makefile
git add .
for ((i = 0; i <= 100; i++)); do git commit -q --allow-empty -m "commit $i"; done
bisect=("$MIGBENCH" lab bisect --point null/part=ioctl --bad-above 150 --quiet --bad main --on slurm --width 4)
notes=$("${bisect[@]}" --good main~100 --dry-run | sed -n 's/^values are remembered in //p')
mkdir -p "${notes%/*}"
git rev-list main~37 | sed 's/$/ 100.0/' >"$notes"
git rev-list main~37..main | sed 's/$/ 200.0/' >>"$notes"
guilty=$(git rev-parse main~36)
# The first step tests every twentieth commit.
sed -i "/^$(git rev-parse main~60) /d" "$notes"

status=0
"${bisect[@]}" --good main~100 >said 2>words || status=$?
grep -q "^$guilty is the first bad commit" said || fail "not the guilty one: $(cat said words "$MIGBENCH_CACHE"/bisect/trees-*/logs/* 2>/dev/null)"
test "$(grep -c 'commits are left' words)" -le 4 || fail "a hundred commits take more than four steps: $(cat words)"
test "$(grep -c ' skip: ' said)" -eq 1 || fail "not one is left out: $(cat said)"
test $status -eq 3 || fail "status $status, though no difference can be told"
test -z "$(git bisect log 2>/dev/null; ls -d "$MIGBENCH_CACHE"/bisect/trees-* 2>/dev/null)" || fail "something is left"
test "$(git symbolic-ref --short HEAD)" = main || fail "the tree is not where it was"

# Interrupted, its jobs end with it.
printf '%s\n' 'allnoconfig:' "	sleep 97.$$" >>Makefile
git commit -qam slow
git commit -q --allow-empty -m last
"${bisect[@]}" --good main~2 >said 2>words &
search=$!
building() { pgrep -f "sleep 97.$$\$" >/dev/null; }
waited 60 building || fail "nothing is built: $(squeue; cat said words)"
kill -INT $search
status=0
wait $search || status=$?
waited 30 none_left || fail "its jobs stay: $(squeue)"
test -n "$(grep 'lab bisect: interrupted; to go on: git bisect reset && migbench lab bisect' words)" || fail "nobody says how to go on: $(cat words)"
gone() { ! building; }
waited 30 gone || fail "a build stays"
git bisect reset >/dev/null 2>&1
