#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: load and unload on a running kernel; refusals come with the kernel's own reason.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# Where memory is that the kernel has, and a range that begins outside and ends in what has an owner: on x86
# the firmware has the end of 2 MiB, and nothing the beginning; on arm64 a device its beginning.
ram=0x1000000 half=0xffe00000 owner="^fffc0000-ffffffff : Reserved" node=
some=0x200000
# The least that there is of it.
[ "$BASE" != 64k ] || some=0x4000000
$ARM64 && ram=0x50000000 half=0x8000000 owner="^08000000-0800ffff : GICD" node="--coherent-node 1"
# The last 2 MiB of the first node and the first of the second, which memmap= has reserved; arm64 has no such thing.
across=0x1fe00000 soft=0x1c000000 words=(--append 'memmap=4M$0x1fe00000 memmap=4M%0x1c000000-1+0xefffffff')
$ARM64 && across='' words=()
guest "${words[@]}" -- sh -c '
	across='"$across"' soft='"$soft"'
	some='"$some"' ram='"$ram"' half='"$half"' node="'"$node"'"
	[ "$(uname -r | cut -d. -f1)" -ge 6 ] || { echo "skipped: device-coherent memory came with 6.0"; exit 77; }
	said() { grep -q "$1" err && [ "$(wc -l <err)" -eq 1 ] || { cat err >&2; exit "$2"; }; }
	load="migbench load --module /lib/modules/migbench.ko"
	IFS=, read -r at size </sys/module/migbench/parameters/coherent
	$load --yes 2>err; [ $? -eq 3 ] || exit 10
	said "loaded already" 11
	sleep 1000 </dev/migbench &
	while ! ls -l /proc/$!/fd/0 2>/dev/null | grep -q migbench; do :; done
	migbench unload 2>err; [ $? -eq 3 ] || exit 12
	said "in use" 13
	kill $!; wait $! 2>/dev/null
	migbench unload || exit 14
	[ -e /dev/migbench ] && exit 15
	$load 2>err; [ $? -eq 2 ] || exit 16
	said "add --yes" 17
	[ -e /dev/migbench ] && exit 18
	$load --yes --coherent $ram,$some 2>err; [ $? -eq 3 ] || exit 19
	said "coherent range $ram+$some overlaps System RAM" 20
	# Where no memory is at all: arm64 has that in no list, as what mem= cuts off, and by modprobe it would be written to.
	if [ -z "$across" ]; then
		$load --yes --coherent 0x8000000000,$some 2>err; [ $? -eq 2 ] || exit 46
		said "the firmware calls 0x8000000000 neither RAM nor Soft Reserved" 47
	fi
	grep -q "'"$owner"'" /proc/iomem || { cat /proc/iomem >&2; exit 35; }
	$load --yes --coherent $half,$some 2>err; [ $? -ge 2 ] || exit 36
	said "coherent range $half+$some is not wholly reserved memory\|the firmware calls $half neither RAM" 37
	if [ -n "$across" ]; then
		grep -q "^1fe00000-201fffff : Reserved" /proc/iomem || { cat /proc/iomem >&2; exit 39; }
		$load --yes --coherent $across,0x400000 2>err; [ $? -eq 3 ] || exit 40
		said "coherent range $across+0x400000 is memory of more than one node" 41
		# Either half is one node'"'"'s.
		for half in $across 0x20000000; do
			$load --yes --coherent $half,0x200000 >out && migbench unload || exit 42
		done
	fi
	# What firmware calls Soft Reserved, as HBM; 7.2 has it in no /proc/iomem.
	if [ -n "$across" ]; then
		$load --yes --coherent $soft,0x400000 >out && migbench unload || exit 43
		$load --yes --coherent $soft,0x600000 2>err; [ $? -eq 3 ] || exit 44
		said "overlaps System RAM\|is not wholly reserved memory" 45
	fi
	$load --yes --coherent "$at,$size" $node >out || exit 21
	grep -q " : migbench" /proc/iomem || exit 38
	grep -q "^loaded .*migbench.ko with coherent=" out || exit 22
	migbench doctor | grep -q "^yes *coherent memory" || exit 23
	migbench run --suite smoke --only "migrate/*batch=64*coherent*" --out x.jsonl --quiet || exit 24
	grep -q "\"type\":\"skip\"" x.jsonl && exit 25
	migbench unload || exit 26
	migbench doctor | grep -q "^no *module .*not loaded" || exit 27
	$load --yes >out || exit 28
	migbench doctor | grep -q "^no *coherent memory" || exit 29
	# As a distribution packs its modules, where DKMS puts them.
	dkms=/lib/modules/$(uname -r)/updates/dkms
	migbench unload || exit 30
	mkdir -p "$dkms" && gzip -c /lib/modules/migbench.ko >"$dkms/migbench.ko.gz" || exit 31
	migbench load --yes >out || exit 32
	grep -q "^loaded $dkms/migbench.ko.gz;" out || exit 33
	[ -e /dev/migbench ] || exit 34'
