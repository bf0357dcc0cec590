#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a distribution's image is found by version, architecture and page size, and refused where nothing can be measured.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache TMPDIR=$scratch MIGBENCH_HOST_ARCH=x86_64
# shellcheck source=tests/cli/fake_apt.sh
. "$MIGBENCH_SOURCE/tests/cli/fake_apt.sh"

# deb NAME VERSION SUITE [DEPENDS]: the folder deb as a package.
deb() {
	echo "$1 $2 $3" >>archive
	mkdir -p archive.debs deb/DEBIAN
	printf 'Package: %s\nVersion: %s\nArchitecture: all\nDepends: %s\nMaintainer: none <none@example.com>\nDescription: x\n' \
		"$1" "$2" "${4:-none}" >deb/DEBIAN/control
	dpkg-deb --root-owner-group -b deb "archive.debs/$1=$2.deb" >/dev/null
	rm -rf deb
}

# image RELEASE FLAVOUR SUITE OPTION: an image, its headers and what they need, as Debian lays them out. Its modules want
# gcc-99.
image() {
	local release=$1-$2 headers=deb/usr/src/linux-headers-$1-$2 kbuild=linux-kbuild-$1
	mkdir -p deb/boot
	echo "an image $release" >"deb/boot/vmlinuz-$release"
	deb "linux-image-$release" "$1" "$3"
	mkdir -p "$headers"
	printf '%s\n' '# a kernel' "CONFIG_$4=y" CONFIG_LAST=y >"$headers/.config"
	# shellcheck disable=SC2016
	printf '%s\n' 'override ARCH = any' 'CC = $(CROSS_COMPILE)gcc-99' 'override CROSS_COMPILE = somewhere-' >"$headers/.kernelvariables"
	echo "include /usr/src/linux-headers-$1-common/Makefile" >"$headers/Makefile"
	ln -s "../../lib/$kbuild/scripts" "../../lib/$kbuild/tools" "$headers"
	deb "linux-headers-$release" "$1" "$3" "linux-headers-$1-common (= $1), $kbuild (>= $1) | other, gcc-99"
	mkdir -p "deb/usr/src/linux-headers-$1-common"
	deb "linux-headers-$1-common" "$1" "$3"
	mkdir -p "deb/usr/lib/$kbuild/scripts/basic" "deb/usr/lib/$kbuild/tools"
	printf '#!/bin/sh\nexit 1\n' >"deb/usr/lib/$kbuild/scripts/basic/fixdep"
	chmod +x "deb/usr/lib/$kbuild/scripts/basic/fixdep"
	deb "$kbuild" "$1" "$3"
}

# stock NAME [OPTION…]: take NAME's image.
stock() { "$m" lab kernel build --stock "$@"; }

# built NAME: its folder in the cache.
built() { echo cache/kernels/"$1"-????????????; }

image 6.1.0-9 cloud-amd64 own ZONE_DEVICE
image 6.1.0-8 cloud-arm64 own MODULES
image 6.12.8+deb13 cloud-arm64 trixie-security ZONE_DEVICE
image 6.12.9+deb13 cloud-arm64 trixie-security ZONE_DEVICE
image 6.12.8+deb13 arm64-16k trixie-security ZONE_DEVICE
fake gcc-99 </dev/null

# What no image can be had for costs no download.
expect 2 "Debian has no image of arm64 with base pages of 64k; leave out --stock, and 6.12-arm64-64k is built" \
	stock 6.12 --arch arm64 --page 64k
expect 2 "go with a name that says neither" stock 6.12-arm64-4k --arch arm64
command -v aarch64-linux-gnu-gcc >/dev/null ||
	expect 3 "no compiler for arm64 .*lab arch fetch arm64" stock 6.12 --arch arm64
check "nothing is there yet" test ! -e cache/kernels
printf '#!/bin/sh\n' | fake aarch64-linux-gnu-gcc
printf '#!/bin/sh\n' | fake aarch64-linux-gnu-gcc-99

expect 0 "" stock 6.1
check "the machine's own architecture" grep -q "an image 6.1.0-9-cloud-amd64" "$(built 6.1-stock)/build/arch/x86/boot/bzImage"
check "whose compiler is the distribution's affair" test "$(tail -1 "$(built 6.1-stock)/build/.kernelvariables")" = "override CROSS_COMPILE = somewhere-"

expect 0 "" stock 6.12 --arch arm64
folder=$(built 6.12-stock-arm64-4k)
check "the newest of another" grep -q "an image 6.12.9+deb13-cloud-arm64" "$folder/build/arch/arm64/boot/Image"
check "of which the lab knows" test "$(jq -r '.arch + .page' "$folder/kernel.json")" = arm644k
check "the last word on the compiler is the lab's" test "$(tail -2 "$folder/build/.kernelvariables" | tr '\n' ';')" = \
	"override CROSS_COMPILE = aarch64-linux-gnu-;CC = \$(CROSS_COMPILE)gcc-99;"
check "kbuild's programs are where its headers say" test -x "$folder/build/scripts/basic/fixdep"
expect 0 "" stock 6.12-arm64-16k
check "a page size is a flavour" grep -q "an image 6.12.8+deb13-arm64-16k" "$(built 6.12-stock-arm64-16k)/build/arch/arm64/boot/Image"
expect 0 "" stock 6.12-arm64-16k
check "which is there now" grep -q "up to date" stdout

expect 3 "no stock image of linux-source-6.1 with the flavour arm64-16k in bookworm-security" stock 6.1 --arch arm64 --page 16k
# Of Debian's 6.1 that is so.
expect 3 "kernel 6.1-stock-arm64-4k: the image 6.1.0-8-cloud-arm64 has no CONFIG_ZONE_DEVICE, without which Linux 6.1 migrates nothing" \
	stock 6.1 --arch arm64
check "and nothing of it is left" test -z "$(find cache/kernels -maxdepth 1 -name '*6.1-stock-arm64*')"
finish
