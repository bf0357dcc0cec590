#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: where the kernel keeps no A/D bits, the switch is not there, and the run says so.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

not_on_arm64 "no CPU of it leaves the bits without room in a swap entry"

# A CPU that L1TF concerns, with few physical address bits: no room for the bits in a swap entry.
real=$(command -v qemu-system-x86_64)
mkdir "$scratch/bin"
cat >"$scratch/bin/qemu-system-x86_64" <<EOF
#!/usr/bin/env bash
exec $real "\${@/#qemu64*/Haswell}"
EOF
chmod +x "$scratch/bin/qemu-system-x86_64"
export PATH=$scratch/bin:$PATH

run="migbench run --suite smoke --only ad/*journey=system* --quiet"
guest --accel tcg -- sh -c "$run --out all.jsonl; echo status \$?; $run --only ad/*journey=system*retention=off --out off.jsonl
	echo status \$?; cat all.jsonl" >"$scratch/out" 2>"$scratch/err"
[ "$(grep '^status' "$scratch/out" | tr '\n' ' ')" = "status 0 status 3 " ] ||
	fail "not 0 for a part, 3 for nothing: $(grep '^status' "$scratch/out" | tr '\n' ' ')"
[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "more than one line: $(cat "$scratch/err")"
grep '^{' "$scratch/out" | jq -es '
	([.[] | select(.type == "skip").why] | length > 0 and all(test("keeps no A/D bits")))
	and ([.[] | select(.type == "block" and .counters.young != null).counters.young] | length > 0 and all(. == 0))' >/dev/null ||
	fail "the skips have another reason, or bits were kept after all"
