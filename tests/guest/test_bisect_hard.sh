#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab bisect among merges, commits that die at boot, and a configuration that changes on the way.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
[ -n "${MIGBENCH_TEST_BISECT:-}" ] || {
	echo "skipped: it builds ten kernels; ask for it: ./check --bisect"
	exit 77
}
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/history.sh"

# One configuration for all commits: what a kernel does not know is nothing to it.
echo CONFIG_PLANTED=y >"$scratch/planted.config"
printf '[kernel]\ndescription = planted\nfragment = lab.config, planted.config\npackage = linux-source-%s\nrequires = CONFIG_DEVICE_PRIVATE\n' \
	"$KERNEL" >"$scratch/planted.ini"
bisect() {
	"$MIGBENCH" lab bisect --suite quick --config "$scratch/planted.ini" \
		--point 'migrate/batch=64,direction=to-device,memory=private,*,state=exclusive,*' "$@"
}

make_tree "$scratch/linux"
first=$(git rev-parse HEAD)
harmless one
side beside-one HEAD~1
dying two
harmless three
revived four
gated five
side beside-two HEAD~1
harmless six
dearer seven
guilty=$(git rev-parse HEAD)
dying eight
revived nine
side beside-three HEAD~1
harmless ten
git branch end

git checkout -q "$first"
bisect --bad-above 10000000 >"$scratch/first"
limit=$(awk '{ printf "%d", $2 + 600 }' "$scratch/first")
git checkout -q end
bisect --bad-above "$limit" --good "$first" --bad end >"$scratch/drive" 2>&1 ||
	fail "the drive failed: $(tail -n 30 "$scratch/drive")"
grep -q "First bad commit: ${guilty:0:12}  seven" "$scratch/drive" || fail "the drive names another: $(cat "$scratch/drive")"
grep -qE "note: [0-9]+ commits are left: about [0-9]+ builds, [0-9]+ min" "$scratch/drive" || fail "nothing was foretold"
# Interrupted or not: what was measured is not measured again.
bisect --bad-above "$limit" --good "$first" --bad end >"$scratch/again" 2>&1 || fail "the second drive failed"
! grep -q "commits are left" "$scratch/again" || fail "measured again: $(cat "$scratch/again")"
# Without the option the later commits can't be configured, and that is said.
git checkout -q end
status=0
"$MIGBENCH" lab bisect --suite quick --bad-above "$limit" \
	--point 'migrate/batch=64,direction=to-device,memory=private,*,state=exclusive,*' >"$scratch/plain" 2>&1 || status=$?
test $status -eq 125 || fail "a kernel without device-private memory has status $status"
grep -q 'did not accept CONFIG_DEVICE_PRIVATE' "$scratch/plain" || fail "nobody says why: $(cat "$scratch/plain")"
