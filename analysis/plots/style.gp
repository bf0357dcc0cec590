# SPDX-License-Identifier: GPL-2.0-or-later
# Common to all plots: paper, colours, the three lines of the title, and the legend's strip at the
# bottom, where it covers no data. Given: FORMAT, NAME, TITLE, RUN, WHAT; H for another height.
if (!exists("H")) H = 600
px(n) = n / real(H)
# The SVG terminal draws points larger and its lines of text further apart.
PS = FORMAT eq 'png' ? 1.0 : 0.65
UP = FORMAT eq 'png' ? 0.0 : 0.3
set encoding utf8
if (FORMAT eq 'png') {
	set terminal pngcairo size 1000,H noenhanced font 'DejaVu Sans,13.5' dashlength 0.6 \
		background '#ffffff'
} else {
	set terminal svg size 1000,H noenhanced font 'DejaVu Sans,Arial,sans-serif,17' dashlength 0.6 \
		background '#ffffff'
}
set output '../plots/'.NAME.'.'.FORMAT
TICKS = FORMAT eq 'png' ? ',11' : ',14'
HEAD = FORMAT eq 'png' ? 'DejaVu Sans:Bold,13.5' : ',20'
set label 1 TITLE at screen 0.5, 1 - px(26) center noenhanced font HEAD
set label 2 RUN at screen 0.5, 1 - px(54) center noenhanced
set label 3 WHAT at screen 0.5, 1 - px(80) center noenhanced
set tmargin at screen 1 - px(112)
set bmargin at screen px(116)
set rmargin at screen 0.965
set key at screen 0.5, px(26) center center horizontal Left reverse noenhanced samplen 2 \
	width 1 maxrows 1
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.6
set grid back lt 1 lw 0.7 lc rgb '#dddddd'
# Okabe and Ito's colours, which colour-blind readers tell apart.
BLUE = '#0072B2'; ORANGE = '#E69F00'; GREEN = '#009E73'; RED = '#D55E00'
PINK = '#CC79A7'; SKY = '#56B4E9'; GREY = '#666666'
array PHASE[6] = ['setup', 'alloc', 'copy', 'pages', 'finalize', 'rest']
array PHASE_COLOUR[6] = [BLUE, SKY, ORANGE, GREEN, PINK, '#999999']
