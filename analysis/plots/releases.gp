# SPDX-License-Identifier: GPL-2.0-or-later
# A panel a cost, COLS beside each other, over all kernels. releases.dat: an index a panel: place, cost.
# COMMIT[p] stands at AT[p], between two places; at 0.5 there is none.
SMALL = FORMAT eq 'png' ? ',10.5' : ',13.5'
LEFT = 0.085; ACROSS = 0.085
TOP = 1 - px(138); BOTTOM = px(70); DOWN = px(84)
ROWS = (PANELS + COLS - 1) / COLS
ROWS = int(ROWS)
WIDTH = (0.98 - LEFT - ACROSS * (COLS - 1)) / COLS
HEIGHT = (TOP - BOTTOM - DOWN * (ROWS - 1)) / ROWS
unset key
set tics font SMALL
set multiplot
do for [p = 1:PANELS] {
	c = (p - 1) % COLS
	r = (p - 1) / COLS
	set lmargin at screen LEFT + c * (WIDTH + ACROSS)
	set rmargin at screen LEFT + c * (WIDTH + ACROSS) + WIDTH
	set tmargin at screen TOP - r * (HEIGHT + DOWN)
	set bmargin at screen TOP - r * (HEIGHT + DOWN) - HEIGHT
	set title LABEL[p] offset 0, -0.6 noenhanced font SMALL
	eval AXIS[p]
	eval BATCHES
	set xtics rotate by 30 right
	if (AT[p] > 1) {
		set arrow 1 from first AT[p], graph 0 to first AT[p], graph 0.84 nohead \
			lc rgb RED dt 2 lw 1.5
		set label 9 COMMIT[p] at first AT[p], graph 0.92 center noenhanced font SMALL \
			tc rgb RED
	}
	plot 'releases.dat' index p - 1 using 1:2 with linespoints lc rgb BLUE lw 2 pt 7 ps PS notitle
	unset arrow 1; unset label 9
	unset label 1; unset label 2; unset label 3
}
unset multiplot
