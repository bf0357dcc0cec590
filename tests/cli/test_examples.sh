#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: in README, docs and manual every link leads somewhere, and every command runs and prints what it did.
# What needs a virtual machine is guest/examples. Where another output is meant: tests/cli/test_examples.sh --renew.
: "${MIGBENCH_SOURCE:=$(readlink -f "$(dirname "$0")/../..")}" "${MIGBENCH:=$MIGBENCH_SOURCE/build/migbench}"
. "$MIGBENCH_SOURCE/tests/cli/lib.sh"
. "$MIGBENCH_SOURCE/tests/cli/examples.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache LC_ALL=C
declare -A ran=()
count=0 run=0 vm=0 marked=0
: >digests

bad() {
	echo "${1#"$MIGBENCH_SOURCE"/}: $2" >&2
	failures=$((failures + 1))
}

# anchors FILE: what GitHub calls its headings.
anchors() {
	sed '/^```/,/^```/d' "$1" | sed -nE 's/^#+ +//p' | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9_ -]//g; s/ /-/g'
}

# links FILE: of [text](path#heading), but for other hosts'.
links() {
	local link file heading
	while read -r link; do
		case $link in *://* | mailto:*) continue ;; esac
		count=$((count + 1))
		file=${link%%#*} heading=${link#"${link%%#*}"}
		file=${file:+$(dirname "$1")/}${file:-$1}
		[ -e "$file" ] || bad "$1" "leads nowhere: $link"
		[[ $heading != "#"?* || $file != *.md ]] || anchors "$file" | grep -qxF -- "${heading#"#"}" ||
			bad "$1" "no such heading: $link"
	done < <(sed '/^```/,/^```/d' "$1" | grep -oE '\]\(<?[^)>]+' | sed -E 's/^\]\(<?//')
}

# What a reader would have: runs of their own under the names that the examples use, and a built kernel.
world() {
	local name
	rm -rf world && mkdir -p world/results cache/kernels/mine-0123456789ab
	cp -r "$published" world/results/
	cp "$published"/*.jsonl world/
	for name in a:6.12 b:7.2 v1:5.10 v2:6.1 v3:6.12 old:6.12 new:7.2 run:6.1 base:6.1 patched:6.1 \
		run-6.12:6.12 run-7.2:7.2; do
		cp "$published/insns-${name#*:}.jsonl" "world/${name%:*}.jsonl"
	done
	cp "$published/profile-to-device-6.12-7.2.json" world/diff.json
	ln -s "$MIGBENCH_SOURCE/include" world/include
	printf '[campaign]\nkernels = 6.1\ntopologies = 2-node-1-cpu\nsuites = gate\n' >world/kernels.ini
	mkdir world/kernels.campaign
	cp "$MIGBENCH_SOURCE/results/lab-x86_64/insns-6.1.jsonl" world/kernels.campaign/6.1,2-node-1-cpu,gate.jsonl
	awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$MIGBENCH_SOURCE/docs/own-program.md" >world/prot.c
	printf '%s\n' '{ "name": "mine", "release": "6.1.2", "label": "6.1.2", "key": "0123456789ab", "source": "x",
		"tree": "/x", "built": 1, "size": 1 }' >cache/kernels/mine-0123456789ab/kernel.json
}

# What takes minutes is done shorter; all else is the program itself.
migbench() {
	case $1 in
	selftest) "$m" "$@" --repetitions 10 ;;
	run) "$m" "$@" --set rounds=1 --set samples=2 --quiet ;;
	*) "$m" "$@" ;;
	esac
}

# exact COMMAND: its output depends on nothing but the published runs.
exact() {
	[[ $1 =~ ^migbench\ (advise|compare|export|report)\  && $1 != *native* ]]
}

# real FILE COMMAND: to its end; what it printed and the files that it wrote are as before.
real() {
	local status digest
	(cd world && rm -rf report && eval "$2") >said 2>complaints </dev/null
	status=$?
	[ $status -eq 0 ] || bad "$1" "status $status: $2: $(tail -n 1 complaints)"
	exact "$2" || return 0
	(cd world && find . -newer ../said.start -type f | sort) >>said
	digest=$(sha256sum <said)
	printf '%s  %s\n' "${digest%% *}" "$2" >>digests
}

# one_point COMMAND: a pattern of --point means one point of its suite; else how many.
one_point() {
	local count suite=full name
	[[ $1 =~ --point\ \'([^\']*)\' ]] || return 0
	local pattern=${BASH_REMATCH[1]}
	[[ $1 =~ --suite\ ([a-z]+) ]] && suite=${BASH_REMATCH[1]}
	count=0
	while read -r name; do
		# shellcheck disable=SC2053
		[[ $name != $pattern ]] || count=$((count + 1))
	done < <("$m" run --points --suite "$suite")
	# The nearest nodes of this machine may have other numbers than those of the lab's.
	[ $count -eq 1 ] || { [ $count -eq 0 ] && ! "$m" run --points --suite "$suite" | grep -F 'nodes=0>1' >/dev/null; } ||
		echo "$pattern: means $count points of $suite"
}

world
for file in "${documents[@]}"; do
	links "$file"
	while IFS='|' read -r line needs command; do
		count=$((count + 1))
		said=$(parse "$command"; one_point "$command")
		command=$(sed 's/ *# .*//' <<<"$command")
		[ -z "$said" ] || bad "$file" "$line: $said"
		if [ -n "$needs" ]; then
			marked=$((marked + 1))
		elif in_vm "$command"; then
			vm=$((vm + 1))
		elif [ -z "${ran[$command]:-}" ]; then
			ran[$command]=1
			run=$((run + 1))
			touch said.start
			real "$file" "$command"
		fi
	done < <(examples "$file")
done
check "there are links and commands" test $count -gt 100
sort -u digests -o digests
if [ "${1:-}" = --renew ]; then
	cp digests "$MIGBENCH_SOURCE/tests/cli/golden/examples"
else
	diff "$MIGBENCH_SOURCE/tests/cli/golden/examples" digests | sed -n 's/^\([<>]\) [0-9a-f]*  \(.*\)/\1 \2/p' >changed
	[ ! -s changed ] || bad "another output than before (--renew, if that is meant)" "$(cat changed)"
fi

# README's first block is what one sees.
shown=$(awk '/^```/ { n++; next } n == 1' "$MIGBENCH_SOURCE/README.md")
command=$(head -n 1 <<<"$shown")
seen=$(cd world && eval "${command#\$ }")
expected=$(sed '1d; /^…$/d' <<<"$shown")
[[ $seen == *"$expected"* ]] || bad README.md "shows something else than: $seen"
echo "$run different commands run, $vm more are for a virtual machine, $marked need what no test has: only their options"
finish
