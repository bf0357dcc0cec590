# SPDX-License-Identifier: GPL-2.0-or-later
# One stacked bar a fault. boxes.dat: x, row, x0, x1, y0, y1, phase; texts.dat: x, row, text.
set xlabel UNIT.' per fault' noenhanced offset 0, UP
set yrange [0.45:COUNT + 0.55]
set ytics (LABEL[1] 1) noenhanced scale 0
do for [i = 2:COUNT] { set ytics add (LABEL[i] i) }
set grid noytics
set key samplen 1 width 0
set style fill solid 1 border rgb '#ffffff'
plot for [k = 1:6] 'boxes.dat' using ($7 == k ? $1 : NaN):2:3:4:5:6 with boxxyerror \
		lc rgb PHASE_COLOUR[k] title PHASE[k] noenhanced, \
	'texts.dat' using 1:2:3 with labels tc rgb '#000000' notitle
