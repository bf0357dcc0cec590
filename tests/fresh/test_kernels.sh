#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: on another release of Debian, with its compiler and its QEMU, every lab kernel is
# built, boots, loads the module and passes smoke with bit-identical boots; and that release's QEMU
# moves no median of a kernel that this machine built by more than the drift allowed.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
release=${MIGBENCH_TEST_RELEASE:-}
[ -n "$release" ] || skip "it builds four kernels; ask for it: ./check --fresh [RELEASE,…]"
fresh_possible
fresh_here "$release"
read -ra kernels <<<"${MIGBENCH_TEST_KERNELS:-5.10 6.1 6.12 newest}"
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"
# Built once: a kernel's key holds its compiler.
FRESH_BINDS=("$cache/lab/$release:/root/.cache/migbench")
table=$cache/hosts-$release.md
failed=0

fresh_in "$release" "$root" root '
	git clone --quiet /srv/migbench.git migbench
	cd migbench
	./quickstart --build
'
host=$(fresh_in "$release" "$root" root '
	version() { dpkg-query -W -f "\${Version}" "$1" | sed "s/^[0-9]*://; s/[-+~].*//"; }
	echo "$(version gcc) | $(version libc6) | $(version binutils) | $(version qemu-system-x86)"
')
# For the second half: this machine starts the release's QEMU, with its libraries.
qemu=$root/qemu-of-$release
cat >"$qemu" <<END
#!/bin/sh
exec chroot "$root" /usr/bin/qemu-system-x86_64 "\$@"
END
chmod +x "$qemu"

row() { echo "| $release | $host | $*" | tee -a "$table"; }
: >"$table"
for kernel in "${kernels[@]}"; do
	if ! fresh_in "$release" "$root" root "
		cd migbench
		build/migbench lab kernel build $kernel
		build/migbench lab run --kernel $kernel --clock insns --suite smoke --boots 2 --quiet \
			--out $kernel.jsonl --force
	"; then
		row "$kernel | fails | not tried |"
		failed=1
		continue
	fi
	run=$root/root/migbench/$kernel.jsonl
	boots=$(jq -rs '[.[] | select(.type == "block") | .boot] | unique | length' "$run")
	points=$(jq -rs '[.[] | select(.type == "block") | .point] | unique | length' "$run")
	invalid=$(jq -rs '[.[] | select(.type == "block") | .invalid // 0] | add' "$run")
	skipped=$(jq -rs '[.[] | select(.type == "skip")] | length' "$run")
	label=$(jq -rs '.[0].label' "$run")
	[ "$boots" -eq 2 ] && [ "$points" -ge 10 ] && [ "$invalid" -eq 0 ] || failed=1
	drift="not tried"
	if "$MIGBENCH" lab kernel list | awk -v k="$kernel" '$1 == k { found = 1 } END { exit !found }'; then
		drift=within
		MIGBENCH_TEST_KERNEL=$kernel MIGBENCH_TEST_QEMU=$qemu unshare --mount bash -c '
			mount --make-rprivate /
			mount -t proc proc "$1/proc"
			mount --rbind /dev "$1/dev"
			for folder in "${MIGBENCH%/*}" "$2" "${TMPDIR:-/tmp}"; do
				mkdir -p "$1$folder"
				mount --bind "$folder" "$1$folder"
			done
			exec bash "$MIGBENCH_SOURCE/tests/guest/test_drift.sh"
		' drift "$root" "${cache%/fresh}" || { drift=beyond; failed=1; }
	fi
	row "$label | $points points, $skipped skipped, $boots boots identical, $invalid invalid | $drift |"
done
exit $failed
