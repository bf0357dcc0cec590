#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: figures that are not of one kind are not set against each other: real and emulated time, architectures.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# run FILE KERNEL CLOCK UNIT ENV TOTAL: one batch of 64 pages in two boots.
run() {
	local boot
	{
		echo '{"type":"run","format":1,"id":"'"$1"'","clock":"'"$3"'","seed":1,"env":{"kernel":"'"$2"'",'"$5"'},"config":{"suite":"quick"}}'
		echo '{"type":"point","id":1,"benchmark":"migrate","params":{"batch":64,"direction":"to-device","memory":"private","nodes":"0>1","page":"4k","state":"exclusive","threads":1}}'
		for boot in 0 1; do
			echo '{"type":"block","point":1,"boot":'$boot',"round":0,"pages":64,"metrics":{"total":{"unit":"'"$4"'","values":['"$6,$6"']}}}'
		done
		echo '{"type":"end","blocks":2}'
	} >"$1.jsonl"
}

# The time of a host in emulation is no speed, whatever it is set beside.
real='"emulated":false' shape='"emulated":true'
run real-6.1 6.1.0 time ns "$real" 6400
run shape-6.1 6.1.0 time ns "$shape" 320000
run real-6.12 6.12.0 time ns "$real" 6400
run shape-6.12 6.12.0 time ns "$shape" 320000
run shape-7.2 7.2.0 time ns "$shape" 320000
"$m" report real-6.1.jsonl shape-6.12.jsonl --out mixed --quiet
check "no page of both" test ! -e mixed/report/side-by-side-time.md
check "nor a change from one to the other" test "$(grep -rc '5,000 on 6.12' mixed/report | awk -F : '{ n += $2 } END { print n }')" = 0
"$m" report shape-6.1.jsonl shape-6.12.jsonl real-6.1.jsonl real-6.12.jsonl --out both --quiet
check "what is a speed is shown" grep -qF '| **to the device, total** | 100 | 100 (×1.000) |' both/report/side-by-side-time.md
check "what is none is said to be left out" grep -qF "2 runs with the host's time in emulation are left out" both/report/side-by-side-time.md
"$m" report shape-6.1.jsonl shape-6.12.jsonl --out shapes --quiet
check "where all are none, they are shown" grep -qF '5,000 (×1.000)' shapes/report/side-by-side-time.md
expect 2 "shape-6.1.jsonl: no further boot of real-6.1.jsonl: it was measured in emulation, the first file without" "$m" compare real-6.1.jsonl,shape-6.1.jsonl real-6.12.jsonl
expect 0 "" "$m" compare real-6.1.jsonl shape-7.2.jsonl --format lkml
check "which side is named" grep -q "^Clock: time; B.s is that of the host of an emulated machine" stdout
sed '1s/"emulated":false,*//' real-6.1.jsonl | sed '1s/"kernel":"6.1.0",}/"kernel":"6.1.0"}/; 1s/"real-6.1"/"nobody says"/' >unsaid.jsonl
expect 0 "emulated" "$m" compare shape-6.1.jsonl,unsaid.jsonl shape-6.12.jsonl

# An instruction of one architecture is none of another, nor is a page.
run x86 6.1.0 insns insns '"emulated":true,"arch":"x86_64"' 6400
run arm 6.1.0-arm64-4k insns insns '"emulated":true,"arch":"aarch64","cpu":"max"' 6464
run arm64k 6.1.0-arm64-64k insns insns '"emulated":true,"arch":"aarch64","cpu":"max","page_size":65536' 7000
run x86new 7.2.0 insns insns '"emulated":true,"arch":"x86_64"' 7040
"$m" report x86.jsonl arm.jsonl arm64k.jsonl x86new.jsonl --out arches --quiet
check "each beside its own kind" grep -qF '| **to the device, total** | 100 | 101 | 109 | 110 (×1.100) |' arches/report/side-by-side.md
check "and why" grep -qF "Between architectures, page sizes and CPUs there is no ratio." arches/report/side-by-side.md
finish
