#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: --cpu gives another CPU, the run says which, and its boots repeat to the instruction.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

# flags WORD… OPTION: which of the words /proc/cpuinfo has among the CPU's abilities.
flags() {
	guest "$2" "$3" -- sh -c "printf 'it has: ' && sed -n 's/^\(flags\|Features\).*: //p' /proc/cpuinfo | head -n 1 | tr ' ' '\n' | grep -xE '$1' | sort | tr '\n' ' '"
}
if $ARM64; then
	cpus=(cortex-a57 neoverse-n1)
	[ "$(flags atomics --cpu cortex-a57)" = "it has: " ] || fail "cortex-a57 has what it is not to have"
	[ "$(flags atomics --cpu neoverse-n1)" = "it has: atomics " ] || fail "neoverse-n1 lacks what it has"
	"$MIGBENCH" lab exec --kernel "$KERNEL" --cpu qemu64 -- true 2>"$scratch/why" && fail "a CPU of x86 is taken"
	[ "$(wc -l <"$scratch/why")" = 1 ] || fail "not one line: $(cat "$scratch/why")"
else
	cpus=(qemu64 qemu64-fsrm)
	[ "$(flags 'erms|fsrm' --cpu qemu64)" = "it has: " ] || fail "qemu64 has what it is not to have"
	if "$MIGBENCH" lab exec --kernel "$KERNEL" --cpu qemu64-fsrm --dry-run -- true 2>"$scratch/why" >/dev/null; then
		:
	elif grep -q 'cannot emulate it; get a newer one with: migbench lab qemu fetch' "$scratch/why"; then
		echo "skipped: $(cat "$scratch/why")"
		exit 77
	else
		fail "$(cat "$scratch/why")"
	fi
	[ "$(flags 'erms|fsrm' --cpu qemu64-fsrm)" = "it has: erms fsrm " ] || fail "qemu64-fsrm lacks what it is named after"
	# What lacks it says so, rather than to run another CPU.
	"$MIGBENCH" lab exec --kernel "$KERNEL" --cpu qemu64-fsrm --qemu system -- true 2>"$scratch/why" ||
		grep -q "doesn't support requested features" "$scratch/why" || fail "$(cat "$scratch/why")"
fi

cat >"$scratch/cpu.ini" <<'EOF'
[global]
rounds = 2
samples = 3
[migrate]
direction = to-device
batch = 64
[numa]
mode = move_pages
page = base,pmd
batch = 512
EOF
for cpu in "${cpus[@]}"; do
	"$MIGBENCH" lab run --kernel "$KERNEL" --clock insns --cpu $cpu --suite "$scratch/cpu.ini" --boots 2 \
		--quiet --log "$scratch/log" --out "$scratch/$cpu.jsonl" || fail "$cpu: the boots are not the same"
	clean_log "$scratch/log"
done
model() { jq -rse '.[0].env.cpu_model' "$scratch/$1.jsonl"; }
if $ARM64; then
	[[ "$(model cortex-a57)" == cortex-a57* && "$(model neoverse-n1)" == neoverse-n1* ]] ||
		fail "the run does not tell its CPU: $(model cortex-a57), $(model neoverse-n1)"
else
	[ "$(model qemu64)" = qemu64,+ssse3 ] || fail "the run does not tell its CPU: $(model qemu64)"
	[[ "$(model qemu64-fsrm)" == *+erms,+fsrm* ]] || fail "the run does not tell its CPU: $(model qemu64-fsrm)"
fi
"$MIGBENCH" compare "$scratch/${cpus[0]}.jsonl" "$scratch/${cpus[1]}.jsonl" --format json |
	jq -e '.environment.cpu_model | length == 2' >/dev/null || fail "compare does not see another CPU"
