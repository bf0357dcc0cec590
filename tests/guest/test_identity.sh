#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: every benchmark repeats to the instruction over boots, runs and host load; what does not is invalid.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

{
	cat "$MIGBENCH_SOURCE/configs/suites/smoke.ini"
	echo '[tlb]'
	echo 'pages = 1,64'
	echo 'cpus = 1'
	echo '[refault]'
	echo 'pages = 512'
} >"$scratch/all.ini"
run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --quiet --log "$scratch/log" "$@"
}

run --suite "$scratch/all.ini" --boots 1 --out "$scratch/calm.jsonl"
clean_log "$scratch/log"
# Busy loops on every CPU of the host, and whatever other tests run at the same time.
for _ in $(seq "$(nproc)"); do
	nice -n 10 bash -c 'while :; do :; done' &
done
busy=$(jobs -p)
trap 'kill $busy 2>/dev/null || :; rm -rf "$scratch"' EXIT
# lab run itself compares the boots, and says 1 where they differ.
run --suite "$scratch/all.ini" --boots 2 --out "$scratch/run.jsonl"
kill $busy
clean_log "$scratch/log"
blocks() {
	jq -cS 'select(.type == "block" and .boot == 0)' "$1"
}
cmp <(blocks "$scratch/calm.jsonl") <(blocks "$scratch/run.jsonl") ||
	fail "two runs differ"
# By which build they are comparable at all.
digest=$(sha256sum <"${GUEST_TESTS%/tests/guest}/migbench")
head -n 1 "$scratch/calm.jsonl" | jq -e --arg digest "${digest%% *}" '.env.program_sha256 == $digest' >/dev/null ||
	fail "the run does not say which migbench measured it"

# Before 6.1 a part of it can't be had, and the run file says why.
jq -es --argjson old "$OLD" --argjson no_hmm "$NO_HMM" --argjson large "$([ "$BASE" = 64k ] && echo true || echo false)" '
	[.[] | select(.type == "block")] as $blocks
	| ([.[] | select(.type == "point")] | map({key: (.id | tostring), value: .benchmark}) | from_entries) as $of
	| (($blocks | map($of[.point | tostring])) + (if $old then ["evict", "refault"] else [] end)
		+ (if $no_hmm then ["hmm"] else [] end) | unique) ==
		["ad", "copy", "evict", "fault", "hmm", "migrate", "null", "numa", "refault", "tlb"]
	and all($blocks[]; .invalid == 0)
	and all(.[]; .type != "skip" or ($old and (.why | test("since 6.1|6.0 or later|keeps no A/D bits")))
		or ($no_hmm and (.why | test("lib/test_hmm takes addresses beyond")))
		or ($large and (.why | test("too small for pages of 512m"))))
	and (.[-1] | .type == "end" and .valid != false)' "$scratch/run.jsonl" >/dev/null ||
	fail "a benchmark is missing, skipped, or has invalid samples"

# A machine whose second boot counts each instruction twice: the run is invalid and says where.
# QEMU as the lab starts it.
real=$("$MIGBENCH" lab exec --kernel "$KERNEL" --dry-run -- true | sed 's/ -machine .*//')
cat >"$scratch/fickle" <<EOF
#!/usr/bin/env bash
words=("\$@")
case " \$* " in
*" -icount "*)
	# What keeps the host out, docs/instruction-clock.md.
	case "\$LD_PRELOAD \$*" in
	*/steady.so\ *" shift=0,sleep=off,rr=record,"*) ;;
	*) echo "\$LD_PRELOAD \$*" >"$scratch/open" ;;
	esac
	if ! mkdir "$scratch/booted" 2>/dev/null; then
		words=("\${words[@]/#shift=0,/shift=1,}")
	fi
	;;
esac
exec $real "\${words[@]}"
EOF
chmod +x "$scratch/fickle"
got=0
run --suite smoke --only 'copy/*' --boots 2 --qemu "$scratch/fickle" --out "$scratch/fickle.jsonl" \
	2>"$scratch/err" || got=$?
[ ! -e "$scratch/open" ] || fail "the host can be seen: $(cat "$scratch/open")"
[ "$got $(wc -l <"$scratch/err")" = "1 1" ] || fail "status $got for boots that differ: $(cat "$scratch/err")"
grep -q 'differs from boot 0 in .* first in copy/.*the run is invalid' "$scratch/err" ||
	fail "no point is named: $(cat "$scratch/err")"
jq -es 'last | .type == "end" and .valid == false' "$scratch/fickle.jsonl" >/dev/null ||
	fail "the run file does not say that it is invalid"
