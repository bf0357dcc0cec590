#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: probe needs the module, and says so; a wrong request is refused first.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 2 "probe: --format takes text, ktap or json, not 'xml'" "$m" probe --format xml
expect 0 "" "$m" probe --help
if [ ! -e /dev/migbench ]; then
	expect 3 "module is not loaded .*migbench load" "$m" probe
	check "nothing on stdout" test ! -s stdout
	expect 3 "module is not loaded" "$m" probe --format json
	expect 0 "" "$m" run --suite smoke --only 'null/*' --probe --quiet --out probed.jsonl
	check "a run without the module has its probes skipped" jq -es '
		[.[] | select(.type == "probe")] | length > 20 and all(.why | length > 1) and
		any(.answer == "skipped") and all(.answer != "present")' probed.jsonl
fi
finish
