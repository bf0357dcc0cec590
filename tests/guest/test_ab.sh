#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab ab finds planted instructions and the function that has them; bad patches leave nothing behind.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
patches=$MIGBENCH_SOURCE/tests/guest/patches
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
source=$(jq -sr --arg name "$KERNEL" 'map(select(.name == $name)) | max_by(.built) | .tree' \
	"$cache"/kernels/*/kernel.json)

forget() {
	for name in page-20 batch-512 planted; do
		"$MIGBENCH" lab kernel remove "$KERNEL-$name" 2>/dev/null || :
	done
}
trap 'forget; rm -rf "$scratch"' EXIT
forget

# One boot of each kernel: under insns two of a kernel are the same, and guest/exact sees to that.
# ab PATCH NAME OPTION…: into $scratch/NAME and $scratch/NAME.txt.
ab() {
	"$MIGBENCH" lab ab --kernel "$KERNEL" --patch "$1" --suite quick --only 'migrate/*' \
		--set migrate.batch=1,512 --boots 1 --out "$scratch/$2" "${@:3}" >"$scratch/$2.txt"
}

# each CONDITION ON A POINT: holds for all points of the comparison, and there are some.
each() {
	jq -e "(.points | length > 0) and all(.points[]; (.b.location - .a.location) as \$more |
		(if .params.direction == \"round-trip\" then 2 else 1 end) as \$ways | $2)" \
		"$scratch/$1/compare.json" >/dev/null
}

# Twenty instructions a page, whatever the batch, and in which function.
status=0
ab "$patches/page-20.patch" page --profile 1 --fail-on slower || status=$?
test $status -eq 1 || fail "--fail-on slower: status $status"
# shellcheck disable=SC2016
each page '$more / .pages / $ways | . >= 19 and . <= 21' || fail "not twenty instructions a page"
each page '.verdict == "slower"' || fail "a dearer page is not slower"
grep -q '+20\.0 instructions a page, +0\.0 a batch' "$scratch/page.txt" || fail "the summary has no +20.0 a page"
awk '$NF == "remove_migration_pte" && $(NF - 2) ~ /^\+[24]0\.0$/ { found = 1 } END { exit !found }' \
	"$scratch/page/profile-1.txt" || fail "the profile does not blame remove_migration_pte"
test -s "$scratch/page/compare.txt" || fail "no comparison kept"
# What it means comes first, in words that can be posted.
tr '\n' ' ' <"$scratch/page/compare.txt" | grep -qE 'What the change means: of migrate.* It is \+20\.0 instructions a page and nothing a batch' ||
	fail "the paragraph does not say twenty a page: $(head -n 8 "$scratch/page/compare.txt")"
grep -qF 'migbench lab ab' "$scratch/page/compare.lkml" || fail "the mail has no command to repeat it: $(cat "$scratch/page/compare.lkml")"

if long; then
	# The same in a program of one's own, which moves 64 pages to the other node.
	own_program move
	"$MIGBENCH" lab ab --kernel "$KERNEL" --patch "$patches/page-20.patch" --out "$scratch/own" --boots 1 --profile 1 \
		--add "$scratch/move" -- ./move >"$scratch/own.txt"
	# The scheduler's load average comes in lots of about a hundred instructions, as in numa.
	jq -e '.points | length == 1 and .[0].verdict == "slower" and (.[0].b.location - .[0].a.location | fabs - 64 * 20 | fabs < 400)' \
		"$scratch/own/compare.json" >/dev/null || fail "the program does not show it: $(cat "$scratch/own.txt")"
	awk '$NF == "remove_migration_pte" && $(NF - 2) == "+1280.0" { found = 1 } END { exit !found }' \
		"$scratch/own/profile-1.txt" || fail "its profile does not blame remove_migration_pte"

	# Five hundred and twelve once a batch: all of it at batch 1, one a page at batch 512.
	ab "$patches/batch-512.patch" batch --profile 0
	# shellcheck disable=SC2016
	each batch '.pages != 1 or ($more / $ways | . >= 502 and . <= 522)' || fail "batch 1 does not show it"
	# shellcheck disable=SC2016
	each batch '.pages != 512 or ($more / .pages / $ways | . >= 0.9 and . <= 1.1)' || fail "batch 512 does not share it"
	each batch '.pages != 1 or .verdict == "slower"' || fail "a dearer batch is not slower"
fi

# patch_of FILE SCRIPT: what sed's SCRIPT does to FILE of the kernel, as planted.patch.
patch_of() {
	sed "$2" "$source/$1" | diff -u --label "a/$1" --label "b/$1" "$source/$1" - \
		>"$scratch/planted.patch" || :
	test -s "$scratch/planted.patch" || fail "no patch for $1"
}

# bad STATUS PATTERN BUILT: PATTERN on stderr, nothing running; a kernel stays only if BUILT.
bad() {
	local want=$1 status=0
	shift
	rm -rf "$scratch/bad"
	ab "$scratch/planted.patch" bad 2>"$scratch/bad.err" || status=$?
	test $status -eq "$want" || fail "status $status instead of $want for: $1"
	grep -q -- "$1" "$scratch/bad.err" || {
		cat "$scratch/bad.err"
		fail "stderr has no: $1"
	}
	! pgrep -f "qemu-system.*$KERNEL-planted" >/dev/null || fail "a VM is left"
	test "$("$MIGBENCH" lab kernel list | grep -c "^$KERNEL-planted ")" -eq "$2" || fail "kernels left: $1"
	test -z "$(find "$cache/kernels" -path "*/.$KERNEL-planted-*" -name build)" || fail "half a kernel is left: $1"
	# What the other kernel gave is worth keeping.
	[ "$2" -eq 1 ] || test ! -e "$scratch/bad" || fail "an empty folder is left"
}

sed 's/pgoff is invalid/nothing is invalid/' "$patches/page-20.patch" >"$scratch/planted.patch"
bad 2 'planted.patch: does not apply: .* mm/migrate.c:' 0
# Each of these builds for half a minute.
if long; then
	patch_of mm/migrate_device.c 's/^int migrate_vma_setup/#error planted\n&/'
	bad 3 'make failed' 0
	grep -q '#error planted' "$scratch/bad.err" || fail "the compiler's own words are missing"
	patch_of mm/Kconfig '/^config DEVICE_PRIVATE/,/depends/s/depends on.*/depends on PLANTED/'
	bad 3 'did not accept CONFIG_DEVICE_PRIVATE' 0
fi
patch_of mm/migrate_device.c '$a static int __init planted(void) { panic("planted"); }\nlate_initcall(planted);'
bad 3 'Kernel panic - not syncing: planted' 1
