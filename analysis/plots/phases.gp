# SPDX-License-Identifier: GPL-2.0-or-later
# Stacked phases against batch, one panel a direction; each row of a file: batch, phases, rest.
# BARS is the number of rows, LONGEST the letters of a row's label; BARE is the command that leaves the y axis without its figures.
LEFT = 0.125; RIGHT = 0.985; GAP = 0.03
WIDTH = (RIGHT - LEFT - GAP * (COUNT - 1)) / COUNT
set style data histograms
set style histogram rowstacked
set style fill solid 1 noborder
set boxwidth BARS < 5 ? 0.17 * BARS : 0.84
set grid noxtics
set xlabel XLABEL offset 0, UP
SLANT = BARS * COUNT > 14 || LONGEST * BARS * COUNT > 60
if (SLANT) { set xtics font TICKS rotate by 45 right offset 0, -0.2 }
set tmargin at screen 1 - px(142)
# Names of kernels, at an angle: they take the place of the axis's own, which the title says.
if (SLANT && LONGEST > 6) { unset xlabel; set bmargin at screen px(84 + 5.4 * LONGEST) } else { set bmargin at screen px(138) }
set ylabel UNIT.' per page' noenhanced
unset key
set multiplot
do for [p = 1:COUNT] {
	set lmargin at screen LEFT + (p - 1) * (WIDTH + GAP)
	set rmargin at screen LEFT + (p - 1) * (WIDTH + GAP) + WIDTH
	set title PANEL[p] offset 0, -0.5 noenhanced
	if (p > 1) { unset ylabel; eval BARE }
	plot for [k = 2:7] word(FILES, p) using k:xtic(1) lc rgb PHASE_COLOUR[k - 1] notitle
	unset label 1; unset label 2; unset label 3
}
# The legend has a strip of its own.
unset title; unset xlabel; unset ylabel; unset tics; unset border; unset grid
set lmargin at screen 0; set rmargin at screen 1
set tmargin at screen px(50); set bmargin at screen 0
set key at screen 0.5, px(22) center center horizontal Left reverse noenhanced samplen 1 \
	width 1 maxrows 1
set xrange [0:1]; set yrange [0:1]
plot for [k = 1:6] NaN with boxes lc rgb PHASE_COLOUR[k] title PHASE[k] noenhanced
unset multiplot
