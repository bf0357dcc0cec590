#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the packages build on this release, and do on a machine that has nothing else of
# migbench what they are for: module, program, and a kernel built, booted and measured.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
release=${MIGBENCH_TEST_RELEASE:-}
[ -n "$release" ] || skip "it takes half an hour; ask for it: ./check --fresh [RELEASE,…]"
fresh_possible
fresh_here "$release"
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT

fresh_root "$release" "$root/builder"
fresh_in "$release" "$root/builder" root '
	git clone --quiet /srv/migbench.git migbench &&
	bash migbench/tests/fresh/build_packages.sh migbench debs'

fresh_root "$release" "$root/user"
rm -rf "$root/user/srv/migbench.git"
cp -r "$root/builder/root/debs" "$MIGBENCH_SOURCE/tests/fresh/packages.sh" "$root/user/root/"
kernel=6.1
[ "$(uname -m)" != aarch64 ] || kernel=6.1-arm64-4k
# Its own kernels, built by the installed program; kept for the next time.
FRESH_BINDS=("$cache/lab/$release:/root/.cache/migbench")
fresh_in "$release" "$root/user" root 'bash packages.sh debs --lab '"$kernel"
