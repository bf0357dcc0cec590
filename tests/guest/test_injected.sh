#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: whichever allocation of a call fails, the error is the documented one, no page is lost, and the call works again.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
own_program injected
status=0
"$MIGBENCH" lab exec --kernel "$KERNEL" --topology "$(with_leaks 2-node)" --log "$scratch/log" --timeout 1700 --add "$scratch/injected" -- \
	sh -c "$LEAKS ./injected && unload && leaks" || status=$?
# From 7.2 on the kernel itself warns where it gets no memory for the struct pages of a device.
grep -vE 'WARNING: .*add_pages\+' "$scratch/log" >"$scratch/rest" || :
clean_log "$scratch/rest"
exit $status
