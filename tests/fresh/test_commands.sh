#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the README's commands, to their end, on a Debian that has nothing: as root, or as
# the user of that name who may use sudo.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
release=${MIGBENCH_TEST_RELEASE:-}
[ -n "$release" ] || skip "it takes an hour; ask for it: ./check --fresh [RELEASE,…]"
fresh_possible
fresh_here "$release"
user=${1:-root}
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"

# Those of the first block of "Two commands", as a reader would type them.
mapfile -t commands < <(sed -n "/^## Two commands/,/^## Three doors/p" "$MIGBENCH_SOURCE/README.md" |
	grep -o '^\./[a-z]*')
[ ${#commands[@]} -eq 2 ]

fresh_in "$release" "$root" "$user" 'git clone --quiet /srv/migbench.git migbench'
for command in "${commands[@]}"; do
	start=$SECONDS
	fresh_in "$release" "$root" "$user" "cd migbench && $command"
	echo "== $release, $user: $command: exit 0 after $((SECONDS - start)) s"
	if [ "$command" = ./quickstart ]; then
		fresh_in "$release" "$root" "$user" '
			cd migbench/results/quick
			grep -q "^## Main findings" REPORT.md || { echo "no findings in REPORT.md"; exit 1; }
			pictures=$(grep -oh "plots/[a-z0-9-]*\.svg" report/*.md | sort -u)
			[ "$(echo "$pictures" | wc -l)" -ge 5 ] || { echo "few pictures: $pictures"; exit 1; }
			for picture in $pictures; do
				grep -q "</svg>" "$picture" || { echo "not whole: $picture"; exit 1; }
			done
		'
	fi
done
