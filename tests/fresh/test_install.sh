#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: on a machine of this release that has nothing, quickstart installs what it needs, the
# program is built, and all that the lab needs but a kernel is there.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
fresh_possible
release=${MIGBENCH_TEST_RELEASE:-$machine}
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"

fresh_in "$release" "$root" root '
	git clone --quiet /srv/migbench.git migbench
	cd migbench
	./quickstart --build
	build/migbench doctor >doctor
	cat doctor
	# With no kernel built, and before any is asked for.
	build/migbench lab kernel list --available
'
