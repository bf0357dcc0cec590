# SPDX-License-Identifier: GPL-2.0-or-later
# Steps of a script: which of how many, when it will be done, and how to go on. Sourced.
# shellcheck shell=bash

# steps NAME STEP…: the script's name, by which it is called again, and its steps in their order.
steps() {
	steps_name=$1 steps_at=0 steps_child=
	shift
	steps_plan=("$@")
	# As core/datadir.c finds it.
	local cache=~/.cache/migbench
	[[ ${XDG_CACHE_HOME:-} != /* ]] || cache=$XDG_CACHE_HOME/migbench
	steps_times=${MIGBENCH_CACHE:-$cache}/steps-${steps_name##*/}
	# One line, from here, and not one from each command that is started; it goes to the user even
	# where a command's own go into a log.
	export MIGBENCH_CHILD=1
	exec {steps_user}>&2
	trap 'steps_stop INT' INT
	trap 'steps_stop TERM' TERM
	trap 'steps_stop HUP' HUP
}

# keep FOLDER FILE…: what is finished stays in FOLDER until steps_end, and counts for a later call as
# long as the FILEs are what they were.
keep() {
	local key
	steps_folder=$1
	shift
	key=$(cat "$@" | sha256sum)
	if [ -e "$steps_folder/begun" ] && [ "$(cat "$steps_folder/begun")" = "$key" ]; then
		echo "$steps_name: going on where it was interrupted"
		return
	fi
	rm -rf "$steps_folder"
	mkdir -p "$steps_folder"
	echo "$key" >"$steps_folder/begun"
}

steps_end() {
	rm -rf "$steps_folder"
}

steps_clock() { # SECONDS
	if [ "$1" -lt 3600 ]; then
		printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
	else
		printf '%d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60))
	fi
}

# The next step begins. What it and those behind it took the last time tells when all will be done.
step() {
	local left known before=/dev/null
	[ ! -e "$steps_times" ] || before=$steps_times
	read -r left known < <(printf '%s\n' "${steps_plan[@]:steps_at}" | awk -F '\t' '
		next_steps { left += took[$0]; known += $0 in took; next }
		{ took[$1] = $2 }
		END { print left + 0, known + 0 }' "$before" next_steps=1 -)
	steps_words=${steps_plan[steps_at]} steps_began=$SECONDS
	steps_at=$((steps_at + 1))
	echo "[$steps_at/${#steps_plan[@]}] $steps_words$([ $known -eq 0 ] ||
		echo ", about $(steps_clock $left) left$([ $known -gt $((${#steps_plan[@]} - steps_at)) ] ||
			echo " and what was never done here")")"
}

# The step was done from its beginning: note what it took.
step_done() {
	local took=$((SECONDS - steps_began)) others=
	[ ! -e "$steps_times" ] || others=$(WORDS=$steps_words awk -F '\t' '$1 != ENVIRON["WORDS"]' "$steps_times")
	mkdir -p "${steps_times%/*}"
	printf '%s%s\t%s\n' "${others:+$others
}" "$steps_words" $((took ? took : 1)) >"$steps_times"
}

# during COMMAND…: run a program, so that a signal to this script alone ends that, too.
during() {
	local status=0
	"$@" &
	steps_child=$!
	wait "$steps_child" || status=$?
	steps_child=
	return $status
}

# measure FILE COMMAND…: a step that measures into FILE, or into one for each kernel with its name
# behind it. What an interrupted call has measured counts; what is no good does not stay.
measure() {
	local file=$1 status=0
	shift
	step
	during "$@" --out "$file" --resume || status=$?
	if [ $status -eq 1 ]; then
		rm -f "${file%.jsonl}"{,-*}.jsonl
		echo "$steps_name: these figures are no good, see above; to measure them again: $steps_name" >&2
	fi
	[ $status -eq 0 ] || exit $status
	step_done
}

steps_stop() { # SIGNAL
	trap '' INT TERM HUP
	if [ -n "$steps_child" ]; then
		kill -TERM "$steps_child" 2>/dev/null || :
		wait "$steps_child" 2>/dev/null || :
	fi
	echo "$steps_name: interrupted in step $steps_at of ${#steps_plan[@]}; to go on: $steps_name" >&"$steps_user"
	trap - "$1"
	kill "-$1" $$
}
