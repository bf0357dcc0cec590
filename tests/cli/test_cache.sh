#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the cache of kernels stays whole: two commands at once, builds that fail, removals, files cut short or made by others.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache TMPDIR=$scratch
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/fake_kernel.sh"
echo one >linux/file
tar -cf linux.tar linux
kernels=$MIGBENCH_CACHE/kernels

expect 0 "" "$m" lab kernel build --source linux.tar --name one
many=$(echo "$kernels"/one-*)/build/many
mkdir "$many"
for i in $(seq 2000); do echo >"$many/$i"; done

# Two take what is there under another name: both have it, where one waits for the other.
for _ in 1 2 3 4; do
	"$m" lab kernel build --source linux.tar --name two >out1 2>err1 &
	first=$!
	"$m" lab kernel build --source linux.tar --name two >out2 2>err2
	second=$?
	wait $first
	first=$?
	check "each ends with 0: $first $second" test "$first $second" = "0 0"
	check "nothing is said but that one waits: $(cat err1 err2)" \
		test "$(sort -u err1 err2 | grep -vc 'is being built by another migbench; waiting')" -eq 0
	check "it is whole" test -s "$(echo "$kernels"/two-*/build/arch/x86/boot/bzImage)"
	check "and nothing is in it twice" test "$(find "$kernels"/two-* -type f | wc -l)" -eq "$(find "$kernels"/one-* -type f | wc -l)"
	check "and no half of it is left" test -z "$(find "$kernels" -maxdepth 1 -name '.*' -type d)"
	"$m" lab kernel remove two >/dev/null
done

# The patched source is also what modules of a finished kernel are built with.
printf -- '--- a/file\n+++ b/file\n@@ -1 +1 @@\n-one\n+two\n' >p.patch
expect 0 "" "$m" lab kernel build --source linux.tar --patch p.patch --name good
# Of two of one name the last one asked for counts, and a dry run asks for none.
used() { "$m" lab exec --kernel good --dry-run -- true | grep -o 'good-[0-9a-f]*' | sort -u; }
first=$(used)
expect 0 "" "$m" lab kernel build --source linux.tar --name good
second=$(used)
check "another one counts now" test -n "$second" -a "$first" != "$second"
expect 0 "" "$m" lab kernel build --source linux.tar --patch p.patch --name good --dry-run
check "and does so still" test "$(used)" = "$second"
expect 0 "" "$m" lab kernel build --source linux.tar --patch p.patch --name good
check "until it is asked for" test "$(used)" = "$first"
expect 0 "" "$m" lab kernel remove "good@$(jq -r .key "$kernels/$second/kernel.json")"
touch fail
"$m" lab kernel build 6.1-debug --source linux.tar --patch p.patch --name bad >stdout 2>stderr
check "a make that fails is status 3" test $? -eq 3
rm fail
patched=$(jq -r .tree "$kernels"/good-*/kernel.json)
check "a build that fails leaves other kernels' source" test -e "$patched/file"
touch hang
setsid "$m" lab kernel build 6.1-debug --source linux.tar --patch p.patch --name other >stdout 2>stderr &
for _ in $(seq 200); do
	[ ! -e hangs ] || break
	sleep 0.1
done
"$m" lab kernel remove good >said 2>&1
check "a removal leaves it to a build that is under way" test -e "$patched/file"
check "and says so: $(cat said)" grep -q 'another migbench builds with it, and it stays' said
rm -f hang hangs
kill -TERM -- -$!
wait $! 2>/dev/null
expect 0 "" "$m" lab kernel build 6.1-debug --source linux.tar --patch p.patch --name other
expect 0 "" "$m" lab kernel remove other
check "the last one takes it along" test ! -e "$patched"

# Folders of the environment: a relative one is one of here, or, as its specification has it, none.
mkdir here home
(export TMPDIR=here && expect 0 "" "$m" lab kernel build --source linux.tar --patch p.patch --name rel; finish)
check "a relative TMPDIR" test $? -eq 0
(unset MIGBENCH_CACHE && export HOME=$scratch/home XDG_CACHE_HOME=here &&
	expect 0 "" "$m" lab kernel build --source linux.tar --name x; finish)
