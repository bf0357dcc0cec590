# SPDX-License-Identifier: GPL-2.0-or-later
# Bars in GROUPS, each with up to LINES of them. bars.dat: place, which line, value, its text.
array COLOUR[4] = [BLUE, RED, SKY, ORANGE]
set style fill solid 1 noborder
set boxwidth 0.21
set xrange [0.4:GROUPS + 0.6]
set xtics () scale 0
do for [g = 1:GROUPS] { set xtics add (GROUP[g]."\n".BELOW[g] g) }
set grid noxtics
set bmargin at screen px(138)
set ylabel YLABEL noenhanced
set key at screen 0.5, px(30)
plot for [k = 1:LINES] 'bars.dat' using ($2 == k ? $1 : NaN):3 with boxes lc rgb COLOUR[k] \
		title LABEL[k] noenhanced, \
	'bars.dat' using 1:3:4 with labels center offset 0, 0.6 font (FORMAT eq 'png' ? ',9' : ',11.5') tc rgb '#000000' notitle
