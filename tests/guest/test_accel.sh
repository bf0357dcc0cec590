#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: KVM is used where a trial boot works, once tried, and left alone where it does not.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
if ! { : <>/dev/kvm; } 2>/dev/null; then
	echo "skipped: no /dev/kvm to try"
	exit 77
fi

# A cache without answers, and a QEMU whose KVM does what the test wants it to.
real=$(command -v qemu-system-x86_64)
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
mkdir "$scratch/cache" "$scratch/bin"
ln -s "$cache/kernels" "$scratch/cache/kernels"
export MIGBENCH_CACHE=$scratch/cache PATH=$scratch/bin:$PATH
cat >"$scratch/bin/qemu-system-x86_64" <<EOF
#!/usr/bin/env bash
words=()
for word; do
	case \$word in
	kvm)
		echo tried >>$scratch/tried
		read -r kind <$scratch/kind
		case \$kind in
		dies) echo "qemu: no such luck" >&2; exit 1 ;;
		hangs) exec sleep 1000 ;;
		esac
		word=tcg,thread=single
		;;
	host) word=qemu64,+ssse3 ;;
	esac
	words+=("\$word")
done
exec $real "\${words[@]}"
EOF
chmod +x "$scratch/bin/qemu-system-x86_64"

# kvm KIND: it dies, hangs or works from now on, and nothing is known of it.
kvm() {
	echo "$1" >"$scratch/kind"
	rm -rf "$scratch/cache/kvm" "$scratch/tried"
}
tried() {
	touch "$scratch/tried"
	[ "$(wc -l <"$scratch/tried")" -eq "$1" ] || fail "$2: not $1 starts of QEMU with KVM"
}
accelerator() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'null/*' --boots 1 --quiet --force \
		--out "$scratch/run.jsonl" "$@"
	jq -r 'select(.type == "run").lab.accelerator' "$scratch/run.jsonl"
}

kvm dies
guest -- true 2>"$scratch/err"
guest -- true 2>>"$scratch/err"
[ ! -s "$scratch/err" ] || fail "words about KVM on stderr: $(cat "$scratch/err")"
tried 1 "an answer is kept"
"$MIGBENCH" doctor | grep -q "^no *kvm .*kernel $KERNEL.*no such luck" || fail "doctor does not tell"
got=0
"$MIGBENCH" lab exec --kernel "$KERNEL" --accel kvm -- true 2>"$scratch/err" || got=$?
[ "$got $(wc -l <"$scratch/err") $(grep -c 'no such luck' "$scratch/err")" = "3 1 1" ] ||
	fail "--accel kvm: status $got: $(cat "$scratch/err")"
tried 2 "--accel kvm tries anew"
[ "$(accelerator --clock time)" = tcg ] || fail "the run does not say that it was emulated"

kvm hangs
guest -- true
tried 1 "a KVM that hangs"
"$MIGBENCH" doctor | grep -q "^no *kvm .*kernel $KERNEL.*silent for too long" || fail "doctor does not tell of a KVM that hangs"

kvm works
[ "$(accelerator --clock insns)" = tcg ] || fail "instructions counted under KVM"
tried 0 "the instruction clock"
[ "$(accelerator --clock time --accel tcg)" = tcg ] || fail "--accel tcg"
tried 0 "--accel tcg"
[ "$(accelerator --clock time)" = kvm ] || fail "the run does not say that it was KVM"
guest --accel kvm -- true
"$MIGBENCH" doctor | grep -q "^yes *kvm .*kernel $KERNEL " || fail "doctor does not tell"
