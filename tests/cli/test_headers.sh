#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the module asks the kernel's headers what they have, and believes no version number.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
build=$(find "$cache/kernels" -maxdepth 2 -regex '.*/6\.1-[0-9a-f]+/build' 2>/dev/null | head -n 1)
if [ -z "$build" ] || [ "$(uname -m)" != x86_64 ]; then
	echo "skipped: there are no headers of the lab kernel 6.1, or this machine's compiler is not for it"
	exit 77
fi
same() {
	check "'$1' is '$2'" test "$1" = "$2"
}

headers=$(readlink -f "$build/source/include")
kmod=$scratch/kmod
mkdir -p "$kmod/include"
cp "$MIGBENCH_SOURCE"/kmod/{*.[ch],ask.sh,Kbuild} "$kmod"
cp -r "$MIGBENCH_SOURCE/include/migbench" "$kmod/include"

# A kernel that calls itself 5.14 and has migrate_device_pfns(), as an enterprise's may. Its headers
# come first, and what the questions are asked with is kept, so that others can be asked the same.
other=$scratch/other/linux
mkdir -p "$other"
echo '#define LINUX_VERSION_CODE 331264
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))' >"$other/version.h"
sed '/^int migrate_device_range/i int migrate_device_pfns(unsigned long *src_pfns, unsigned long npages);' \
	"$headers/linux/migrate.h" >"$other/migrate.h"
sed -i "1a LINUXINCLUDE := -I$scratch/other \$(LINUXINCLUDE)" "$kmod/Kbuild"
mv "$kmod/ask.sh" "$kmod/real.sh"
cat >"$kmod/ask.sh" <<END
pwd >"$scratch/pwd"
printf '%s\n' "\$@" >"$scratch/arguments"
exec sh "$kmod/real.sh" "\$@"
END
make -C "$build" O="$build" ARCH=x86_64 M="$kmod" KCFLAGS=-Werror evict.o >"$scratch/log" 2>&1
check "it builds: $(tail -n 3 "$scratch/log")" test -e "$kmod/evict.o"
mapfile -t arguments <"$scratch/arguments"

# ask FOLDER: the answers of headers of which FOLDER's come first; have.h on stdout.
ask() {
	(cd "$(cat "$scratch/pwd")" &&
		sh "$kmod/real.sh" "${arguments[0]}" "${arguments[1]}" "-I$1" "${arguments[@]:2}")
}
mkdir "$scratch/none"
sed -i "s|^-I$scratch/other\$|-I$scratch/none|" "$scratch/arguments"
mapfile -t arguments <"$scratch/arguments"
ask "$scratch/none" >"$scratch/own.h"

# One answer is another, and that the one; the function that was ported back is called.
same "$(diff "$scratch/own.h" "$kmod/have.h" | grep '^[<>]')" "< #define MB_HAVE_DEVICE_PFNS_NAME 0
< #define MB_HAVE_DEVICE_PFNS 0
> #define MB_HAVE_DEVICE_PFNS_NAME 1
> #define MB_HAVE_DEVICE_PFNS 1"
same "$(nm "$kmod/evict.o" | grep -c 'U migrate_device_pfns$')" 1

# variant NAME HEADER SED…: a folder with that header changed.
variant() {
	mkdir -p "$scratch/$1/linux"
	sed -E "${@:3}" "$headers/linux/$2" >"$scratch/$1/linux/$2"
	cmp -s "$headers/linux/$2" "$scratch/$1/linux/$2" && failures=$((failures + 1))
	ask "$scratch/$1" >"$scratch/answer" 2>"$scratch/err"
}

# What is gone is not there, and nothing else is any other.
variant gone migrate.h 's/migrate_device_range/migrate_device_lot/; s/fault_page;/other_page;/'
same "$(diff "$scratch/own.h" "$scratch/answer" | grep '^>')" "> #define MB_HAVE_FAULT_PAGE 0
> #define MB_HAVE_DEVICE_RANGE_NAME 0
> #define MB_HAVE_DEVICE_RANGE 0"

# A name with another prototype is no missing one: the build says so, in one line, and ends.
variant changed migrate.h '/^int migrate_device_range/s/unsigned long \*src/struct page **src/'
same "$(diff "$scratch/own.h" "$scratch/answer" | grep '^>')" "> #define MB_HAVE_DEVICE_RANGE 0"
cp "$scratch/answer" "$kmod/have.h"
same "$(cd "$(cat "$scratch/pwd")" && "${arguments[@]:1}" -fsyntax-only -I"$kmod" "-I$scratch/changed" \
	-include "$kmod/compat.h" -x c /dev/null 2>&1 | grep -c "error: .*what this kernel's migrate_device_range() takes")" 1

# Headers that can't be asked answer nothing: neither what is no C, nor what lacks the basis.
variant broken migrate.h 's/^struct migrate_vma \{/struct migrate_vma {{/'
same "$(cat "$scratch/answer")" ""
same "$(wc -l <"$scratch/err") $(grep -c "can't be asked" "$scratch/err")" "1 1"
variant old migrate.h 's/pgmap_owner;/owner;/'
same "$(cat "$scratch/answer")" ""
same "$(wc -l <"$scratch/err") $(grep -c 'not what Linux 5.10 has' "$scratch/err")" "1 1"
# And a compiler that finds no fault in anything is not believed.
same "$(sh "$kmod/real.sh" "$kmod/questions.c" true 2>&1)" "migbench: the compiler finds nothing wrong with CONTROL_NAME, and would not with what is missing"
finish