check "a relative XDG_CACHE_HOME" test $? -eq 0
check "is ignored" test -d home/.cache/migbench/kernels -a ! -e here/migbench
# Who has no HOME, such as a service, has the home that he is known by: what is said of a cache with too little room.
known=$(getent passwd "$(id -u)" | cut -d: -f6)
if command -v unshare >/dev/null && unshare -rm true 2>/dev/null; then
	(unset MIGBENCH_CACHE HOME && unshare -rm bash -c 'mount -t tmpfs -o size=1m none "$0" && exec "$@"' "$known" \
		"$m" lab kernel build --source "$scratch/linux" --name y) >said 2>&1
	check "no HOME: $(cat said)" grep -q "in $known/.cache/migbench/kernels, where" said
fi

# Builds of a folder have a folder, which another kernel's removal leaves while one is under way.
expect 0 "" "$m" lab kernel build --source linux --name ka
touch hang
setsid "$m" lab kernel build --source linux --name kb >stdout 2>stderr &
for _ in $(seq 200); do
	[ ! -e hangs ] || break
	sleep 0.1
done
"$m" lab kernel remove ka >said 2>&1
check "the removal says so: $(cat said)" grep -q 'another migbench builds with it, and it stays' said
check "and leaves it" test -e "$kernels"/.source-*/build.log
kill -TERM -- -$!
wait $! 2>/dev/null
rm -f hang hangs
expect 0 "" "$m" lab kernel build --source linux --name kb

# What a removal or a power cut left is no kernel, and in nobody's way.
truncate -s 20 "$kernels"/one-*/kernel.json
expect 2 "unknown kernel 'one'" "$m" lab kernel remove one
expect 0 "" "$m" lab kernel build --source linux.tar --name one

# A description that somebody else wrote leads nowhere else.
mkdir victim
file=$(echo "$kernels"/kb-*/kernel.json)
cp "$file" kept
jq --arg tree "$MIGBENCH_CACHE/src/patched/../../../victim" '.tree = $tree' kept >"$file"
"$m" lab kernel remove kb >/dev/null 2>&1
check "a removal stays in the cache" test -d victim
mkdir "$kernels/evil"
jq '.name = "e\u001b[31m"' kept >"$kernels/evil/kernel.json"
check "a name that is none is not shown" test "$("$m" lab kernel list | grep -c "$(printf '\033')")" -eq 0
# Two descriptions may give one name to their kernels; who names a file means its own.
mkdir -p apart/first apart/second
for which in first second; do
	cp "$MIGBENCH_SOURCE/configs/kernels/6.1.ini" apart/$which/mine.ini
	cp "$MIGBENCH_SOURCE/configs/kernels/lab.config" apart/$which
	key=$(echo $which | sha256sum | cut -c1-64)
	mkdir -p "$kernels/mine-${key:0:12}"
	jq -n --arg key "$key" --arg config "$scratch/apart/$which/mine.ini" --argjson built "$([ $which = first ] && echo 1 || echo 2)" \
		'{name: "mine", release: "6.1.2", label: $config, key: $key, source: "x", tree: "/x", config: $config, built: $built, size: 1}' \
		>"$kernels/mine-${key:0:12}/kernel.json"
done
first=$(echo first | sha256sum | cut -c1-12)
for kernels_asked in apart/first/mine.ini,one "mine@$(echo first | sha256sum | cut -c1-64),one"; do
	"$m" lab ab --kernel "$kernels_asked" --suite smoke --out ab --force >stdout 2>stderr
	check "lab ab takes that of the file: $(cat stderr)" grep -q "migbench.ko does not build .*/mine-$first/" stderr
done
expect 0 "" "$m" lab kernel remove apart/second/mine.ini
check "only its own is removed: $(ls "$kernels")" test "$(echo "$kernels"/mine-*)" = "$kernels/mine-$first"
finish
