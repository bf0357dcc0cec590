#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the probes' answers are those that the kernels' sources let expect.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
topology="--topology 2-node-1-cpu"

# Read in the sources of 5.10.262, 6.1.192, 6.12.117 and 7.2.13: + present, - absent, ? unobservable.
table="
own-file             ? ? ? ?
try-to-migrate-folio ? ? ? ?
remove-ptes-folio    ? ? ? ?
rmap-compound        ? ? ? ?
pinned-early         - + + +
flush-exclusive      - + + +
exclusive-reuse      - + + +
coherent-type        - + + +
coherent-selection   - + + +
longterm-pin         - + + +
migrate-folio        ? ? ? ?
merge-mm-stable      ? ? ? ?
flush-locked         + + + +
flush-cache          ? ? ? ?
dirty-copied         - + + +
comment              ? ? ? ?
merge-hotfixes       ? ? ? ?
bits-kept            - + + +
fault-reference      - + + +
fault-page           - + + +
device-refactor      ? ? ? ?
evict-range          - + + +
holes-counted        + + + +
swap-cache           - - + +
fault-lock           - - - +
evict-pfns           - - - +
large-folio          - - - +
device-thp           - - - +
"

# shellcheck disable=SC2086
guest $topology -- migbench probe --format json >"$scratch/json"
release=$(jq -r .kernel "$scratch/json")
case $release in
5.10.*) column=2 ;;
6.1.*) column=3 ;;
6.12.*) column=4 ;;
7.2.*) column=5 ;;
*)
	echo "skipped: nobody has read the source of Linux $release for this test"
	exit 77
	;;
esac
# On arm64 no kernel before 6.6 tells of its flushes.
$ARM64 && table=$(sed 's/^\(flush-exclusive\|flush-locked\) .*/\1 ? ? + +/' <<<"$table")
# A huge page of 512 MiB finds no room in the guest.
[ "$BASE" != 64k ] || table=$(sed 's/^\(device-thp\|large-folio\) .*/\1 s s s s/' <<<"$table")
awk -v c=$column 'BEGIN { says["+"] = "present"; says["-"] = "absent"; says["?"] = "unobservable"; says["s"] = "skipped" }
	NF { print $1, says[$c] }' \
	<<<"$table" | sort >"$scratch/expected"
jq -r '.probes[] | "\(.id) \(.answer)"' "$scratch/json" | sort >"$scratch/got"
diff "$scratch/expected" "$scratch/got" || fail "the answers of $release are not the expected ones"
jq -e 'all(.probes[]; (.commit | test("^[0-9a-f]{12}$")) and (.title | length > 5) and
	(.release | test("^[5-7][.]")) and (.why | length > 5 and length < 250) and (has("failed") | not)) and
	([.probes[].id] | unique | length) == (.probes | length)' "$scratch/json" >/dev/null ||
	fail "a probe says too little"

# Every key stands in docs/json.md.
jq -r 'keys[], (.probes[] | keys[] | "probes[]." + .)' "$scratch/json" | sort -u | while read -r key; do
	awk '/^## / { on = $2 == "probe" } on' "$MIGBENCH_SOURCE/docs/json.md" | grep -F "| \`$key\` |" >/dev/null ||
		fail "undocumented: $key"
done

# shellcheck disable=SC2086
guest $topology -- migbench probe --format ktap >"$scratch/ktap"
awk 'NR == 1 { if ($0 != "KTAP version 1") exit 1 } /^1\.\./ { plan = substr($0, 4) }
	/^ok / { if ($2 != ++n) exit 1 } /^not ok/ { exit 1 } END { exit !(plan && plan == n) }' \
	"$scratch/ktap" || fail "that is not KTAP, or something failed: $(cat "$scratch/ktap")"

# Lost content is bad news, whatever else a probe looks at.
status=0
# shellcheck disable=SC2086
"$MIGBENCH" lab exec --kernel "$KERNEL" $topology --module-param plant_lost=1 -- migbench probe --format ktap >"$scratch/lost" 2>"$scratch/err" || status=$?
[ $status -eq 1 ] || fail "status $status with lost content"
sees=device-thp
[ "$BASE" != 64k ] || sees=evict-range
grep -q "^not ok [0-9]* $sees # failed: .*other content" "$scratch/lost" || fail "lost content was not seen"
[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "not one line on stderr"

# In a run file they stand behind the last block, once, and change nothing.
for probe in "" --probe; do
	"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'migrate/*batch=64*memory=private*' --boots 2 \
		--quiet --out "$scratch/run$probe.jsonl" $probe
done
# The word --probe is another command in the guest: docs/instruction-clock.md has what that moves.
cat >"$scratch/medians.jq" <<'EOF'
[.[] | select(.type == "block")] | group_by(.point)
| map([.[].metrics.total.values[]] | sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2)
EOF
jq -ne --slurpfile a <(jq -sf "$scratch/medians.jq" "$scratch/run.jsonl") \
	--slurpfile b <(jq -sf "$scratch/medians.jq" "$scratch/run--probe.jsonl") '
	[$a[0], $b[0]] | (.[0] | length) > 0 and (.[0] | length) == (.[1] | length) and
	(transpose | all(.[]; (.[1] - .[0] | fabs) <= ([3, .[0] * 0.0005] | max)))' >/dev/null ||
	fail "the probes change what is measured"
jq -r 'select(.type == "probe") | "\(.id) \(.answer)"' "$scratch/run--probe.jsonl" | sort |
	diff "$scratch/got" - || fail "the run file has other answers"
