#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: perf is started with its events off, is told when to look, and where it is missing or fails one line says so.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

run() { "$m" run --suite native --only 'tlb/cpus=1,op=mprotect,pages=1' --set rounds=2 --set samples=3 --quiet "$@"; }
expect 2 "one of --perf-record and --perf-stat" run --perf-record a --perf-stat b --out x.jsonl
expect 2 "would be counted itself" run --perf-stat b --clock insns --check
mkdir none fake
expect 3 "run: --perf-record: there is no perf on the PATH" env PATH="$PWD/none" "$m" run --suite native --perf-record a --out x.jsonl
check "nothing was measured" test ! -e x.jsonl

# One that says why it may not look, and one that notes what it is told.
printf '#!/bin/bash\necho "Access to performance monitoring is limited." >&2\nexit 255\n' >fake/perf
chmod +x fake/perf
PATH=$PWD/fake:$PATH expect 3 "run: --perf-stat: perf does not look on: Access to performance" run --perf-stat a --out x.jsonl
check "nothing was measured then" test ! -e x.jsonl
PATH=$PWD/fake:$PATH expect 3 "perf does not look on" run --perf-stat a --out x.jsonl --force
check "nor with --force" test ! -e x.jsonl
echo old >old.jsonl
PATH=$PWD/fake:$PATH expect 3 "perf does not look on" run --perf-stat a --out old.jsonl --force
check "and what was there stays" grep -qx old old.jsonl
cat >fake/perf <<'END'
#!/bin/bash
echo "$*" >words
while [ "$1" != -o ]; do shift; done
echo new >"$2"
trap 'exit 0' INT
while read -r command <&3; do
	echo "$command" >>told
	printf 'ack\n' >&4
done
END
PATH=$PWD/fake:$PATH expect 0 "" run --perf-record my.data --out x.jsonl
check "it waits to be told, and writes that file" grep -qE '^record --delay=-1 --control=fd:3,4 .*-o my.data -p [0-9]+$' words
check "it looks in the two blocks of the file, and rests between" test "$(tr '\n' ' ' <told)" = "disable enable disable enable disable "
# Passes that calibrate are none of what goes into the file.
rm told
PATH=$PWD/fake:$PATH expect 0 "" run --calibrate 2 --perf-record calibrated.data --out calibrated.jsonl
check "nor does it look while the noise is measured" test "$(grep -c enable told)" = 2
# What perf wrote before stays until there is something to replace it with.
echo old >kept.data
printf '[migrate]\npage = 4k\n' >none.ini
PATH=$PWD/fake:$PATH "$m" run --suite ./none.ini --perf-record kept.data --out kept.jsonl --force --quiet >stdout 2>stderr
check "nothing can be measured here" test $? -eq 3
check "the old one stays, and nothing beside it" test "$(cat kept.data*)" = old
PATH=$PWD/fake:$PATH expect 0 "" run --perf-record kept.data --out y.jsonl --force
check "it is replaced, and nothing stays beside it" test "$(cat kept.data*)" = new
check "the run file says so" test "$(head -n 1 x.jsonl | jq -r .config.perf)" = record
finish
