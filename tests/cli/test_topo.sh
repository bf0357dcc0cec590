#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: topo shows what hwloc sees, as text and as one JSON document.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 0 "" "$m" topo
check "a node" grep -qE "^node 0 +[0-9]+ MiB +CPUs 0" stdout
check "the base page" grep -q "base page of $(getconf PAGESIZE) bytes" stdout
expect 0 "" "$m" topo --format json
check "one JSON document" jq -es 'length == 1 and (.[0].nodes | length > 0 and all(.memory > 0))' stdout
check "as many CPUs as here" jq -e --argjson n "$(getconf _NPROCESSORS_ONLN)" '.cpus >= $n' stdout
expect 2 "text or json" "$m" topo --format xml
expect 2 "unexpected 'bogus'" "$m" topo bogus

# A machine that hwloc makes up: two packages, a node each, caches shared by two CPUs.
export HWLOC_SYNTHETIC='pack:2 [numa(memory=1GiB)] l3:1(size=4MiB) l2:2(size=1MiB) core:1 pu:2'
expect 0 "" "$m" topo
check "its CPUs" grep -q "^8 CPUs, 4 cores, 2 packages" stdout
check "its second node" grep -qE "^node 1 +1024 MiB +CPUs 4-7$" stdout
check "its caches" grep -qE "^L2 +1024 KiB +4, each of 2 CPUs$" stdout
expect 0 "" "$m" topo --format json
check "the same in JSON" jq -e '.cpus == 8 and .nodes[1].cpus == "4-7" and .nodes[1].cpu_count == 4 and
	([.caches[] | select(.level == 3)] | length == 2 and .[0].size == 4194304)' stdout
finish
