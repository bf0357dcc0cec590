#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: nothing is timed with a time-stamp counter that the kernel has found unstable; all else is measured.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
sources=/sys/devices/system/clocksource/clocksource0

if [ "$(uname -m)" != x86_64 ] || ! unshare -rm mount --bind /dev/null $sources/available_clocksource; then
	echo "skipped: no time-stamp counter, or no mount namespaces here"
	exit 77
fi
# What the kernel has to choose from is $1.
with() {
	printf '%s\n' "$1" >available
	shift
	unshare -rm sh -c 'mount --bind available "$1/available_clocksource" && shift && exec "$@"' sh $sources "$@"
}
expect 0 "" with "tsc hpet acpi_pm " "$m" run --suite smoke --out steady.jsonl --quiet
check "steady, and which clock Linux goes by" jq -es --arg now "$(cat $sources/current_clocksource)" \
	'.[0].env | .tsc == "steady" and .clocksource == $now' steady.jsonl
expect 0 "" with "hpet acpi_pm " "$m" run --suite smoke --out unstable.jsonl --quiet
check "unstable" jq -es '.[0].env.tsc == "unstable"' unstable.jsonl
if [ -z "$(jq -r 'select(.type == "run" and .env.emulated)' steady.jsonl)" ]; then
	# The module goes by it, and the program by what the kernel trusts.
	check "what the module times is skipped" jq -es '([.[] | select(.type == "point" and .params.part == "border").id]) as $ids
		| [.[] | select(.type == "skip" and ([.point] | inside($ids)))]
		| length > 0 and all(.why | test("time-stamp counter.*unstable.*lab run --clock insns"))' unstable.jsonl
	expect 0 "" with "hpet acpi_pm " "$m" run --suite native --set rounds=1 --set samples=2 --out native.jsonl --quiet
	check "the rest is measured" jq -es '[.[] | select(.type == "block")] | length > 5' native.jsonl
	with "hpet acpi_pm " "$m" doctor >doctor-unstable || :
	check "doctor says so" grep -q "^no  *module's clock .*unstable" doctor-unstable
fi
# What measures nothing asks for no clock.
expect 0 "" with "hpet " "$m" run --suite smoke --check
finish
