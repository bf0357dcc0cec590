#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: unloading is refused while in use and works again and again after.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

guest -- sh -c '
	exec 3<>/dev/migbench
	rmmod migbench 2>/dev/null && exit 11
	exec 3<&-
	for i in 1 2 3 4 5; do
		rmmod migbench || exit 12
		test -e /dev/migbench && exit 13
		migbench run --suite smoke --only "migrate/*" --out x.jsonl 2>err && exit 14
		grep -q "no point could be measured" err || exit 15
		grep -q "module is not loaded" x.jsonl || exit 16
		rm x.jsonl
		insmod /lib/modules/migbench.ko || exit 17
		migbench run --suite smoke --only "migrate/batch=64*" --out x.jsonl --quiet || exit 18
		rm x.jsonl
	done'
