# SPDX-License-Identifier: GPL-2.0-or-later
# Cost of a page against batch size. lines.dat has one index a line: batch, cost, low, high.
array COLOUR[5] = [BLUE, RED, GREEN, ORANGE, GREY]
array MARK[5] = [7, 5, 9, 11, 2]
array DASH[5] = [1, 1, 1, 1, 2]
style(i) = int(word(STYLES, i))
set xlabel 'pages in a batch' offset 0, UP
set ylabel UNIT.' per page' noenhanced
# Bars from low to high, as vectors with blunt heads: error bars would be blotted out by the white
# that the SVG terminal puts behind their points.
plot for [i = 1:(DOUBT ? COUNT : 0)] 'lines.dat' index (i - 1) using 1:3:(0):($4 - $3) \
	with vectors heads fixed size screen 0.005, 90 lc rgb COLOUR[style(i)] lw 1.5 notitle, \
	for [i = 1:COUNT] 'lines.dat' index (i - 1) using 1:2 with linespoints \
	lc rgb COLOUR[style(i)] lw 2 dt DASH[style(i)] pt MARK[style(i)] ps PS \
	title LABEL[i] noenhanced
