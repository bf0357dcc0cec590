# SPDX-License-Identifier: GPL-2.0-or-later
# Cumulative distribution of the fault cost. steps.dat: one index a curve; marks.dat: its median
# and its 99th percentile, one index each.
array COLOUR[4] = [BLUE, RED, GREEN, PINK]
array DASH[4] = [1, 2, 4, 5]
set xlabel UNIT.' per fault' noenhanced offset 0, UP
set ylabel 'share of the faults at or below'
set yrange [0:1.03]
set ytics ('0 %%' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '99 %%' 0.99)
set bmargin at screen px(128)
set key maxrows 2 samplen 3 at screen 0.5, px(30)
plot for [i = 1:COUNT] 'steps.dat' index (i - 1) using 1:2 with steps lc rgb COLOUR[i] lw 2.5 \
		dt DASH[i] title LABEL[i] noenhanced, \
	for [i = 1:COUNT] 'marks.dat' index (2 * i - 2) using 1:2 with points lc rgb COLOUR[i] \
		pt 7 ps 1.6 * PS notitle, \
	for [i = 1:COUNT] 'marks.dat' index (2 * i - 1) using 1:2 with points lc rgb COLOUR[i] \
		pt 5 ps 1.5 * PS notitle
