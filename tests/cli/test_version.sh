#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the program, the module, the manual and the packages name the version that CMake has.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
source=$MIGBENCH_SOURCE
version=$(sed -n 's/^project(migbench VERSION \([0-9.]*\) .*/\1/p' "$source/CMakeLists.txt")

# same WHAT VERSION
same() {
	check "$1 has version '$2', CMakeLists.txt '$version'" test "$2" = "$version"
}

check "CMakeLists.txt has a version" test -n "$version"
same "migbench --version" "$("$MIGBENCH" --version | sed 's/^migbench //')"
same kmod/main.c "$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$source/kmod/main.c")"
same migbench.1 "$(sed -n 's/^\.TH .*"migbench \(.*\)" "User.*/\1/p' "$(dirname "$MIGBENCH")/migbench.1")"
same debian/changelog "$(sed -n '1s/^migbench (\(.*\)) .*/\1/p' "$source/debian/changelog")"
finish
