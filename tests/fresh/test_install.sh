#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: on a machine of this release that has nothing, quickstart installs all that is used,
# by name, and builds the program; the lab lacks nothing, and each of its kernels can be had.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
fresh_possible
release=${MIGBENCH_TEST_RELEASE:-$machine}
fresh_here "$release"
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"

fresh_in "$release" "$root" root '
	git clone --quiet /srv/migbench.git migbench
	cd migbench
	./quickstart --build

	# A package that only comes along with another is gone when that one does without it.
	. ./packages.sh
	for header in $(git grep -h "^#include <" "*.c" "*.h" ":!kmod" ":!tests" ":!lab/payload" |
		sed "s/.*<\(.*\)>.*/\1/" | sort -u); do
		for folder in /usr/include "/usr/include/$(gcc -print-multiarch)"; do
			[ ! -e "$folder/$header" ] || dpkg-query --search "$folder/$header"
		done
	done | sed "s/:.*//" | sort -u >used
	grep -qx libjansson-dev used
	for package in $(cat used); do
		case " $(echo $packages_run) linux-libc-dev " in
		*" $package "*) ;;
		*) echo "packages.sh does not name $package, whose header is included" >&2; exit 1 ;;
		esac
	done

	build/migbench doctor | tee doctor
	[ "$(grep -cE "^yes +(lab, (clock|kernels|plugins)|report)" doctor)" -eq 5 ]

	# 7.2 goes when Debian unstable goes on; newest stays.
	build/migbench lab kernel list --available | tee available
	for kernel in 5.10 6.1 6.12 newest; do
		awk -v kernel="$kernel" "\$1 == kernel && \$3 ~ /^[0-9]/ { found = 1 } END { exit !found }" \
			available || { echo "kernel $kernel cannot be had here" >&2; exit 1; }
	done
'
