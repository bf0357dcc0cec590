# SPDX-License-Identifier: GPL-2.0-or-later
# Cost of a page against batch size. lines.dat has one index a line: batch, cost, low, high.
array COLOUR[4] = [BLUE, RED, GREEN, GREY]
array MARK[4] = [7, 5, 9, 2]
array DASH[4] = [1, 1, 1, 2]
style(i) = int(word(STYLES, i))
set xlabel 'pages in a batch' offset 0, UP
set ylabel UNIT.' per page' noenhanced
if (DOUBT) {
	plot for [i = 1:COUNT] 'lines.dat' index (i - 1) using 1:2:3:4 with yerrorbars \
		lc rgb COLOUR[style(i)] lw 1.5 pt 0 ps PS notitle, \
		for [i = 1:COUNT] 'lines.dat' index (i - 1) using 1:2 with linespoints \
		lc rgb COLOUR[style(i)] lw 2 dt DASH[style(i)] pt MARK[style(i)] ps PS \
		title LABEL[i] noenhanced
} else {
	plot for [i = 1:COUNT] 'lines.dat' index (i - 1) using 1:2 with linespoints \
		lc rgb COLOUR[style(i)] lw 2 dt DASH[style(i)] pt MARK[style(i)] ps PS \
		title LABEL[i] noenhanced
}
