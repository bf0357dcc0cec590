#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: in README, docs and manual every link leads somewhere, every command is one, and a session shows what is printed.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache
count=0

bad() {
	echo "$1: $2" >&2
	failures=$((failures + 1))
}

# links FILE: of [text](path), but for other hosts' and places within a page.
links() {
	local link
	while read -r link; do
		link=${link%%#*}
		case $link in '' | *://* | mailto:*) continue ;; esac
		count=$((count + 1))
		[ -e "$(dirname "$1")/$link" ] || bad "${1#"$MIGBENCH_SOURCE"/}" "leads nowhere: $link"
	done < <(sed '/^```/,/^```/d' "$1" | grep -oE '\]\(<?[^)>]+' | sed -E 's/^\]\(<?//')
}

# An example that stands in for the program: its options must be ones, whatever they would do.
migbench() {
	local words=() word
	for word; do
		[ "$word" != -- ] || break
		words+=("$word")
	done
	"$m" "${words[@]}" --help >/dev/null 2>said || echo "$*: $(head -n 1 said)" >>wrong
}

# commands FILE: what stands in its blocks, a line each.
commands() {
	awk '/^ *```/ { inside = !inside; next }
		/^\.E[XE]$/ { inside = $0 == ".EX"; next }
		inside && (open || /^ *(- run: |- |\$ )?(build\/)?migbench /) {
			sub(/^ *(- run: |- |\$ )?(build\/)?/, "")
			open = sub(/\\$/, "")
			printf "%s%s", $0, open ? " " : "\n"
		}' "$1"
}

# The manual's blocks, as a shell takes them.
sed -E '/^\.EX$/,/^\.EE$/ { s/\\\(aq/'"'"'/g; s/\\-/-/g }' "$(dirname "$MIGBENCH")/migbench.1" >migbench.1

for file in "$MIGBENCH_SOURCE"/{README,CONTRIBUTING}.md "$MIGBENCH_SOURCE"/docs/*.md migbench.1; do
	links "$file"
	while read -r line; do
		count=$((count + 1))
		: >wrong
		# A tree, a commit, DIR: words of the reader's own. The rest of a line is shell.
		(eval "$line") >/dev/null 2>&1 </dev/null
		[ ! -s wrong ] || bad "${file#"$MIGBENCH_SOURCE"/}" "$(cat wrong)"
	done < <(commands "$file")
done
check "there are links and commands" test $count -gt 100

# README's first block is what one sees.
shown=$(awk '/^```/ { n++; next } n == 1' "$MIGBENCH_SOURCE/README.md")
command=$(head -n 1 <<<"$shown")
seen=$(cd "$MIGBENCH_SOURCE/results/lab-x86_64" && eval "${command/#\$ migbench/\"\$m\"}")
expected=$(sed '1d; /^…$/d' <<<"$shown")
[[ $seen == *"$expected"* ]] || bad README.md "shows something else than: $seen"
finish
