#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the lines that a program or a migration touches are counted to the line, and the model's misses are another model's.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

profile() {
	"$MIGBENCH" lab profile --kernel "$KERNEL" --memory --format json "$@"
}

# Without a QEMU that tells, there is one line that says how to get it.
if ! profile --point 'null/part=ioctl' >"$scratch/null.json" 2>"$scratch/error"; then
	cat "$scratch/error"
	if grep -q 'lab qemu fetch' "$scratch/error"; then
		echo "skipped: the QEMU here tells no plugin what memory is accessed"
		exit 77
	fi
	exit 1
fi

# A batch of nothing: what the program itself has, no page table, and no struct page but that of the
# arrays that the kernel frees, and of their slab's first page.
jq -e '.memory.a | .tables_known and .all.lines > 0 and .kinds.pages.lines < 16
	and (.kinds["page tables"].lines // 0) == 0 and (.kinds["struct page"].lines // 0) <= 2' \
	"$scratch/null.json" >/dev/null || fail "a batch of nothing: $(jq -c '.memory.a.kinds | map_values(.lines)' "$scratch/null.json")"

# Known programs: the lines that they say, beside those that the same program has when it does nothing.
own_program touch
# touched WHAT SIZE CONDITION: on $p, more than nothing touches.
touched() {
	profile --set samples=1 --add "$scratch/touch" -- ./touch "$1" "$2" 1 >"$scratch/$1.json"
	jq -es --argjson lines $(($2 / 64)) "map(.memory.a.kinds.pages)
		| {lines: (.[1].lines - .[0].lines), read: (.[1].read - .[0].read), written: (.[1].written - .[0].written),
			bytes: (.[1].bytes - .[0].bytes), pages: (.[1].pages_4k - .[0].pages_4k), tlb: .[1].missed.tlb} as \$p | $3" \
		"$scratch/none.json" "$scratch/$1.json" >/dev/null ||
		fail "touch $1 $2: not '$3': $(jq -c .memory.a.kinds.pages "$scratch/none.json" "$scratch/$1.json")"
}
touched none 640000 true
# What is more pages than the TLB has room for finds none of them there; what is less may find them all.
translations=$((640000 / 1024 / ${BASE%k}))
misses="\$p.tlb >= $translations"
[ $translations -gt 64 ] || misses="\$p.tlb <= $translations + 1"
touched line 640000 "\$p.lines == \$lines and \$p.read == \$lines and \$p.written == 0 and \$p.pages == 157 and $misses"
# shellcheck disable=SC2016
touched dual 640000 '$p.lines == $lines and $p.written == $lines and $p.read == 0 and $p.bytes == 2 * $lines'
# shellcheck disable=SC2016
! long || touched hops 640000 '$p.lines == $lines and $p.bytes == 4 * $lines'
# Large pages, those that the program asks for: as many lines, fewer translations. On arm64 nobody knows, as
# this program does not enter the kernel there.
# shellcheck disable=SC2016
! long || $ARM64 || touched huge 524288 '$p.lines == $lines and $p.tlb <= 8'

# As many misses as cachegrind sees, with caches of the same size.
if valgrind --version >/dev/null 2>&1; then
	# It runs what runs here.
	gcc -O2 -Wall -I "$MIGBENCH_SOURCE/include" "$MIGBENCH_SOURCE/tests/guest/programs/touch.c" -o "$scratch/here"
	misses() {
		valgrind --tool=cachegrind --cache-sim=yes --cachegrind-out-file=/dev/null --D1=32768,8,64 \
			--LL=1048576,16,64 "$scratch/here" "$@" 2>&1 | tr -d , |
			awk '/D1 +misses/ { d1 = $4 } /LLd misses/ { ll = $4 } END { print d1, ll }'
	}
	agrees() {
		read -r d1_two ll_two < <(misses "$1" "$2" 2)
		read -r d1_three ll_three < <(misses "$1" "$2" 3)
		profile --set samples=1 --add "$scratch/touch" -- ./touch "$1" "$2" 3 >"$scratch/model.json"
		jq -c --arg what "$*" --argjson d1 $((d1_three - d1_two)) --argjson ll $((ll_three - ll_two)) \
			'.memory.a.all.missed | {what: $what, l1, d1: $d1, l2, ll: $ll}' "$scratch/model.json" |
			tee "$scratch/agrees"
		jq -e '(.l1 - .d1 | fabs) <= .d1 / 100 and (.l2 - .ll | fabs) <= .ll / 100 + 8' "$scratch/agrees" >/dev/null ||
			fail "the model and cachegrind do not agree"
	}
	agrees rand 4194304
	if long; then
		agrees line 4194304
		agrees hops 4194304
	fi
fi

# A migration: a page of 4 KiB is 64 lines read and 64 written, 512 entries of a page table are 64 lines
# and one of each table above, two or three, and nothing of it depends on the boot. Each is flushed from 6.1 on,
# the range once before.
point="migrate/batch=512,direction=to-device,memory=private,nodes=0>1,page=$BASE,state=exclusive,threads=1"
profile --point "$point" >"$scratch/a.json"
profile --point "$point" >"$scratch/b.json"
cmp "$scratch/a.json" "$scratch/b.json" || fail "two boots touch other memory"
jq -e --argjson flushes "$($OLD && echo 1 || echo 512)" --argjson page $((16 * ${BASE%k})) --argjson above "$([ "$BASE" = 64k ] && echo 2 || echo 3)" '.memory.a.kinds as $k
	| $k.pages.phases.copy.lines == 512 * 2 * $page and $k.pages.phases.copy.read == 512 * $page
	and $k.pages.phases.copy.written == 512 * $page
	and $k["page tables"].phases.setup.lines == 64 + $above
	and $k["struct page"].lines >= 1024
	and .memory.a.flushes >= $flushes' "$scratch/a.json" >/dev/null ||
	fail "not what a page is: $(jq -c '.memory.a.kinds | map_values(.phases | map_values(.lines))' "$scratch/a.json")"
# The kernel's own names: its VMA and its maps are objects of theirs, and no line has two names.
jq -e '.memory.a | (.named | has("slab mm_struct") and has("slab vm_area_struct"))
	and ([.named[].lines] | add) <= ([.kinds | .rest, ."kernel image", ."per-CPU" | .lines] | add)
	and ([.named | keys[] | select(startswith("per-CPU "))] | length > 0)
	and ([.named | to_entries[] | select(.key | startswith("slab ")).value.lines] | add) > .kinds.rest.lines / 2' \
	"$scratch/a.json" >/dev/null || fail "not the kernel's names: $(jq -c '.memory.a.named | map_values(.lines)' "$scratch/a.json")"
# By the same QEMU, which on arm64 is not the one that else measures.
qemu=()
! $ARM64 || qemu=(--qemu "$("$MIGBENCH" lab qemu list | awk '$NF == "arm64" { name = $1 } END { print name }')")
"$MIGBENCH" lab profile --kernel "$KERNEL" "${qemu[@]}" --point "$point" --format json >"$scratch/plain.json"
# What 512 pages that are freed cost on 5.10 is never the same (docs/instruction-clock.md).
jq -es --argjson old "$OLD" '.[0].totals.a as $a | .[1].totals.a as $b | .[0].totals == .[1].totals and .[0].phases == .[1].phases
	or $old and ($a - $b | fabs) <= $b / 100' "$scratch/a.json" "$scratch/plain.json" >/dev/null ||
	fail "looking at memory changed what is executed"

# A line more a page, in a function and for the few instructions that it takes: lab ab says so. Other
# kernels' sources are not what the patch is for.
long && [ "$KERNEL" = 6.1 ] || exit 0
trap '"$MIGBENCH" lab kernel remove "$KERNEL-line-1" 2>/dev/null || :; rm -rf "$scratch"' EXIT
"$MIGBENCH" lab ab --kernel "$KERNEL" --patch "$MIGBENCH_SOURCE/tests/guest/patches/line-1.patch" --suite full \
	--only "$point" --profile 0 --memory 1 --out "$scratch/ab" >"$scratch/ab.txt"
grep -E 'lines \(\+1\.0[0-9], written \+1\.0[0-9]\).*most in remove_migration_pte, \+1\.00$' "$scratch/ab.txt" ||
	fail "the planted line is not found: $(grep -A3 'Memory that' "$scratch/ab.txt")"
jq -e '.points[0] | (.b.location - .a.location) / .pages | . > 0 and . < 20' "$scratch/ab/compare.json" >/dev/null ||
	fail "more instructions than a line takes"
