# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: the program itself knows its commands, their options and the values of these.
_migbench() {
	# As it was called; the shell has not expanded that word yet.
	local program=${1/#\~\//$HOME/} words
	COMPREPLY=()
	# Status 0: a file's name can stand there, too.
	words=$("$program" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) &&
		compopt -o bashdefault -o default 2>/dev/null
	[ -z "$words" ] || mapfile -t COMPREPLY <<<"$words"
} && complete -F _migbench migbench
