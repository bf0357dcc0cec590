# SPDX-License-Identifier: GPL-2.0-or-later
# A comparison's intervals, a row a point. rows.dat: place, ratio, low, high, floor, verdict.
array COLOUR[4] = [RED, BLUE, GREEN, GREY]
array MARK[4] = [9, 11, 7, 6]
array WORD[4] = ['slower', 'faster', 'equivalent', 'inconclusive']
SMALL = FORMAT eq 'png' ? ',10.5' : ',13.5'
# As wide as the longest label, up to half of the paper.
LEFT = 0.0078 * LONGEST + 0.02
LEFT = LEFT < 0.1 ? 0.1 : LEFT > 0.52 ? 0.52 : LEFT
set lmargin at screen LEFT
set rmargin at screen 0.82
set bmargin at screen px(148)
set key at screen 0.5, px(36) font SMALL width 0 maxrows (FLOORS ? 2 : 1)
set yrange [ROWS + 0.6:0.4]
set ytics () scale 0 font SMALL noenhanced
set y2range [ROWS + 0.6:0.4]
set y2tics () scale 0 font SMALL noenhanced
do for [i = 1:ROWS] { set ytics add (LABEL[i] i); set y2tics add (SAID[i] i) }
set xlabel 'B/A: to the right, B costs more' offset 0, UP
set grid noytics noy2tics
set border 1
set object 1 rectangle from 1 - MARGIN, graph 0 to 1 + MARGIN, graph 1 behind \
	fc rgb '#e4efe9' fs solid 1 noborder
set arrow 1 from 1, graph 0 to 1, graph 1 nohead back lc rgb '#888888' lw 1
set style fill solid 0.45 noborder
plot 1/0 with lines lw 10 lc rgb '#e4efe9' title 'margin', \
	'rows.dat' using 2:1:(1 - $5):(1 + $5):($1 - 0.36):($1 + 0.36) \
	with boxxyerror lc rgb ORANGE title FLOORS ? 'noise floor' : '', \
	'rows.dat' using 3:1:($4 - $3):(0):6 with vectors heads fixed size screen 0.004, 90 \
	lc rgb '#333333' lw 1.5 notitle, \
	for [v = 1:4] 'rows.dat' using ($6 == v ? $2 : NaN):1 with points pt MARK[v] ps PS * 1.2 \
	lc rgb COLOUR[v] title WORD[v]
