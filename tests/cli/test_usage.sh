#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: help, version, list and doctor answer; unknown words are refused in one line.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 0 "" "$m" --help
check "help names every command" grep -q doctor stdout
expect 0 "" "$m" --version
check "version" grep -qE '^migbench [0-9.]+$' stdout
for command in list doctor topo run observe load unload report selftest "lab kernel build" "lab run" "lab exec" "lab shell" "lab kernel list" \
	"lab kernel remove"; do
	expect 0 "" "$m" $command --help
	check "usage of $command" grep -q "usage: migbench $command" stdout
	expect 2 "unknown option '--bogus'" "$m" $command --bogus
done
expect 2 "command is missing" "$m"
expect 2 "unknown command 'bogus'" "$m" bogus
expect 2 "unknown option" "$m" list --bogus
expect 2 "bogus" "$m" list bogus
expect 2 "text or json" "$m" list --format xml
expect 0 "" "$m" doctor
check "doctor knows the lab" grep -q "clock insns" stdout

expect 0 "" "$m" list
check "list shows migrate" grep -q "^migrate:" stdout
expect 0 "" "$m" list --format json
check "list is one JSON document" jq -es 'length == 1 and (.[0].benchmarks | map(.name) |
	contains(["copy", "fault", "migrate", "null"]))' stdout

# However long a name is, what is wrong with it stands behind it.
long=$(printf "$(printf '%0200d' 0)/%.0s" {1..12})
expect 2 "c.ini: cannot read: No such file or directory$" "$m" lab campaign plan "$long/c.ini"
check "all of it is there" grep -qF "migbench: $long/c.ini" stderr

# Where configurations are looked for is said where there are none.
expect 2 "no suite 'quick'; known: none in /nonexistent/configs/suites, which MIGBENCH_DATA can change" \
	env MIGBENCH_DATA=/nonexistent "$m" run --out run.jsonl
expect 0 "note: lab kernel list: no kernel is described in /nonexistent/configs/kernels, which MIGBENCH_DATA can change" \
	env MIGBENCH_DATA=/nonexistent MIGBENCH_CACHE="$scratch/cache" "$m" lab kernel list

"$m" list >/dev/full 2>stderr && failures=$((failures + 1))
check "a full stdout is an error" grep -q "cannot write" stderr
"$m" list >&- 2>stderr && failures=$((failures + 1))
check "and so is a closed one" grep -q "cannot write" stderr
finish
