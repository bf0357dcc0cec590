#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab kernel build goes on after a make that failed and after one that was killed.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache

. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/fake_kernel.sh"

tar -cf linux.tar linux
export TMPDIR=$scratch
build=("$m" lab kernel build --source linux.tar --name fake)

touch fail
"${build[@]}" >stdout 2>stderr
check "a make that fails is status 3" test $? -eq 3
check "and says so" grep -q "make failed; log: " stderr
rm fail
expect 0 "" "${build[@]}"
check "and has a kernel" grep -q "kernel fake (6.1.0-fake) is ready" stdout
"$m" lab kernel remove fake >/dev/null 2>&1

# What somebody edits meanwhile was built in part as it was, and in part as it is.
edited='test ! -e $(TMPDIR)/edit || echo edited >>Kconfig'
awk -v line="$edited" '{ print } /TMPDIR.*fail/ { print "\t" line }' linux/Makefile >Makefile
mv Makefile linux/Makefile
touch edit
expect 2 "--source .*/linux: has changed while it was read; try again" \
	"$m" lab kernel build --source linux --name fake
check "the edit was made" grep -q edited linux/Kconfig
expect 0 "" "$m" lab kernel list
check "no kernel is of it" bash -c "! grep -q '^fake' stdout"
rm edit
# What people keep in a tree that no build reads: a cache, a log, a patch, results.
expect 0 "" env MIGBENCH_CACHE="$PWD/linux/.cache" "$m" lab kernel build --source linux --name fake
echo more >linux/build.log
mkdir -p linux/results/local linux/gate
touch linux/results/local/run.jsonl linux/gate/gate.ktap
expect 0 "" env MIGBENCH_CACHE="$PWD/linux/.cache" "$m" lab kernel build --source linux --name fake
check "it is the same: $(cat stdout)" grep -q "is up to date" stdout
echo -mine >linux/localversion-mine
expect 0 "" env MIGBENCH_CACHE="$PWD/linux/.cache" "$m" lab kernel build --source linux --name fake
check "and this is another: $(cat stdout)" grep -q "is ready" stdout
mkdir linux/mm
touch linux/mm/Makefile
expect 0 "" env MIGBENCH_CACHE="$PWD/linux/.cache" "$m" lab kernel build --source linux --name fake
check "a folder that make goes into, too: $(cat stdout)" grep -q "is ready" stdout
rm -r linux/.cache linux/build.log linux/localversion-mine linux/results linux/gate linux/mm
mkdir linux/__pycache__
expect 0 "" "$m" lab kernel build --source linux --name fake
touch linux/__pycache__/of_a_script.pyc
expect 0 "" "$m" lab kernel build --source linux --name fake
check "what Python keeps is none of it: $(cat stdout)" grep -q "is up to date" stdout
# The module is built with the tree's headers: with later ones it would be another kernel's.
run=("$m" lab run --kernel fake --suite smoke --boots 1 --accel tcg --quiet --out run.jsonl)
"${run[@]}" >stdout 2>stderr
check "it is begun to be built: $(cat stderr)" grep -q "migbench.ko does not build for kernel fake" stderr
echo edited >>linux/Kconfig
expect 3 "linux: has changed since kernel fake was built of it.*lab kernel build --source .*/linux --name fake" "${run[@]}"
"$m" lab kernel remove fake >/dev/null 2>&1

# Killed at any moment, all of it: what was half written then is not built upon.
touch hang
setsid "${build[@]}" >stdout 2>stderr &
for _ in $(seq 200); do
	[ ! -e hangs ] || break
	sleep 0.1
done
check "it was about to compile" test -e hangs
kill -KILL -- -$!
wait $! 2>/dev/null
rm hang
# What make had started goes on by itself, in the folder: it is waited for.
"${build[@]}" >stdout 2>stderr &
for _ in $(seq 200); do
	! grep -q "kernel fake is being built by another migbench; waiting" stderr || break
	sleep 0.1
done
check "the other one is waited for: $(cat stderr)" grep -q "kernel fake is being built by another migbench; waiting" stderr
check "it waits" kill -0 $!
pkill -f "touch .*$scratch/hangs" && pkill -f "(^|/)sleep $hangs"
wait $!
status=$?
check "and then it builds: $(cat stderr)" test $status -eq 0
check "a kernel" grep -q "kernel fake (6.1.0-fake) is ready" stdout
finish
