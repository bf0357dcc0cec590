# SPDX-License-Identifier: GPL-2.0-or-later
# What the command-line tests share. Sourced.
set -uo pipefail
scratch=$(mktemp -d)
# Without finish nobody would read what check and expect have counted.
finished=false
trap 'status=$?; rm -rf "$scratch"; [ $status -ne 0 ] || $finished || { echo "the test ends without finish" >&2; exit 1; }' EXIT
cd "$scratch" || exit 1
failures=0

# expect STATUS PATTERN COMMAND…: the status, and one line on stderr that matches
# PATTERN (a regular expression; "" means that stderr must be empty).
expect() {
	local want=$1 pattern=$2 got
	shift 2
	"$@" >stdout 2>stderr </dev/null
	got=$?
	if [ $got -ne "$want" ]; then
		echo "status $got instead of $want: $*" >&2
		cat stderr >&2
		failures=$((failures + 1))
	elif [ -z "$pattern" ] && [ -s stderr ]; then
		echo "unexpected words on stderr: $*" >&2
		cat stderr >&2
		failures=$((failures + 1))
	elif [ -n "$pattern" ] && { [ "$(wc -l <stderr)" -ne 1 ] || ! grep -qE -- "$pattern" stderr; }; then
		echo "stderr is not one line with '$pattern': $*" >&2
		cat stderr >&2
		failures=$((failures + 1))
	fi
}

# check WHAT COMMAND…: COMMAND must succeed.
check() {
	local what=$1
	shift
	"$@" >/dev/null || {
		echo "not true: $what" >&2
		failures=$((failures + 1))
	}
}

# whole FOLDER [FILE]: all pages of the report there, the first one first, in FILE or FOLDER/whole.
whole() {
	cat "$1"/REPORT.md "$1"/report/*.md >"${2:-$1/whole}"
}

finish() {
	finished=true
	exit $((failures > 0))
}

# Skips where the disk has less than "lab kernel build" asks for, which it does of a kernel that is none, too.
build_has_room() {
	[ "$(df -Pm . | awk 'END { print $4 }')" -lt 3600 ] || return 0
	echo "skipped: less than 3,600 MiB free in $PWD"
	exit 77
}
