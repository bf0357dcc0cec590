#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: clang-format, checkpatch and sparse have nothing to say; files stay small.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
cd "$MIGBENCH_SOURCE" || exit 1
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
mapfile -t sources < <(find core cli bench observe analysis lab kmod include tests -name '*.[ch]')

# Versions differ in details; the one of Debian 12 decides.
formatter=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$formatter" = 14 ]; then
	check "clang-format agrees" clang-format --dry-run -Werror "${sources[@]}"
fi

long=$(wc -l "${sources[@]}" | awk '$2 != "total" && $1 > 400 { print $2 }')
check "no file over 400 lines: $long" test -z "$long"
opens=$(awk 'FNR == 2 && !/^\/\*/ { print FILENAME }' "${sources[@]}")
check "every file opens with its purpose: $opens" test -z "$opens"
opens=$(find configs results tests -name '*.ini' -exec awk 'FNR == 1 { said = 0 } /SPDX-License-Identifier/ || said { next }
	{ said = 1 } !/^[;#] [^ ]/ { print FILENAME }' {} +)
check "every INI file opens with its purpose: $opens" test -z "$opens"
check "every file has its licence" test -z "$(grep -L SPDX-License-Identifier "${sources[@]}")"

# bench/ and analysis/ share the run file and nothing else; core/ knows none of them.
check "the rooms are apart" test -z "$(
	grep -rl '#include "analysis/\|#include "lab/' bench
	grep -rl '#include "\(bench\|analysis\|lab\|cli\)/' observe
	grep -rl '#include "bench/\|#include "lab/' analysis
	grep -rl '#include "bench/\|#include "analysis/' lab
	grep -rl '#include "\(bench\|analysis\|lab\|cli\)/' core
)"
check "the module asks the headers, not a version" test -z "$(
	grep -l 'LINUX_VERSION_CODE\|KERNEL_VERSION\|linux/version.h' kmod/*.[ch]
)"

for patch in tests/fuzz/planted/*.patch; do
	check "${patch##*/} fits the module" patch --dry-run -s -p1 -i "$patch"
done

# How large pages are is asked of the machine: their sizes stand in one file of a room, in no other.
# Text and comments may name them, and buffers of 4096 bytes are no pages.
sizes=$(find kmod bench analysis lab core include -name '*.[ch]' ! -path 'lab/base/arch.*' ! -path analysis/run/run.h \
	! -path bench/scene/folio.c ! -path bench/scene/sizes.c -print0 |
	xargs -0 perl -ne '
	next if m{^\s*(/?\*|//)};
	s{"[^"]*"|/\*.*|\[4096\]}{}g;
	print "$ARGV: $_" if /page|base|huge|pmd|folio/i &&
		/\b(4096|16384|65536|2097152)(U?L*)\b|\b2(U?L*) *<< *20|(<<|>>) *(12|21)\b|[*\/] *512\b|\b512 *\*/')
check "no size of a page outside its file: $sizes" test -z "$sizes"

# A key of twelve digits follows the name: 6.1-stock-… is another kernel.
build=$(find "$cache/kernels" -maxdepth 2 -regex '.*/6\.1-[0-9a-f]+/build' 2>/dev/null | head -n 1)
if [ -z "$build" ]; then
	[ $failures -eq 0 ] || finish
	echo "skipped: checkpatch and sparse need the lab kernel 6.1's tree"
	exit 77
fi
# What a caller can ask for is what syzkaller is told; limits, and what an answer says, are not asked for.
asked=$(grep -oE '\bMIGBENCH_[A-Z_]+\b' include/migbench/uapi.h | sort -u |
	grep -vE '_(MAX|MS|H|ABI|FLAGS|DEVICE|SETUP|ALLOC|COPY|PAGES|FINALIZE|PHASES)$|_(PTE|PAGE|SOURCE|ENTRY)_')
for name in $asked; do
	check "tests/fuzz/migbench.txt has $name" grep -qw "$name" tests/fuzz/migbench.txt
done
# watch.c is there to see a lock held.
check "checkpatch" perl "$build/source/scripts/checkpatch.pl" --no-tree --terse --no-summary \
	--max-line-length=100 --ignore CONSTANT_COMPARISON,USE_LOCKDEP \
	-f kmod/*.[ch] include/migbench/uapi.h
cp -r kmod include "$scratch"
make -C "$build" M="$scratch/kmod" MIGBENCH_LAB=m C=2 CHECK="sparse" modules >"$scratch/sparse" 2>&1
check "the module builds" test -e "$scratch/kmod/migbench.ko"
grep -E 'warning|error' "$scratch/sparse" >&2 && failures=$((failures + 1))
if [ "$formatter" != 14 ] && [ $failures -eq 0 ]; then
	echo "skipped: clang-format is version $formatter, and 14 decides; all else was looked at"
	exit 77
fi
finish
