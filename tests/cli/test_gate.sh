#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab gate and --image refuse what makes no sense before anything is built.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: nothing is built there.
export MIGBENCH_CACHE=$scratch/cache
g=("$m" lab gate)
published=$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl

expect 2 "give the kernel" "${g[@]}"
expect 2 "nowhere: is no kernel tree" "${g[@]}" --source nowhere
expect 2 "go with --image" "${g[@]}" --source . --modules .
expect 2 "needs --baseline" "${g[@]}" --image bzImage
mkdir tree
touch tree/Kconfig
expect 2 "memory needs the base's kernel" "${g[@]}" --source tree --baseline run.jsonl --memory 1
expect 2 "no commit HEAD\^ .*--base.*--baseline" "${g[@]}" --source tree
expect 2 "not both" "${g[@]}" --source tree --base HEAD --baseline "$published"
expect 2 "no-such.jsonl: No such file" "${g[@]}" --source tree --baseline no-such.jsonl
expect 2 "not 'dearer'" "${g[@]}" --source tree --baseline "$published" --fail-on slower,dearer
expect 2 "no-such-suite" "${g[@]}" --source tree --baseline "$published" --suite no-such-suite
expect 2 "no-such" "${g[@]}" --source tree --baseline "$published" --config no-such
expect 2 "no-such" "${g[@]}" --source tree --baseline "$published" --topology no-such
expect 2 "margin" "${g[@]}" --source tree --baseline "$published" --margin lots
printf 'nothing\n' >run.jsonl
expect 2 "run.jsonl" "${g[@]}" --source tree --baseline run.jsonl
mkdir full
touch full/something
expect 2 "full: is not empty.*--force" "${g[@]}" --source tree --baseline "$published" --out full
# Nothing is compared with what is removed, or written, on the way.
mkdir out
for name in run.jsonl run-gate.jsonl gate.ktap; do
	cp "$published" out/$name
	expect 2 "baseline out/$name: --out ./out would write over it; choose another --out" \
		"${g[@]}" --source tree --baseline out/$name --out ./out --force
	check "$name is there" cmp "$published" out/$name
done
ln -s out/run.jsonl linked.jsonl
expect 2 "linked.jsonl: --out out would write over it" "${g[@]}" --source tree --baseline linked.jsonl --out out
check "nothing was built" test -z "$(find cache -name '*.o' 2>/dev/null)"

# The base: the parent commit, checked out in the cache; the tree itself stays as it is.
if command -v git >/dev/null; then
	. "$MIGBENCH_SOURCE/tests/cli/fake_kernel.sh"
	commit() { git -C linux -c user.name=t -c user.email=t@localhost commit -qm "$1"; }
	git init -q linux
	git -C linux add -A
	commit one
	touch linux/second
	git -C linux add second
	commit two
	"${g[@]}" --source linux --out based >stdout 2>stderr
	status=$?
	check "a base that is no measure is status 3, not $status" test $status -eq 3
	check "the base is built" grep -q "kernel gate-base (6.1.0-fake) is ready" stderr
	check "it is the parent" test "$(git -C cache/gate/*/base rev-parse HEAD)" = "$(git -C linux rev-parse HEAD^)"
	check "the tree is where it was" test "$(git -C linux log -1 --format=%s)" = two
	check "nothing in it changed" test -z "$(git -C linux status --porcelain)"
fi

b=("$m" lab kernel build)
expect 2 "needs --name" "${b[@]}" --image bzImage
expect 2 "go with --image" "${b[@]}" --modules .
expect 2 "built already" "${b[@]}" 6.1 --image bzImage --name x
expect 2 "no-such: No such file" "${b[@]}" --image no-such --name x
expect 2 "run.jsonl: is neither a bzImage of x86 nor an Image of arm64" "${b[@]}" --image run.jsonl --name x
expect 2 "configs/kernels calls another" "${b[@]}" --image run.jsonl --name 6.1
# Of a bzImage what the lab reads: the magic, and where the version's text is.
image() { # RELEASE
	head -c 514 /dev/zero
	printf 'HdrS'
	head -c 8 /dev/zero
	printf '\020\001'
	head -c 256 /dev/zero
	printf '%s (somebody@somewhere) #1\0' "$1"
}
image 6.1.0-test >image
expect 2 "where 6\.1\.0-test was built.*--build" "${b[@]}" --image image --name x
expect 2 "tree: is the build of no kernel" "${b[@]}" --image image --name x --build tree/.
mkdir -p build/include/config inst/lib/modules/6.1.0-other
printf '6.1.0-other\n' >build/include/config/kernel.release
expect 2 "is the build of 6\.1\.0-other, and the image is 6\.1\.0-test" "${b[@]}" --image image --name x --build build
expect 2 "inst: has no lib/modules/6\.1\.0-test" "${b[@]}" --image image --name x --modules inst
printf '6.1.0-test\n' >build/include/config/kernel.release
printf '\nCONFIG_NUMA=y\n' >build/.config
expect 2 "need CONFIG_BLK_DEV_INITRD, .*CONFIG_SERIAL_8250_CONSOLE built in" "${b[@]}" --image image --name x --build build
# Of an Image of arm64 likewise: the magic, and the banner.
{
	head -c 56 /dev/zero
	printf 'ARM\144%%s: Linux version %%s\0Linux version 6.1.0-test (somebody@somewhere) #1\0'
} >Image
expect 2 "need CONFIG_BLK_DEV_INITRD, .*CONFIG_SERIAL_AMBA_PL011_CONSOLE, .*built in" "${b[@]}" --image Image --name x --build build
finish
