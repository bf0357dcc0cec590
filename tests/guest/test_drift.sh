#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: another word on the command line or another QEMU moves no median by more than 0.01 %, 0.2 % where it sleeps.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

{
	# hmm starts a process for each sample: docs/instruction-clock.md has what that moves.
	awk '/^\[/ { hmm = $0 == "[hmm]" } !hmm' "$MIGBENCH_SOURCE/configs/suites/smoke.ini"
	echo '[tlb]'
	echo 'pages = 1,64'
	echo 'cpus = 1'
} >"$scratch/all.ini"
# A median over few samples is one sample, and single ones differ more.
run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite "$scratch/all.ini" --boots 1 --quiet \
		--set samples=9 --set rounds=3 --out "$scratch/$1.jsonl" "${@:2}" &
}
others=(word)
# The system's own QEMU, or, of guests of arm64, what "lab arch fetch" got; and any other that the lab
# has, or the one that is given.
mapfile -t qemus < <("$MIGBENCH" lab qemu list | awk -v guests="$($ARM64 && echo arm64 || echo x86_64)" \
	'NR > 1 && $NF == guests && !seen[$2]++ { print $1 }')
run base --qemu "${qemus[0]}"
run word --qemu "${qemus[0]}" --append another=word
other=${MIGBENCH_TEST_QEMU:-}
[ -n "$other" ] || [ ${#qemus[@]} -lt 2 ] || ! long || other=${qemus[-1]}
if [ -n "$other" ]; then
	run qemu --qemu "$other"
	others+=(qemu)
fi
wait

cat >"$scratch/medians.jq" <<'EOF'
def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
([.[] | select(.type == "point") | {key: (.id | tostring),
  value: (.benchmark + "/" + (.params | to_entries | sort_by(.key) | map("\(.key)=\(.value)") | join(",")))}]
 | from_entries) as $name
| [.[] | select(.type == "block")] | group_by(.point)
| map({key: $name[.[0].point | tostring], value: ([.[].metrics.total.values[]] | {median: median, values: unique})}) | from_entries
EOF
# docs/instruction-clock.md says why numa has a wider bound, and where a point has two values: then
# the median of each run must lie between samples of the other.
SAWTOOTH=$([ "${KERNEL%%.*}" -ge 7 ] 2>/dev/null && echo true || echo false)
for other in "${others[@]}"; do
	jq -ns --argjson old "$OLD" --argjson sawtooth "$SAWTOOTH" --slurpfile a <(jq -sf "$scratch/medians.jq" "$scratch/base.jsonl") \
		--slurpfile b <(jq -sf "$scratch/medians.jq" "$scratch/$other.jsonl") '
		def among(median; values): median >= (values | min) and median <= (values | max);
		$a[0] | to_entries | map(.value as $x | $b[0][.key] as $y
			| {point: .key, a: $x.median, b: $y.median,
			bound: ([3, $x.median * (if $sawtooth and (.key | test("^tlb/.*op=dontneed"))
					then (if among($y.median; $x.values) and among($x.median; $y.values) then 0.1 else 0.025 end)
				elif $old and (.key | test("batch=512|fault")) then 0.01
				elif .key | test("^numa/") then 0.002
				elif .key | test("batch=512,.*direction=round-trip,.*page=64k") then 0.0003
				elif .key | test("batch=512,.*page=64k") then 0.0002
				elif among($y.median; $x.values) and among($x.median; $y.values) then 0.0005
				else 0.0001 end)] | max)})
		| {count: length, far: map(select((.b == null) or ((.b - .a) | fabs) > .bound))}' >"$scratch/far"
	jq -e '.count > 40 and .far == []' "$scratch/far" >/dev/null ||
		fail "another $other: too few points, or medians that moved: $(jq -c . "$scratch/far")"
done
