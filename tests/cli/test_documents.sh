#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: docs/benchmarks.md names every suite and every benchmark, and none that there is not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"

# named HEAD: what the first cells of the table name that begins so.
named() {
	awk -v head="| $1 | " 'inside && !/^\|/ { exit } inside { print } index($0, head) == 1 { inside = 1 }' \
		"$MIGBENCH_SOURCE/docs/benchmarks.md" | cut -d '|' -f 2 | grep -o '`[^`]*`' | tr -d '`' | sort
}
suites() {
	basename -s .ini "$MIGBENCH_SOURCE"/configs/suites/*.ini | sort
}
check "the suites" test "$(suites | wc -l)" -gt 10
check "and these are named: $(named suite | diff - <(suites))" cmp <(named suite) <(suites)
benchmarks=$("$MIGBENCH" list --format json | jq -r '.benchmarks[].name' | sort)
check "the benchmarks are named: $(named benchmark | diff - <(echo "$benchmarks"))" cmp <(named benchmark) <(echo "$benchmarks")
finish
