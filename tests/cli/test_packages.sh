#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: one table names the packages: sourced, printed, and what debian/control asks for.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
p=$MIGBENCH_SOURCE/packages.sh
control=$MIGBENCH_SOURCE/debian/control

# Called.
expect 0 "" "$p" --list
for name in Debian Ubuntu Fedora openSUSE "Arch Linux"; do
	check "$name is listed" grep -q "^$name" stdout
done
check "all but Debian are untested" test "$(grep -c ', untested here:$' stdout)" -eq 4
expect 0 "" "$p" --list fedora
check "Fedora's names" grep -q "dnf install gcc glibc-devel glibc-static make .* elfutils-libelf-devel" stdout
check "no other's" test "$(wc -l <stdout)" -eq 5
check "what --long needs besides" grep -q "for ./check --long also: slurm-slurmctld " stdout
check "what is not known is said" grep -q "not known here, by Debian's name:.* mmdebstrap" stdout
expect 0 "" "$p" --list debian
check "Debian's names" grep -q " libelf-dev .* xz-utils " stdout
check "no name stands for nothing" test -z "$(grep ' [?-] ' stdout)"
expect 2 "'slackware' is not one of debian, ubuntu" "$p" --list slackware
expect 2 "takes one distribution" "$p" --list debian fedora
expect 2 "it takes --list" "$p"
expect 0 "" "$p" --help

# Sourced, under whatever name, it says and does nothing.
expect 0 "" bash -c 'set -euo pipefail; . "$1"; echo "$packages_run/$packages_check"' packages.sh "$p"
check "both lists" grep -qxE '[a-z0-9 -]*libelf-dev [a-z0-9 -]*/[a-z0-9 -]*libcmocka-dev [a-z0-9 -]*' stdout
check "nothing else is said" test "$(wc -l <stdout)" -eq 1
check "every row is complete" awk 'NF != 5 { exit 1 }' \
	<<<"$(. "$p" && sed '/^$/d; s/^#use/use/' <<<"$packages_table")"

# field NAME PACKAGE: the package names in that field of debian/control, without what stands for others.
field() {
	awk -v field="$1:" -v package="$2" '
		/^(Source|Package):/ { inside = $2 == package && ($1 == "Source:") == (field == "Build-Depends:") }
		/^[^ ]/ { wanted = inside && $1 == field; sub(/^[^ ]* */, "") }
		wanted' "$control" | tr ',' '\n' | awk 'NF { print $1 }' | grep -v '^\$' | sort
}
check "the package depends on what the lab calls, on each architecture" \
	diff <(field Depends migbench) <(. "$p" && packages_named 1 lab x86_64 aarch64 | tr ' ' '\n' | grep . | sort)
# What "uname -m" says is what counts.
mkdir bin
printf '#!/bin/sh\necho $machine\n' >bin/uname
chmod +x bin/uname
for pair in "x86_64 qemu-system-x86" "aarch64 qemu-system-arm"; do
	said=$(machine=${pair% *} PATH=$scratch/bin:$PATH "$p" --list debian)
	check "the QEMU of a machine of ${pair% *} alone" test "$(grep -o 'qemu[-a-z0-9]*' <<<"$said")" = "${pair#* }"
done
check "pictures are a recommendation" test "$(field Recommends migbench)" = gnuplot-nox
# Called otherwise there, or brought along.
check "it is built from what quickstart builds it from" \
	diff <(field Build-Depends migbench | grep -vE '^(debhelper-compat|dh-sequence-dkms)$') \
	<(. "$p" && { packages_named 1 build | sed 's/pkg-config/pkgconf/'; echo libelf-dev; } | tr ' ' '\n' |
		grep . | sort)
finish
