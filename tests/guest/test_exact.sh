#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: two boots of quick agree to the instruction, one beside a busy host; the harness is cheap.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

boot() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite quick --quiet \
		--log "$scratch/$1.log" --out "$scratch/$1.jsonl" "${@:2}"
	clean_log "$scratch/$1.log"
}

# That its two boots are the same, lab run itself sees to.
boot calm
for _ in $(seq "$(nproc)"); do
	nice -n 10 bash -c 'while :; do :; done' &
done
busy=$(jobs -p)
trap 'kill $busy 2>/dev/null || :; rm -rf "$scratch"' EXIT
boot beside --boots 1
kill $busy

blocks() {
	jq -cS 'select(.type == "block" and .boot == 0)' "$1"
}
test "$(blocks "$scratch/calm.jsonl" | wc -l)" -gt 50 || fail "too few blocks in quick"
cmp <(blocks "$scratch/calm.jsonl") <(blocks "$scratch/beside.jsonl") ||
	fail "two boots differ"

# The figures that the harness promises, from the calm run.
cat >"$scratch/bounds.jq" <<'EOF'
def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
[.[] | select(.type == "point")] as $points
| [.[] | select(.type == "block")] as $blocks
| ($points | map({key: (.id | tostring), value: .}) | from_entries) as $by_id
| [$blocks[] | . + {params: $by_id[.point | tostring].params, benchmark: $by_id[.point | tostring].benchmark}]
| . as $all
| def of(b; p): [$all[] | select(.benchmark == b and (.params | contains(p)))];
  def m(name): [.[].metrics[name].values[]] | median;
  def phases: ["setup", "alloc", "copy", "pages", "finalize"];
  (of("null"; {part: "border"}) | [phases[] as $p | m($p)] | max) as $border
| (of("migrate"; {batch: 512, direction: "to-device"})
   | (m("alloc") + m("total") - ([phases[] as $p | m($p)] | add) + m("copy")) / 512 - $copy) as $own
| [$all[] | select(.benchmark == "migrate") | .metrics as $m
   | range(0; $m.total.values | length) as $i
   | {batch: .params.batch, total: $m.total.values[$i],
      sum: ([phases[] as $p | $m[$p].values[$i]] | add)}] as $samples
| {border: $border, own: $own,
   over: [$samples[] | select(.sum > .total)] | length,
   rest: [$samples[] | select(.batch >= 64) | (.total - .sum) / .total] | max,
   invalid: [$all[].invalid] | add,
   partial: [$all[] | select(.benchmark != "null" and .benchmark != "copy")
             | select(.requested != .collected or .requested != .migrated)] | length}
EOF
# What copy_page() takes: rep movsq, or on arm64 a loop of 21 instructions for 128 bytes, and 2 around it.
copy=512
case $KERNEL in
*-arm64-*k) base=${KERNEL##*-} copy=$((${base%k} * 8 * 21 + 2)) ;;
esac
jq -sc --argjson copy $copy -f "$scratch/bounds.jq" "$scratch/calm.jsonl" | tee "$scratch/bounds"
jq -e '.border <= 60' "$scratch/bounds" >/dev/null || fail "a phase border costs more than 60 instructions"
# What a driver must do for each page is more on 7.2: zone_device_page_init() alone takes 35 more.
most=150
[ "${KERNEL%%.*}" != 7 ] || most=200
jq -e --argjson most $most '.own <= $most' "$scratch/bounds" >/dev/null ||
	fail "the module costs more than $most instructions a page"
jq -e '.over == 0' "$scratch/bounds" >/dev/null || fail "phases exceed their total"
jq -e '.rest < 0.05' "$scratch/bounds" >/dev/null || fail "5 % or more lie outside the phases"
jq -e '.invalid == 0 and .partial == 0' "$scratch/bounds" >/dev/null || fail "invalid samples"
