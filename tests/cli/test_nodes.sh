#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a suite's pairs of nodes are those that are there, and each point's name says which.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

pairs() { # MACHINE: the pairs of copy's points on a machine that hwloc makes up
	HWLOC_SYNTHETIC=$1 "$m" run --points --suite full --only 'copy/batch=1,*' |
		sed 's/.*nodes=//; s/,.*//' | paste -sd' '
}

check "two nodes" [ "$(pairs 'numa:2 pu:1')" = "0>0 0>1 1>0" ]
check "numbers with a gap" [ "$(pairs 'numa:2(indexes=0,8) pu:2')" = "0>0 0>8 8>0" ]
check "no node 0" [ "$(pairs 'numa:2(indexes=3,5) pu:2')" = "3>3 3>5 5>3" ]
check "hwloc's order is not the system's" [ "$(pairs 'numa:3(indexes=4,0,2) pu:2')" = "0>0 0>2 2>0" ]

# One node: the pair's other one is named, too, and is no node that there is.
check "one node" [ "$(pairs 'numa:1(indexes=2) pu:2')" = "2>2 2>3 3>2" ]

export HWLOC_SYNTHETIC='numa:2(indexes=0,8) pu:2'
expect 0 "" "$m" run --points --suite native
check "native's numa" grep -qx "numa/batch=64,mode=mbind,nodes=0>8,page=4k" stdout
check "numbers as they are written" [ "$("$m" run --points --suite native --set numa.nodes=1 2>&1)" = \
	"migbench: --set: nodes: '1' is not FROM>TO with node numbers from 0 to 1023, nor nearest, back or local" ]
expect 0 "" "$m" run --points --suite native --set 'numa.nodes=8>0,back' --only 'numa/batch=1,mode=mbind,*'
check "the same pair twice is one" [ "$(wc -l <stdout)" = 1 ]
expect 0 "" "$m" run --points --suite native --set 'numa.nodes=8>00,08>0,8>0' --set 'numa.batch=1,01' --only 'numa/*mode=mbind,*'
check "a zero in front makes no other point: $(cat stdout)" [ "$(cat stdout)" = "numa/batch=1,mode=mbind,nodes=8>0,page=4k" ]
# What the lab will measure in a virtual machine has nothing to do with the nodes here.
expect 0 "" "$m" run --points --suite quick --clock insns --only 'copy/batch=1,*'
check "the lab's nodes" grep -qx "copy/batch=1,nodes=0>1,page=4k" stdout
"$m" doctor >stdout 2>stderr || true
check "doctor" grep -qE '^yes +numa +between nodes; the nearest two: 0 and 8$' stdout
HWLOC_SYNTHETIC='numa:1 pu:2' "$m" doctor >stdout 2>stderr || true
check "doctor with one node" grep -qE '^no +numa +one node only' stdout
finish
