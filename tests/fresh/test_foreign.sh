#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: on a machine of arm64, emulated where this is another, quickstart builds the program with
# that machine's compiler, the lab finds its QEMU, and the unit and command-line tests pass.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
release=${MIGBENCH_TEST_RELEASE:-}
case $release in
*-arm64) ;;
*) skip "an emulated compiler takes an hour; ask for it: ./check --only fresh/foreign --fresh bookworm-arm64" ;;
esac
fresh_possible
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"

fresh_in "$release" "$root" root '
	git clone --quiet /srv/migbench.git migbench
	cd migbench
	[ "$(uname -m)" = aarch64 ]
	./quickstart --build
	build/migbench doctor | tee doctor
	[ "$(grep -cE "^yes +(lab, (clock|kernels|plugins)|report)" doctor)" -eq 5 ]
	build/migbench lab arch list | grep -E "^arm64 .* yes +yes +yes"

	. ./packages.sh
	# The kernels that tests pretend to boot are x86-64.
	ensure_packages libcmocka-dev jq mandoc groff-base procps qemu-system-x86
	cmake --preset check
	cmake --build --preset check -j "$(nproc)"
	# Limits of time are for real machines.
	sed -i "s/TIMEOUT \"[0-9]*/&0/" build/tests/CTestTestfile.cmake
	ctest --test-dir build -L "unit|cli" --output-on-failure -j "$(nproc)"
'
