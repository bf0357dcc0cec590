#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: migbench(1) has every command and option as --help has them, and reads without a warning.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
built=$(dirname "$MIGBENCH")/migbench.1
source=$MIGBENCH_SOURCE/docs/migbench.1.in

bad() {
	echo "$*" >&2
	failures=$((failures + 1))
}

expect 0 "" "$m" manual "$source" again.1
check "the build's manual is of these sources" cmp "$built" again.1

# What can't be made takes nothing away.
cp "$source" in.1
expect 2 "in.1 is what it is made of" "$m" manual in.1 in.1
sed 's/^@command list$/@command lists/' "$source" >lacks.1
expect 2 "lacks.1:" "$m" manual lacks.1 again.1
check "both are as they were" eval 'cmp in.1 "$source" && cmp "$built" again.1'

# section COMMAND: what the manual has of it, without the marks of man(7).
section() {
	awk -v want=".SS $1" '$0 == want { on = 1; next } /^\.S[SH] / { on = 0 } on' "$built" |
		sed -E 's/\\([-e])/\1/g; s/\\\(aq/'"'"'/g; s/\\\(dq/"/g'
}

mapfile -t commands < <(sed -n 's/^@command //p' "$source")
check "there are commands" test ${#commands[@]} -gt 20
for command in "${commands[@]}"; do
	section "$command" >section
	# shellcheck disable=SC2086
	"$m" $command --help >help
	for option in $(grep -oE '^  --[a-z-]+' help | grep -v -e '--help' -e '--version'); do
		grep -qE "^\.B $option( |\$)" section || bad "the manual's $command lacks $option"
	done
	grep -qxF "$(awk '/^Example:$/ { getline; sub(/^  /, ""); print }' help)" section ||
		bad "the manual's $command lacks the example of --help"
done

# A default is shown in one form; what else stands in brackets or parentheses is no default.
for command in "${commands[@]}"; do
	# shellcheck disable=SC2086
	"$m" $command --help | grep -vF '[global]' | grep -E '\[[a-z0-9]+\]|default[^:]|\(default\)' &&
		bad "$command --help shows a default in a form of its own"
	# shellcheck disable=SC2086
	"$m" $command --help | sed '/^usage: /d; /^Example:$/,$d' | awk 'length > 90' | grep . && bad "$command --help has a long line"
done
expect 0 "" "$m" lab exec --timeout 7 --help
check "a default is what holds without options" grep -q '(default: 600)' stdout

# Every key of [global] is where a user looks for it.
"$m" list --format json >list.json
for key in $(jq -r '.global[].name' list.json); do
	grep -qxF ".B $key" "$built" || bad "the manual lacks the key $key"
	"$m" list | grep -qE "^  $key " || bad "list lacks the key $key"
done
check "list knows the keys" jq -e '[.global[] | select(.name == "rounds") | .min, .max, .default] == [1, 1000, 3]' list.json

echo "@command lab nothing" >one
expect 2 "one:1: there is no command 'lab nothing'" "$m" manual one out.1
echo "@command list" >two
expect 2 "no line '@command doctor'" "$m" manual two out.1
check "half a manual is none" test ! -e out.1

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$built" >lint
	check "mandoc has nothing to say: $(cat lint)" test ! -s lint
fi
if command -v groff >/dev/null; then
	groff -man -K utf8 -T utf8 -ww "$built" 2>lint >/dev/null
	check "groff has nothing to say: $(cat lint)" test ! -s lint
fi
finish
