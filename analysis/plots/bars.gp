# SPDX-License-Identifier: GPL-2.0-or-later
# Bars in groups: each row of bars.dat is a label and one value for each of the LINES.
array COLOUR[4] = [BLUE, RED, SKY, ORANGE]
set style data histograms
set style histogram clustered gap 1
set style fill solid 1 noborder
set boxwidth 0.9
set grid noxtics
set xtics scale 0
set ylabel YLABEL noenhanced
set offset 0, 0, 0, 0
plot for [k = 1:LINES] 'bars.dat' using (column(k + 1)):xtic(1) lc rgb COLOUR[k] \
		title LABEL[k] noenhanced, \
	for [k = 1:LINES] 'bars.dat' using ($0 + (k - (LINES + 1) / 2.0) / (LINES + 1.0)):(column(k + 1)):(sprintf('%g', column(k + 1))) \
		with labels center offset 0, 0.6 notitle
