# SPDX-License-Identifier: GPL-2.0-or-later
# Heatmaps: matrixN.dat has to, from, cost and its text; places of nodes, from 1. HIGH is the
# dearest cost of all panels, so that a colour means the same in each.
LEFT = 0.1; RIGHT = 0.985; ACROSS = 0.09
WIDTH = (RIGHT - LEFT - ACROSS * (COUNT - 1)) / COUNT
set palette defined (0 '#f7fbff', 0.5 '#9ecae1', 1 '#4292c6')
# From nothing on: where costs are nearly the same, so are the colours.
set cbrange [0:HIGH]
unset colorbox
unset key
unset grid
set border 0
set tics scale 0
set style fill solid 1 border rgb '#ffffff'
set tmargin at screen 1 - px(142)
set bmargin at screen px(70)
set xlabel 'to node' offset 0, UP
set ylabel 'from node'
set multiplot
do for [p = 1:COUNT] {
	set lmargin at screen LEFT + (p - 1) * (WIDTH + ACROSS)
	set rmargin at screen LEFT + (p - 1) * (WIDTH + ACROSS) + WIDTH
	set title PANEL[p] offset 0, -0.5 noenhanced
	set xrange [0.5:NODES[p] + 0.5]
	set yrange [NODES[p] + 0.5:0.5]
	eval 'set xtics '.TICKS_OF[p].'; set ytics '.TICKS_OF[p]
	plot sprintf('matrix%d.dat', p) using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):3 \
			with boxxyerror fc palette, \
		sprintf('matrix%d.dat', p) using 1:2:4 with labels tc rgb '#000000'
	unset label 1; unset label 2; unset label 3
}
unset multiplot
