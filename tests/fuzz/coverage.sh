#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which lines of the module its tests reach, on a debug kernel: coverage.sh [PROGRAM…] runs these guest
# programs, or all that need one CPU, and the fuzzer, and prints per file how many lines ran, and which did not.
# MIGBENCH, MIGBENCH_SOURCE and GUEST_TESTS as ctest sets them; CALLS of the fuzzer (default: 20000), SECONDS_MAX
# that it may take; LEAST percent of the lines must have run (default: 90), or the exit status is 1.
MIGBENCH_TEST_KERNEL=${MIGBENCH_TEST_KERNEL:-6.1-debug}
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
programs=("$@")
least=${LEAST:-90}
[[ $least =~ ^[0-9]+$ ]] || fail "LEAST is a whole number of percent, not '$least'"
# All but those that need two CPUs at once; on one, 7.2 stops at a fault of its own (docs/kernel-findings.md).
[ $# -gt 0 ] || mapfile -t programs < <(cd "$MIGBENCH_SOURCE/tests/guest" && grep -L '^/\* At once: ' -- *.c | sed 's/\.c$//')

mkdir "$scratch/data" "$scratch/programs" "$scratch/counts"
cp -r "$MIGBENCH_SOURCE"/{kmod,include,configs} "$scratch/data"
echo 'GCOV_PROFILE := y' >>"$scratch/data/kmod/Kbuild"
for program in "${programs[@]}"; do cp "$GUEST_TESTS/$program" "$scratch/programs"; done
cp "$GUEST_TESTS/../fuzz/fuzz" "$scratch/programs"
cat >"$scratch/programs/all.sh" <<EOG
cd programs
for program in ${programs[*]}; do ./\$program >&2; echo "\$program: \$?" >&2; done
./fuzz --seed 1 --calls ${CALLS:-20000} --seconds ${SECONDS_MAX:-3600} --patience 600 >&2
fuzzed=\$?
echo "fuzz: \$fuzzed" >&2
rmmod migbench
cd /sys/kernel/debug/gcov
for file in \$(find . -name '*.gcda' | grep /kmod-); do echo "== \${file##*/}"; base64 "\$file"; done
exit \$fuzzed
EOG
status=0
MIGBENCH_DATA=$scratch/data "$MIGBENCH" lab exec --kernel "$KERNEL" --topology 2-node-1-cpu --timeout 7200 --log "$scratch/log" \
	--add "$scratch/programs" -- sh programs/all.sh >"$scratch/out" || status=$?
[ ! -e "$scratch/log" ] || clean_log "$scratch/log"
# Of the programs only the lines count: some want another machine, or a module that is loaded otherwise.
[ $status -eq 0 ] || fail "the fuzzer, or its guest, ended with status $status"
awk -v to="$scratch/counts/" '/^== / { file = to $2; next } { print >file }' "$scratch/out"
for file in "$scratch"/counts/*.gcda; do
	base64 -d "$file" >"$scratch/one" && mv "$scratch/one" "$file"
done

# The compiler's notes lie where the lab has built this source last.
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
notes=$(find "$cache/kernels" -path "*/$KERNEL-*/kmod-*/main.gcno" -printf '%T@ %h\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
[ -n "$notes" ] || fail "no notes of the compiler"
cp "$notes"/*.gcno "$scratch/counts"
cd "$scratch/counts"
gcov --json-format --stdout ./*.gcda 2>/dev/null | jq -rs '
	[.[].files[] | select(.file | test("(^|/kmod-[^/]*/)[a-z]+\\.[ch]$")) | {file: (.file | sub(".*/"; "")), lines}]
	| group_by(.file) | map({file: .[0].file, lines: ([.[].lines[]] | group_by(.line_number)
		| map({line: .[0].line_number, count: (map(.count) | add)}))})
	| (.[] | "\(.file): \([.lines[] | select(.count > 0)] | length) of \(.lines | length)"
		+ ([.lines[] | select(.count == 0).line] | if length > 0 then "; not " + (map(tostring) | join(" ")) else "" end)),
	([.[].lines[]] | "all: \(map(select(.count > 0)) | length) of \(length)")' | tee "$scratch/lines"
! grep -qx 'all: 0 of 0' "$scratch/lines" || fail "no line of the module was counted"
awk -v least="$least" '/^all: / { good = 100 * $2 >= least * $4 } END { exit !good }' "$scratch/lines" ||
	fail "fewer than $least % of the lines ran"
