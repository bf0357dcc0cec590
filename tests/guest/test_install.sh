#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the installed program finds its data, the guest's init and the module's source.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

DESTDIR=$scratch/root cmake --install "$(dirname "$MIGBENCH")" --prefix /usr >"$scratch/installed"
unset MIGBENCH_DATA
MIGBENCH=$scratch/root/usr/bin/migbench
cd "$scratch"
"$MIGBENCH" list >/dev/null
"$MIGBENCH" lab kernel list >/dev/null
guest --topology cxl -- migbench list >/dev/null
"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'null/*' --boots 1 --quiet --out run.jsonl
"$MIGBENCH" report run.jsonl --out report --quiet
test -s "$scratch/root/usr/share/man/man1/migbench.1"
test -s "$scratch/root/usr/include/migbench/mark.h"
test -z "$(find "$scratch/root/usr/share/migbench/kmod" -name '*.o' -o -name '*.mod.c')" ||
	fail "a build's leftovers were installed"
