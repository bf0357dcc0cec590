# SPDX-License-Identifier: GPL-2.0-or-later
# Panels in ROWS and COLS, the same LINES in each. grid.dat: one index a line of a panel; AT says
# which, or -1. LEFT is where the first column begins. AXIS[r] and AXIS_BARE[r] set a row's y axis with and without its figures.
RIGHT = 0.985; ACROSS = 0.03
TOP = 1 - px(142); BOTTOM = px(128); DOWN = px(36)
WIDTH = (RIGHT - LEFT - ACROSS * (COLS - 1)) / COLS
HEIGHT = (TOP - BOTTOM - DOWN * (ROWS - 1)) / ROWS
array COLOUR[6] = [BLUE, RED, GREEN, ORANGE, PINK, SKY]
array MARK[6] = [7, 5, 9, 11, 13, 15]
unset key
set multiplot
do for [r = 1:ROWS] {
	set tmargin at screen TOP - (r - 1) * (HEIGHT + DOWN)
	set bmargin at screen TOP - (r - 1) * (HEIGHT + DOWN) - HEIGHT
	do for [c = 1:COLS] {
		set lmargin at screen LEFT + (c - 1) * (WIDTH + ACROSS)
		set rmargin at screen LEFT + (c - 1) * (WIDTH + ACROSS) + WIDTH
		if (r == 1) { set title COLUMN[c] offset 0, -0.5 noenhanced } else { unset title }
		if (c == 1) { set ylabel ROW[r] noenhanced; eval AXIS[r] } \
		else { unset ylabel; eval AXIS_BARE[r] }
		if (r == ROWS) { set xlabel XLABEL offset 0, UP noenhanced; eval BATCHES } \
		else { unset xlabel; eval BATCHES_BARE }
		first = ((r - 1) * COLS + c - 1) * LINES
		some = 0
		do for [l = 1:LINES] { some = some + (AT[first + l] >= 0) }
		if (some) {
			plot for [l = 1:LINES] 'grid.dat' index (AT[first + l] < 0 ? 0 : AT[first + l]) \
				using (AT[first + l] < 0 ? NaN : $1):2 with linespoints \
				lc rgb COLOUR[l] lw 2 pt MARK[l] ps PS notitle
		}
		unset label 1; unset label 2; unset label 3
	}
}
# The legend has a strip of its own.
unset title; unset xlabel; unset ylabel; unset tics; unset border; unset grid; unset logscale
set lmargin at screen 0; set rmargin at screen 1
set tmargin at screen px(50); set bmargin at screen 0
set key at screen 0.5, px(22) center center horizontal Left reverse noenhanced samplen 2 \
	width 1 maxrows 1
set xrange [0:1]; set yrange [0:1]
plot for [l = 1:LINES] NaN with linespoints lc rgb COLOUR[l] lw 2 pt MARK[l] ps PS \
	title LABEL[l] noenhanced
unset multiplot
