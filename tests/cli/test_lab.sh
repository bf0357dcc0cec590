#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the lab refuses what it can't boot, before it boots anything.
. "$MIGBENCH_SOURCE/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: nothing is built there.
export MIGBENCH_CACHE=$scratch/cache

expect 2 "command is missing" "$m" lab
expect 2 "unknown command" "$m" lab bogus
expect 2 "9\.9.*6\.1" "$m" lab kernel build 9.9
expect 2 "9\.9" "$m" lab exec --kernel 9.9 -- true
expect 3 "lab kernel build 6\.1" "$m" lab exec --kernel 6.1 -- true
expect 3 "lab kernel build 6\.1" "$m" lab run --kernel 6.1 --suite smoke --out run.jsonl
expect 3 "lab kernel build 6\.1" "$m" lab shell --kernel 6.1
expect 2 "topology" "$m" lab exec --kernel 6.1 --topology nowhere -- true
expect 2 "COMMAND" "$m" lab exec --kernel 6.1
expect 2 "kernel" "$m" lab exec -- true
expect 2 "time or insns|insns" "$m" lab exec --kernel 6.1 --clock sundial -- true
expect 2 "no suite 'nope'|nope" "$m" lab run --kernel 6.1 --suite nope --out run.jsonl
expect 2 "boots" "$m" lab run --kernel 6.1 --boots 0 --suite smoke --out run.jsonl
expect 2 "no-such-file" "$m" lab exec --kernel 6.1 --add no-such-file -- true
check "nothing was written" test ! -e run.jsonl
expect 0 "" "$m" lab kernel list
expect 2 "9\.9" "$m" lab kernel remove 9.9
finish
