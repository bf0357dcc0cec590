#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab ab and lab bisect refuse what makes no sense before they build anything.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: nothing is built there.
export MIGBENCH_CACHE=$scratch/cache
printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1 +1 @@\n-one\n+two\n' >a.patch

expect 2 "two kernels" "$m" lab ab
expect 2 "two kernels" "$m" lab ab --kernel 6.1
expect 2 "two kernels" "$m" lab ab --patch a.patch
expect 2 "two kernels" "$m" lab ab --kernel 6.1,6.1-debug --patch a.patch
expect 2 "names 6\.1 twice" "$m" lab ab --kernel 6.1,6.1
expect 3 "lab kernel build 6\.1" "$m" lab ab --kernel 6.1,6.1-debug
expect 2 "no-such.patch" "$m" lab ab --kernel 6.1 --patch no-such.patch
expect 2 "'9\.9'.*--source" "$m" lab ab --kernel 9.9 --patch a.patch
expect 2 "nowhere" "$m" lab ab --source nowhere --patch a.patch
ab=("$m" lab ab --kernel 6.1 --patch a.patch)
expect 2 "time or insns" "${ab[@]}" --clock sundial
# All of it is looked at before there is a kernel.
expect 2 "margin is a percentage.*'much'" "${ab[@]}" --margin much
expect 2 "fail-on takes.*'ugly'" "${ab[@]}" --fail-on ugly
expect 2 "suite.*no-such" "${ab[@]}" --suite no-such
expect 2 "no-such" "${ab[@]}" --topology no-such
expect 2 "no-such" "${ab[@]}" --only 'no-such*'
expect 2 "reverse needs --patch" "$m" lab ab --kernel 6.1,6.12 --reverse
mkdir full
touch full/something
expect 2 "full: is not empty.*--force" "$m" lab ab --kernel 6.1 --patch a.patch --out full
# What is kept of the patches takes the place of patches/, and of all that is in it.
mkdir -p mine/patches
cp a.patch mine/patches
for patch in mine/patches mine/patches/a.patch; do
	expect 2 "patch $patch: --out mine would replace all of mine/patches" \
		"$m" lab ab --kernel 6.1 --patch $patch --out mine --force
done
expect 2 "lab ab: --out needs the name of a folder, not ''" "$m" lab ab --kernel 6.1 --patch a.patch --out ""
mkdir taken
exec 9<taken
flock 9
expect 2 "taken: another migbench is at work there" "$m" lab ab --kernel 6.1 --patch a.patch --out taken
check "it is there" test -d taken
exec 9<&-
mkdir tree
touch tree/Kconfig tree/.config
expect 2 "make mrproper" "$m" lab kernel build --source tree --name t
# So are patches, on the source, and neither kernel is built for one that does not apply.
mkdir -p source/mm && printf 'one\n' >source/mm/a.c && printf 'VERSION = 6\nPATCHLEVEL = 1\n' >source/Makefile
touch source/Kconfig
sed 's/^-one/-three/' a.patch >b.patch
sed 's,mm/a.c,mm/b.c,' a.patch >c.patch
ab=("$m" lab ab --source source)
expect 2 "b.patch: does not apply|b.patch: .*fuzz" "${ab[@]}" --patch b.patch
expect 2 "c.patch: is for another tree: mm/b.c" "${ab[@]}" --patch c.patch
expect 2 "a.patch: is not in this source" "${ab[@]}" --patch a.patch --reverse
check "no empty folder is left" test -z "$(ls results/local 2>/dev/null)"
expect 0 "" "${ab[@]}" --patch a.patch --dry-run
check "it applies" grep -qx "What --patch names applies; nothing is built." stdout
check "B is named after the patch" grep -q "kernel source-a, " stdout
# A path is shown, and moves no terminal.
evil=$(printf 's\033[31m')
cp "$MIGBENCH_SOURCE/configs/suites/smoke.ini" "$evil.ini"
expect 0 "" "${ab[@]}" --patch a.patch --suite "./$evil.ini" --dry-run
check "a suite's path is plain" grep -qF './s?[31m.ini' stdout
printf 'two\n' >source/mm/a.c
expect 2 "a.patch: is applied already.*--reverse" "${ab[@]}" --patch a.patch
expect 0 "" "${ab[@]}" --patch a.patch --reverse --dry-run
check "B is named after what it is without" grep -q "kernel source-without-a, " stdout
check "nothing was built" test -z "$(find cache -name '*.o' 2>/dev/null)"
expect 2 "not 'nonsense'" "${ab[@]}" --patch a.patch --reverse --dry-run --fail-on nonsense --fail-on missing

b=("$m" lab bisect)
expect 2 "point" "${b[@]}" --bad-above 5
expect 2 "what is bad" "${b[@]}" --point x
expect 2 "what is bad" "${b[@]}" --point x --bad-above 5 --slower 2
expect 2 "what is bad" "${b[@]}" --point x --baseline run.jsonl
expect 2 "go together" "${b[@]}" --point x --bad-above 5 --good HEAD
expect 2 "not the top folder of a kernel" "${b[@]}" --point x --bad-above 5
if command -v git >/dev/null; then
	cd tree || exit 1
	git init -q
	printf 'one\n' >Kconfig
	git add Kconfig
	git -c user.name=t -c user.email=t@localhost commit -qm one
	printf 'two\n' >Kconfig
	expect 2 "differ from the commit" "${b[@]}" --point x --bad-above 5
	git -c user.name=t -c user.email=t@localhost commit -qam two
	# A baseline is read before anything is built: the point must be there, and counted.
	run_record() {
		printf '{"type":"run","format":1,"clock":"%s","config":{}}\n' "$1"
		printf '{"type":"point","id":3,"benchmark":"null","params":{"part":"%s"}}\n' "$2"
		printf '{"type":"block","point":3,"boot":0,"pages":1,"metrics":{"total":{"unit":"%s","values":[5]}}}\n' \
			"${1/#time/ns}"
		printf '{"type":"end","blocks":1%s}\n' "$3"
	}
	base=("${b[@]}" --point null/part=ioctl --slower 1% --baseline ../base.jsonl)
	expect 2 "base.jsonl: cannot open: No such file" "${base[@]}"
	run_record time ioctl '' >../base.jsonl
	expect 2 "base.jsonl: a bisection needs the clock insns" "${base[@]}"
	run_record insns clock '' >../base.jsonl
	expect 2 "base.jsonl: has no point null/part=ioctl" "${base[@]}"
	run_record insns ioctl ',"valid":false' >../base.jsonl
	expect 2 "base.jsonl is invalid" "${base[@]}"
	run_record insns ioctl '' | sed 's/"format":1/"format":9/' >../base.jsonl
	expect 2 "base.jsonl:1: .*format" "${base[@]}"
	echo text >../base.jsonl
	expect 2 "base.jsonl:1: not a run file" "${base[@]}"
	run_record insns ioctl '' | sed 's/^{"type":"block".*/garbage/' >../base.jsonl
	expect 2 "base.jsonl:3: not a JSON object" "${base[@]}"
	rm stdout stderr
	git bisect start HEAD HEAD~1 >/dev/null 2>&1
	# git would take 2 for "bad".
	expect 255 "what is bad" "${b[@]}" --point x
	expect 255 "needs a value" "${b[@]}" --point x --bad-above
fi
finish
