# SPDX-License-Identifier: GPL-2.0-or-later
# A panel a point, COLS beside each other. Either a trend over RUNS runs (trend.dat, an index a
# panel: place, change, low, high, floor in %, verdict) or, if ECDF, the samples of all runs
# (ecdf.dat, an index for each run of each panel). YRANGE[p] or XTICS[p] set a panel's axis.
array COLOUR[4] = [RED, BLUE, GREEN, GREY]
array MARK[4] = [9, 11, 7, 6]
array WORD[4] = ['slower', 'faster', 'equivalent', 'inconclusive']
array LINE[6] = [BLUE, RED, GREEN, ORANGE, PINK, SKY]
SMALL = FORMAT eq 'png' ? ',10.5' : ',13.5'
LEFT = ECDF ? 0.065 : 0.085
ACROSS = ECDF ? 0.045 : 0.085
TOP = 1 - px(138); BOTTOM = px(108); DOWN = px(66)
WIDTH = (0.98 - LEFT - ACROSS * (COLS - 1)) / COLS
HEIGHT = (TOP - BOTTOM - DOWN * (ROWS - 1)) / ROWS
set style fill solid 0.45 noborder
set tics font SMALL
unset key
set multiplot
do for [p = 1:PANELS] {
	c = (p - 1) % COLS
	r = (p - 1) / COLS
	set lmargin at screen LEFT + c * (WIDTH + ACROSS)
	set rmargin at screen LEFT + c * (WIDTH + ACROSS) + WIDTH
	set tmargin at screen TOP - r * (HEIGHT + DOWN)
	set bmargin at screen TOP - r * (HEIGHT + DOWN) - HEIGHT
	set title LABEL[p] offset 0, -0.6 noenhanced font SMALL
	if (ECDF) {
		eval XTICS[p]
		set yrange [0:1.03]
		set ytics ('0' 0, '½' 0.5, '1' 1)
		plot for [i = 1:RUNS] 'ecdf.dat' index ((p - 1) * RUNS + i - 1) using 1:2 with steps \
			lc rgb LINE[(i - 1) % 6 + 1] lw 1.3 dt 1 + (i > 6) notitle
	} else {
		eval YRANGE[p]
		set xrange [0.5:RUNS + 0.5]
		set xtics () scale 0
		do for [i = 1:RUNS] { set xtics add (LETTER[i] i) }
		set ytics format '%+g %%' autofreq
		set object 1 rectangle from graph 0, first -MARGIN to graph 1, first MARGIN behind \
			fc rgb '#e4efe9' fs solid 1 noborder
		set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead back lc rgb '#888888' lw 1
		plot 'trend.dat' index p - 1 using 1:(0):($1 - 0.36):($1 + 0.36):(-$5):5 \
			with boxxyerror lc rgb ORANGE notitle, \
			'trend.dat' index p - 1 using 1:2 with lines lc rgb '#999999' lw 1.5 notitle, \
			'trend.dat' index p - 1 using 1:3:(0):($4 - $3) with vectors heads \
			size screen 0.003, 90 fixed lc rgb '#333333' lw 1.5 notitle, \
			for [v = 1:4] 'trend.dat' index p - 1 using 1:($6 == v ? $2 : NaN) with points \
			pt MARK[v] ps PS * 1.2 lc rgb COLOUR[v] notitle
	}
	unset label 1; unset label 2; unset label 3
}
# The legend has a strip of its own.
unset title; unset tics; unset border; unset grid; unset object 1; unset arrow 1
set lmargin at screen 0; set rmargin at screen 1
set tmargin at screen px(60); set bmargin at screen 0
set key at screen 0.5, px(26) center center horizontal Left reverse noenhanced samplen 2 \
	width 0 maxrows 2 font SMALL
set xrange [0:1]; set yrange [0:1]
if (ECDF) {
	plot for [i = 1:RUNS] NaN with lines lc rgb LINE[(i - 1) % 6 + 1] lw 3 dt 1 + (i > 6) \
		title LETTER[i]
} else {
	plot NaN with lines lw 10 lc rgb '#e4efe9' title 'margin', \
		NaN with lines lw 10 lc rgb '#f3cf85' title FLOORS ? 'noise floor' : '', \
		for [v = 1:4] NaN with points pt MARK[v] ps PS * 1.2 lc rgb COLOUR[v] title WORD[v]
}
unset multiplot
