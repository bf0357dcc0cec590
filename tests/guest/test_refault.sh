#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: kept A/D bits at least halve the swap-ins of an interleaved hot set; the switch drops them.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

cat >"$scratch/refault.ini" <<'EOF'
[global]
rounds = 1
samples = 1
[refault]
order = interleaved
lru = classic
[ad]
journey = system,failed,private
access = read
batch = 1024
[fault]
access = read
EOF
# The guest's swap holds no more pages of 64k.
[ "$BASE" != 64k ] || sed -i 's/^lru = .*/&\npages = 2048/' "$scratch/refault.ini"
# A tracepoint of x86.
events=(--events exceptions:page_fault_user)
$ARM64 && events=()
"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --suite "$scratch/refault.ini" --boots 2 --quiet \
	"${events[@]}" --log "$scratch/log" --out "$scratch/run.jsonl"
clean_log "$scratch/log"
if jq -es 'any(.[]; .type == "skip" and (.why | test("keeps no A/D bits")))' "$scratch/run.jsonl" >/dev/null; then
	[[ $SERIES == 5.* ]] || fail "$SERIES keeps no A/D bits in migration entries"
	echo "skipped: this kernel keeps no A/D bits in migration entries, which came with 6.1"
	exit 77
fi

counter() { # BENCHMARK PARAMS COUNTER
	jq -se --argjson want "$2" --arg b "$1" --arg c "$3" '
		(map(select(.type == "point" and .benchmark == $b and (.params | contains($want)))) | .[0].id) as $id
		| map(select(.type == "block" and .point == $id and .counters)) | .[0].counters[$c]' \
		"$scratch/run.jsonl"
}
on=$(counter refault '{"retention":"on"}' swapped_in)
off=$(counter refault '{"retention":"off"}' swapped_in)
echo "swapped in: $on kept, $off dropped"
awk -v on="$on" -v off="$off" 'BEGIN { exit !(off > 0 && on <= off / 2) }' ||
	fail "kept bits saved less than half of the swap-ins"

for journey in system failed; do
	[ "$(counter ad "{\"journey\":\"$journey\",\"retention\":\"on\"}" young)" = 1024 ] ||
		fail "$journey: young bits lost"
	[ "$(counter ad "{\"journey\":\"$journey\",\"retention\":\"off\"}" young)" = 0 ] ||
		fail "$journey: young bits without retention"
done
for retention in on off; do
	[ "$(counter ad "{\"journey\":\"private\",\"retention\":\"$retention\"}" dirty)" = 0 ] ||
		fail "private: dirty bits survived"
done
$ARM64 && exit 0
# The first touch of pages that are there is no fault; of a device page it is one.
# A tracepoint lies in the kernel, wherever the fault came from.
event=exceptions:page_fault_user:k
[ "$(counter ad '{"journey":"system","retention":"on"}' $event)" = 0 ] ||
	fail "a tracepoint counts faults where there are none"
[ "$(counter fault '{}' $event)" = 1 ] || fail "a tracepoint misses faults"
