# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the documents' examples share: which commands there are, and what they work on. Sourced.
published=$MIGBENCH_SOURCE/results/lab-x86_64
documents=("$MIGBENCH_SOURCE"/{README,CONTRIBUTING}.md "$MIGBENCH_SOURCE"/docs/*.md migbench.1)

# The manual as a document: its blocks and marks in Markdown's words.
sed -E -e 's/^\.\\" (needs .*)/<!-- \1 -->/; s/^\.EX$/```sh/; s/^\.EE$/```/' \
	-e '/^```sh$/,/^```$/ { s/\\\((aq|dq|ga|ha|ti)/\\\1/g; s/\\aq/'"'"'/g; s/\\dq/"/g; s/\\-/-/g; s/\\e/\\/g }' \
	"$(dirname "$MIGBENCH")/migbench.1" >migbench.1

# examples FILE: "LINE|NEEDS|COMMAND" for each command in FILE's blocks; NEEDS is what a test hasn't got, or "".
examples() {
	awk '
	/^ *<!-- needs .* -->$/ { needs = $0; gsub(/^ *<!-- needs | -->$/, "", needs) }
	/^ *```/ {
		column = match($0, /[^ ]/)
		if (kind) {
			if (column != begun)
				print NR "||not-the-end-of-a-block, which began elsewhere on its line"
			kind = needs = ""
		} else {
			kind = $0
			begun = column
			sub(/^ *```/, "", kind)
			if (kind !~ /^(sh|console|yaml|c|text)$/)
				print NR "||not-a-kind-of-block \"" kind "\""
		}
		next
	}
	open || kind == "sh" && NF || kind == "console" && /^\$ / || kind == "yaml" && /^ *- (run: )?[a-z-]+ / {
		line = $0
		sub(/^ *(- (run: )?|\$ )?(build\/)?/, "", line)
		if (!open)
			at = NR
		command = command line
		open = sub(/\\$/, "", command)
		if (open)
			next
		why = needs
		if (match(command, / #.*needs /))
			why = substr(command, RSTART + RLENGTH)
		print at "|" why "|" command
		command = ""
	}' "$1"
}

# in_vm COMMAND: it starts a virtual machine, or makes a kernel for one.
in_vm() {
	[[ $1 =~ migbench\ lab\ (ab|exec|profile|run|shell|kernel\ build)\  ]]
}

# An example that isn't run: it is shell, and what it gives to migbench are options that it has.
parse() ( # COMMAND; complaints on stdout
	first=${1%% *}
	bash -n -c "$1" 2>&1
	[[ $first != */* || $first == *=* || -x $MIGBENCH_SOURCE/$first ]] || echo "no such file: $first"
	migbench() {
		local words=() word said
		for word; do
			[ "$word" != -- ] || break
			words+=("$word")
		done
		said=$("$MIGBENCH" "${words[@]}" --help 2>&1 >/dev/null)
		[ -z "$said" ] || echo "$*: $said" >&3
	}
	sudo() { "${@/#build\/migbench/migbench}"; }
	git() { [ "$2" != run ] || "${@:3}"; }
	# All others are not done.
	command_not_found_handle() { :; }
	mkdir -p nowhere && cd nowhere || exit 1
	PATH=$PWD
	exec 3>&1
	eval "$1" >/dev/null 2>&1 </dev/null
)
