#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Draws docs/rooms.svg: which room uses which, out of the #include lines. --arrows prints them only,
# one "FROM TO" a line. An arrow that follows from others is left out.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

# Rooms are folders; those below bench and core, and what runs inside the VM, belong to theirs.
arrows() {
	# shellcheck disable=SC2016
	find core cli bench observe lab analysis kmod include -name '*.[ch]' | sort | xargs awk '
	function room(path) {
		sub("/[^/]*$", "", path)
		if (path !~ "^(lab|analysis)/")
			sub("/.*", "", path)
		return path
	}
	/^ *# *include ("|<migbench\/)/ {
		from = room(FILENAME)
		split($0, part, /["<>]/)
		to = part[2]
		if (to ~ /uapi.h$/)
			to = "include/" to
		# A command is declared in the list of its house, which has it from the room.
		if (to ~ "/commands.h$" && from ~ "/")
			to = FILENAME
		if (to == FILENAME)
			from = substr(from, 1, index(from, "/") - 1)
		to = room(to)
		if (to !~ /^(core|cli|bench|observe|lab|analysis|kmod|include)(\/|$)/)
			next
		if (from != to)
			uses[from, to] = rooms[from] = rooms[to] = 1
	}
	# Whether there is a way from a to b of two arrows or more.
	function around(a, b,    r) {
		for (r in rooms)
			if (r != b && uses[a, r] && reaches(r, b))
				return 1
		return 0
	}
	function reaches(a, b,    r) {
		if (uses[a, b])
			return 1
		for (r in rooms)
			if (uses[a, r] && reaches(r, b))
				return 1
		return 0
	}
	END {
		for (a in rooms)
			for (b in rooms)
				if (uses[a, b] && !around(a, b))
					print a, b
	}' | sort
}

if [ "${1:-}" = --arrows ]; then
	arrows
	exit
fi

# A room stands one below the lowest that uses it; rooms of one folder stand in its column.
arrows | awk '
{ uses[$1, $2] = seen[$1] = seen[$2] = 1; from[NR] = $1; to[NR] = $2 }
function level(r,    s, best) {
	if (r in known)
		return known[r]
	for (s in seen)
		if (uses[s, r] && level(s) - 1 < best)
			best = level(s) - 1
	return known[r] = best + 0
}
function column(r) {
	sub("/.*", "", r)
	return r == "analysis" ? 6.9 : r == "observe" ? 4.2 : r == "kmod" ? 0.62 : r ~ /^(bench|include)$/ ? 1.38 : 2.75
}
END {
	n = 0
	for (r in seen) {
		at = 1
		for (k = n++; k && name[k] > r; k--)
			name[k + 1] = name[k]
		name[k + 1] = r
	}
	# The module is built apart, and meets the program in uapi.h alone.
	known["include"] = level("core")
	known["kmod"] = level("core") + 1
	for (i = 1; i <= n; i++)
		place[i] = ++many[column(name[i]), level(name[i])]
	for (i = 1; i <= n; i++) {
		r = name[i]
		x[r] = column(r) + (place[i] - (many[column(r), level(r)] + 1) / 2) * 1.4
		y[r] = level(r)
		bottom = y[r] < bottom ? y[r] : bottom
	}
	print "set terminal svg size 1040,620 noenhanced font \"DejaVu Sans,Arial,sans-serif,12\" background \"#ffffff\""
	print "set output \"docs/rooms.svg\"; unset border; unset tics; unset key"
	print "set margins 0, 0, 0, 0; set xrange [-0.1:9.7]; set yrange [" bottom - 0.5 ":0.5]"
	for (i = 1; i <= NR; i++)
		printf "set arrow from %g,%g to %g,%g size screen 0.008,20 filled lc rgb \"#888888\"\n",
			x[from[i]], y[from[i]] - 0.24, x[to[i]], y[to[i]] + 0.24
	for (i = 1; i <= n; i++) {
		r = name[i]
		colour = r ~ /^lab/ ? "#e3eefa" : r ~ /^analysis/ ? "#e4efe9" : r ~ /^(bench|observe)/ ? "#fdf0dc" : "#eeeeee"
		printf "set object rectangle center %g,%g size 1.3,0.46 fc rgb \"%s\" fs solid border lc rgb \"#666666\" front\n",
			x[r], y[r], colour
		printf "set label \"%s\" at %g,%g center front\n", r, x[r], y[r]
	}
	print "plot NaN"
}' | gnuplot
{
	echo '<!-- docs/rooms.sh: the arrows, for a test to compare'
	arrows
	echo '-->'
} >>docs/rooms.svg
