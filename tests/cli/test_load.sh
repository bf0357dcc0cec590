#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: load and unload touch the running kernel only when told, and say why they can't.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
release=$(uname -r)

# Never with --yes and a module that could be loaded: this is somebody's kernel.
expect 2 "would load .*migbench.ko.* \($release\); add --yes" "$m" load
expect 2 "with coherent=0x100000000,0x4000000 .*add --yes" "$m" load --coherent 0x100000000,67108864
expect 2 "with coherent=0x200000,0x200000 coherent_node=1 .*add --yes" "$m" load --coherent 0x200000,0x200000 --coherent-node 1
expect 2 "with coherent=0x400000,0x200000 .*add --yes" "$m" load --coherent 04194304,2097152
expect 2 "coherent-node is the node of what --coherent names" "$m" load --coherent-node 1
for bad in "" 0x200000 "0x200000," ,0x200000 0x200000,0 0x200000,0x100000 1,2 0x200000,0x200000,0x200000 \
	a,b -2097152,2097152 0x200000,-0x200000 0xffffffffffe00000,0x400000 99999999999999999999,0x200000; do
	expect 2 "ADDR,SIZE.*2 MiB.*'$bad'" "$m" load --coherent "$bad" --yes
done
expect 2 "unexpected 'x'" "$m" load x
expect 2 "unexpected 'x'" "$m" unload x
if [ ! -e /sys/module/migbench ]; then
	expect 3 "not loaded" "$m" unload
fi

if [ "$(id -u)" -eq 0 ]; then
	expect 2 "none.ko: No such file" "$m" load --module none.ko --yes
	expect 2 "$scratch: not a regular file" "$m" load --module "$scratch" --yes
	echo text >text.ko
	expect 2 "text.ko: not a kernel module" "$m" load --module text.ko --yes
	# What the firmware keeps for itself is nobody's to take, whatever the kernel's own map says of it.
	if [ -e /sys/firmware/memmap/0 ]; then
		expect 2 "the firmware calls 0x3fffffe00000 neither RAM nor Soft Reserved" "$m" load --module text.ko --yes --coherent 0x3fffffe00000,0x200000
		ram=$(for at in /sys/firmware/memmap/*; do
			[ "$(cat "$at/type")" != "System RAM" ] || echo "$(($(cat "$at/start"))) $(($(cat "$at/end")))"
		done | awk '{ from = int(($1 + 2097151) / 2097152) * 2097152 } $2 - from >= 2097151 { printf "%.0f\n", from; exit }')
		[ -z "$ram" ] || expect 2 "text.ko: not a kernel module" "$m" load --module text.ko --yes --coherent "$ram,0x200000"
	fi
	: >empty.ko
	expect 2 "empty.ko: not a kernel module" "$m" load --module empty.ko --yes
	printf 'x\0vermagic=1.2.3-other SMP \0' >other.ko
	expect 3 "other.ko is for kernel 1.2.3-other, and $release is running" "$m" load --module other.ko --yes
	for pack in gzip xz zstd; do
		command -v $pack >/dev/null || continue
		$pack -c other.ko >other.ko.$pack
		expect 3 "other.ko.$pack is for kernel 1.2.3-other" "$m" load --module other.ko.$pack --yes
		head -c 30 other.ko.$pack >cut.ko.$pack
		expect 2 "cut.ko.$pack: cannot unpack it" "$m" load --module cut.ko.$pack --yes
	done
else
	expect 3 "only root" "$m" load --yes
fi
finish
