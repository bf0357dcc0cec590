#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab gate passes a tree that does as before, and says what it has against the others.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/history.sh"
trap '"$MIGBENCH" lab kernel remove gate >/dev/null 2>&1 || :; forget' EXIT

cat >"$scratch/two.ini" <<'EOF'
[global]
rounds = 2
samples = 3
[migrate]
direction = to-device,to-system
batch = 64
EOF
"$MIGBENCH" lab run --kernel "$KERNEL" --suite "$scratch/two.ini" --probe --quiet --out "$scratch/base.jsonl"
make_tree "$scratch/linux"

# gate NAME STATUS: judge the tree as it is now.
gate() {
	local status=0
	"$MIGBENCH" lab gate --source "$scratch/linux" --config "$KERNEL" --suite "$scratch/two.ini" --baseline "$scratch/base.jsonl" \
		--out "$scratch/$1" >"$scratch/$1.ktap" 2>"$scratch/$1.err" || status=$?
	test $status -eq "$2" || fail "$1: status $status instead of $2: $(cat "$scratch/$1.ktap" "$scratch/$1.err")"
	diff "$scratch/$1.ktap" "$scratch/$1/gate.ktap" >/dev/null || fail "$1: gate.ktap is not what was printed"
	# As many results as planned, at each level, in order.
	awk '{ depth = match($0, /[^ ]/) / 4 }
		depth == int(depth) + 0.25 { depth = int(depth) }
		$1 ~ /^1\.\.[0-9]+$/ { plan[depth] = substr($1, 4); at[depth] = 0 }
		$1 == "ok" || $1 == "not" {
			number = $1 == "ok" ? $2 : $3
			if (number != ++at[depth]) exit bad = 1
			if (!depth && at[1] != plan[1]) exit bad = 1
			if (!depth) delete at[1]; if (!depth) delete plan[1]
		}
		END { exit bad || at[0] != plan[0] }' "$scratch/$1.ktap" || fail "$1: results are not as planned: $(cat "$scratch/$1.ktap")"
}

# has NAME LINE: a whole line of the results, or what it begins with when it ends in "…".
has() {
	LINE=$2 awk 'BEGIN { line = ENVIRON["LINE"]; open = sub(/…$/, "", line) }
		{ sub(/^ +/, "") } $0 == line || (open && index($0, line) == 1) { found = 1 }
		END { exit !found }' "$scratch/$1.ktap" || fail "$1 has no line: $2: $(cat "$scratch/$1.ktap")"
}

point="direction=to-device,memory=private,nodes=0>1,page=$BASE,state=exclusive,threads=1"
gate same 0
has same "ok 4 probes"
has same "ok 1 migrate/batch=64,$point"
has same "ok 5 points"

sed -i '$a static int __init planted(void) { WARN_ON(1); return 0; }\nlate_initcall(planted);' mm/migrate_device.c
dearer dearer
gate dearer 1
has dearer "ok 2 boot"
has dearer "not ok 3 kernel-log"
has dearer "# slower: …"
has dearer "not ok 1 migrate/batch=64,$point"
has dearer "not ok 5 points"

# A kernel that ends in its first boot does not boot; that is no fault of the machine.
mkdir "$scratch/fake"
cat >"$scratch/fake/qemu-system-x86_64" <<END
#!/bin/sh
for word; do
	case \$word in
	file,*path=*/log | file,*path=*/log,*) log=\${word##*path=} ;;
	esac
done
[ -n "\$log" ] || exec $(command -v qemu-system-x86_64) "\$@"
printf 'Linux version 6\nKernel panic - not syncing: planted\n' >"\${log%%,*}"
END
chmod +x "$scratch/fake/qemu-system-x86_64"
PATH=$scratch/fake:$PATH gate dead 1
has dead "ok 1 build"
has dead "# boot 0 of kernel gate: Kernel panic - not syncing: planted"
has dead "not ok 2 boot"
has dead "ok 5 points # SKIP the kernel does not boot"

broken broken
gate broken 1
has broken "not ok 1 build"
has broken "ok 5 points # SKIP the kernel does not build"
grep -q '#error not yet' "$scratch/broken.err" || fail "the compiler's own words are missing"

# The kernel's own reader of such results, where the source has it.
if [ -e tools/testing/kunit/kunit.py ] && command -v python3 >/dev/null; then
	PYTHONDONTWRITEBYTECODE=1 python3 tools/testing/kunit/kunit.py parse "$scratch/dearer.ktap" >"$scratch/parsed" || :
	grep -q 'FAILED.*migrate/batch=64,direction=to-device' "$scratch/parsed" || fail "kunit.py reads something else: $(cat "$scratch/parsed")"
fi
