#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report on run files made here, with a known truth: where it writes, what it leaves.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# point ID BENCHMARK PARAMS PAGES TOTAL UNIT: the point and a block of three samples.
point() {
	echo '{"type":"point","id":'"$1"',"benchmark":"'"$2"'","params":{'"$3"'}}'
	echo '{"type":"block","point":'"$1"',"boot":0,"round":1,"pages":'"$4"',"invalid":0,"metrics":{' \
		'"total":{"unit":"'"$6"'","values":['"$5,$5,$(($5 + 8))"']},' \
		'"setup":{"unit":"'"$6"'","values":['$(($5 / 2)),$(($5 / 2)),$(($5 / 2))']}}}'
}

# run_file CLOCK UNIT: 9000 a batch and 3000 a page, either way.
run_file() {
	local id=0 n where='"nodes":"0>1","page":"4k"'
	echo '{"type":"run","format":1,"id":"x","clock":"'"$1"'","label":"L","seed":42,' \
		'"env":{"kernel":"6.1.9_x","emulated":true},"config":{"suite":"t"},' \
		'"lab":{"kernel":"6.1","boots":1}}'
	for n in 1 8 64 512; do
		for direction in to-device to-system; do
			point $((id++)) migrate "\"batch\":$n,\"direction\":\"$direction\",\"memory\":\"private\",$where" \
				$n $((9000 + 3000 * n)) "$2"
		done
		point $((id++)) copy "\"batch\":$n,$where" $n $((520 * n)) "$2"
	done
	point $id fault "\"access\":\"read\",\"memory\":\"private\",$where" 1 6600 "$2"
	echo '{"type":"end"}'
}

run_file insns insns >insns.jsonl
run_file time ns >time.jsonl

expect 0 "" "$m" report insns.jsonl time.jsonl --out out
whole out
check "the place of the report" grep -q "^report: out/REPORT.md" stdout
check "the fit" grep -qE "costs 9,000 \(± [0-9.]+\) \+ 3,000 " out/whole
check "how to do it again" grep -q "migbench lab run --kernel 6.1 --clock insns --suite t" out/whole
check "honesty" grep -q "shape and function, not speed" out/whole
check "nothing hidden left" test -z "$(find . -name '.report-*')"
check "every plot is drawn" test "$(find out/plots -name '*.svg' | wc -l)" -eq 8

expect 2 "out/REPORT.md exists already" "$m" report insns.jsonl --out out
expect 0 "" "$m" report insns.jsonl --out out --force --quiet
whole out
check "quiet" test ! -s stdout
check "plots that no longer belong are gone" test ! -e out/plots/batch-time.png
# Of every kind, also of kernels side by side, and of axes that no picture is made for.
sed 's/"kernel":"6.1[^"]*"/"kernel":"7.2.0"/; s/"id":"[^"]*"/"id":"other"/' insns.jsonl >other.jsonl
echo '{"type":"point","id":900,"benchmark":"odd","params":{"colour":"red"}}
{"type":"block","point":900,"boot":0,"pages":1,"metrics":{"total":{"unit":"insns","values":[5,5]}}}
{"type":"point","id":901,"benchmark":"odd","params":{"colour":"blue"}}
{"type":"block","point":901,"boot":0,"pages":1,"metrics":{"total":{"unit":"insns","values":[6,6]}}}' |
	cat <(grep -v '"end"' other.jsonl) - <(echo '{"type":"end"}') >odd.jsonl
expect 0 "" "$m" report insns.jsonl odd.jsonl --out many --quiet
check "kernels side by side" test -s many/plots/versions-insns.svg
check "an axis of its own" sh -c 'ls many/plots/odd-by-colour*.svg'
touch many/plots/mine.svg many/plots/batch-mine.svg
expect 0 "" "$m" report insns.jsonl --out many --force --quiet
check "no plot but what the report links to" sh -c 'cd many/plots && for plot in *.svg *.png; do
	case $plot in *mine.svg) ;; *) grep -rqF "plots/$plot>)" ../REPORT.md ../report || { echo "$plot"; exit 1; } ;; esac; done'
check "what is not of a report stays" test -e many/plots/mine.svg -a -e many/plots/batch-mine.svg
# Pages go with the report that they are of; what no report wrote stays, and is never replaced.
check "pages of both kernels once" test ! -e many/report/side-by-side.md -a -e many/report/run-L-insns.md
expect 0 "" "$m" report insns.jsonl other.jsonl --out pages --quiet
check "kernels side by side have a page" test -s pages/report/side-by-side.md
echo mine >pages/report/mine.md
echo "see [my page](<report/mine.md>) and [its picture](<../x.png>)" >>pages/REPORT.md
expect 0 "" "$m" report insns.jsonl --out pages --force --quiet
check "a page that no longer belongs is gone" test ! -e pages/report/side-by-side.md
check "one that no report wrote stays" grep -qx mine pages/report/mine.md
for link in $(grep -oh '](<[^>]*>' pages/REPORT.md | sed 's/](<//; s/>$//'); do
	check "the first page's $link leads somewhere" test -s "pages/$link"
done
for link in $(grep -oh '](<[^>]*>' pages/report/*.md | sed 's/](<//; s/>$//' | sort -u); do
	check "the pages' $link leads somewhere" test -s "pages/report/$link"
done
echo mine >pages/report/repeat.md
cp -r pages before
expect 2 "pages/report/repeat.md: no report wrote this" "$m" report insns.jsonl other.jsonl --out pages --force
check "and nothing is changed" diff -r pages before
# A first page that somebody wrote is replaced, as it was asked for; what it links to is not the report's, and stays.
mkdir -p hand/plots
printf '# My figures\n\n![mine](<plots/mine.svg>)\n' >hand/REPORT.md
echo mine >hand/plots/mine.svg
expect 2 "hand/REPORT.md: exists already; --force|hand/REPORT.md exists already" "$m" report insns.jsonl --out hand
expect 0 "" "$m" report insns.jsonl --out hand --force --quiet
check "the page is the report's, and the picture stays" sh -c 'grep -q "^# What it costs" hand/REPORT.md && grep -qx mine hand/plots/mine.svg'
mkdir -p theirs/report
echo mine >theirs/report/repeat.md
expect 2 "theirs/report/repeat.md exists already" "$m" report insns.jsonl --out theirs
check "nor added" test "$(find theirs -type f)" = theirs/report/repeat.md
expect 0 "" "$m" report insns.jsonl --out far/away --markdown here.md
check "links from elsewhere" grep -q "(<far/away/plots/batch-insns.png>)" here.md
check "no report in the folder" test ! -e far/away/REPORT.md
check "nor from there back to nowhere" grep -q "(<../../../here.md>)" far/away/report/repeat.md
for link in $(grep -oh '](<[^>]*>' here.md | sed 's/](<//; s/>$//'); do
	check "from elsewhere $link leads somewhere" test -s "$link"
done
expect 0 "" "$m" report insns.jsonl --quiet
check "the default place" ls results/local/report-*/REPORT.md

# Without gnuplot the report comes without pictures, and says so.
mkdir empty
expect 0 "gnuplot is not installed" env PATH="$scratch/empty" "$m" report insns.jsonl --out bare
whole bare
check "says why" grep -q "No plot: .* gnuplot is not installed" bare/whole
# Where a child has memory of its own, it ends with 127, and what started it knows no more.
mkdir absent
printf '#!/bin/sh\nexit 127\n' >absent/gnuplot
chmod +x absent/gnuplot
expect 0 "gnuplot is not installed" env PATH="$scratch/absent" "$m" report insns.jsonl --out absent-too
# So it is without the templates, and for one.
expect 0 "^migbench: note: /none/analysis/plots/style.gp is missing; the report lacks the pictures that need it: .*MIGBENCH_DATA" \
	env MIGBENCH_DATA=/none "$m" report insns.jsonl --out no-data --quiet
whole no-data
check "each picture says so" grep -q "No plot: .*the template analysis/plots/batch.gp is missing" no-data/whole
mkdir -p most/analysis
cp -r "$MIGBENCH_SOURCE"/analysis/{plots,published.json} most/analysis
rm most/analysis/plots/batch.gp
expect 0 "most/analysis/plots/batch.gp is missing" env MIGBENCH_DATA="$scratch/most" "$m" report insns.jsonl --out no-batch --quiet
# A picture that fails is the only one, and what gnuplot said of it stands in its place.
mkdir once
printf '#!/bin/sh\n[ -e "%s" ] && exec "%s" "$@"\n: >"%s"\necho "line 3: planted" >&2\nexit 1\n' \
	"$scratch/failed" "$(command -v gnuplot)" "$scratch/failed" >once/gnuplot
chmod +x once/gnuplot
if command -v gnuplot >/dev/null; then
	expect 0 "" env PATH="$scratch/once:$PATH" "$m" report insns.jsonl --out one-less --quiet
	whole one-less
	check "it says why" test "$(grep -c "No plot: .*gnuplot failed: line 3: planted" one-less/whole)" -eq 1
	check "the others are there" test "$(ls one-less/plots/*.svg | wc -l)" -eq $(($(ls out/plots/*.svg | wc -l) - 1))
	check "and as ever" sh -c 'for plot in one-less/plots/*.png; do cmp "$plot" out/plots/"${plot##*/}" || exit; done'
fi

head -n -1 insns.jsonl >endless.jsonl
expect 0 "no end record" "$m" report endless.jsonl --out endless
expect 2 "out: is a folder" "$m" report out --out no
expect 2 "given twice" "$m" report insns.jsonl insns.jsonl --out no
cp insns.jsonl copy.jsonl
sed 's/"label"/"started":"T","label"/' insns.jsonl >later.jsonl
expect 2 "copy.jsonl: this run was given already" "$m" report insns.jsonl copy.jsonl --out no
expect 0 "" "$m" report insns.jsonl later.jsonl --out boots
whole boots
check "two files, two boots" grep -q "each of the 2 boots" boots/whole
expect 2 "cannot write" "$m" report insns.jsonl --out insns.jsonl/no
expect 2 "cannot write" "$m" report insns.jsonl --out no --markdown none/here.md
check "nothing half written" test ! -e no
# For others: all that the report is made from lies beside it, and the command that is shown works there.
mkdir from
cp insns.jsonl time.jsonl from/
expect 0 "" "$m" report from/insns.jsonl from/time.jsonl --publish shared --quiet
check "the runs are there" sh -c 'cmp from/insns.jsonl shared/insns.jsonl && cmp from/time.jsonl shared/time.jsonl'
check "so are the pages" sh -c 'test -s shared/REPORT.md && test -s shared/report/repeat.md && ls shared/plots/*.svg'
check "kernel and configuration" grep -qE '\| `insns.jsonl` \| 6\.1\.9.*x \| not recorded \| insns \|' shared/report/repeat.md
expect 2 "shared/insns.jsonl exists already" "$m" report from/insns.jsonl --publish shared
(cd shared && "$m" report insns.jsonl time.jsonl --publish . --force --quiet) || failures=$((failures + 1))
check "made again in its own folder" cmp from/insns.jsonl shared/insns.jsonl
cp insns.jsonl time.jsonl shared/
mkdir twin
cp time.jsonl twin/insns.jsonl
expect 2 "two files are called insns.jsonl" "$m" report insns.jsonl twin/insns.jsonl --publish other
check "nothing is left of it" test ! -e other
# What can be read once is not there to be copied.
expect 2 "report: --publish: /dev/fd/[0-9]* is no regular file, .* write it into a file first" \
	"$m" report <(cat insns.jsonl) --publish once-read --quiet
mkfifo fifo.jsonl
timeout 20 tee fifo.jsonl <insns.jsonl >/dev/null &
expect 2 "report: --publish: fifo.jsonl is no regular file" timeout 20 "$m" report fifo.jsonl --publish once-read --quiet
check "nothing is published" test ! -e once-read
# Nor can it have the name of what is published with it.
mkdir names
for name in REPORT.md plots report; do
	cp insns.jsonl names/$name
	expect 2 "report: --publish: names/$name has the name of a part of the report; rename it" \
		"$m" report names/$name --publish named --force --quiet
done
check "nothing is published" test ! -e named
# Nor by a link is one of the runs written over by another.
mkdir linked
cp time.jsonl linked/insns.jsonl
ln -s linked/insns.jsonl link.jsonl
expect 2 "from/insns.jsonl would be written over linked/insns.jsonl, which the report is made of, too" \
	"$m" report from/insns.jsonl link.jsonl --publish linked --force
check "it is what it was" cmp time.jsonl linked/insns.jsonl
# A run file that there is no room for is found before the report is in place, and one of before stays whole.
{
	sed '$d' insns.jsonl
	printf '{"type":"comment","text":"%3000000s"}\n' ""
	tail -n 1 insns.jsonl
} >from/large.jsonl
printf 'old\n' >kept
for with in "" --force; do
	mkdir full
	[ -z "$with" ] || cp kept full/large.jsonl
	expect 3 "from/large.jsonl: cannot be copied to full: File too large" \
		sh -c 'ulimit -f 2000; exec "$@"' - "$m" report from/large.jsonl --publish full --quiet ${with:+"$with"}
	[ -z "$with" ] || check "what was there is whole" cmp kept full/large.jsonl
	check "nothing else is there" test -z "$(find full -mindepth 1 ! -name large.jsonl)"
	rm -r full
done
mkdir -p full/insns.jsonl
expect 2 "full/insns.jsonl is a folder" "$m" report from/insns.jsonl --publish full --force
check "nothing was published" test ! -e full/REPORT.md
# Nor is a report written over what it is made of.
cp insns.jsonl from/REPORT.md
for words in "--markdown from/time.jsonl" "--format html --out ./from/time.jsonl" "--out from" "--publish from"; do
	# shellcheck disable=SC2086
	expect 2 "report: --[a-z]* [./]*from[^ ]* would write over [./]*from/[^ ]*, which the report is made of; choose" \
		"$m" report from/REPORT.md from/time.jsonl --force $words
done
check "it is there" cmp time.jsonl from/time.jsonl
check "so is what has the first page's name" cmp insns.jsonl from/REPORT.md
check "and nothing was added" test -z "$(find from -mindepth 1 -type d)"
rm from/REPORT.md
expect 2 "takes the place of --out" "$m" report insns.jsonl --publish shared --out out
# A picture that somebody else put there stays, and so does the folder as it was.
mkdir -p drawn/plots
"$m" report insns.jsonl --out drawn-ours --quiet
picture=$(basename "$(ls drawn-ours/plots/*.svg | head -n 1)")
echo theirs >"drawn/plots/$picture"
expect 2 "$picture exists already; .* --force" "$m" report insns.jsonl --out drawn --quiet
check "it is theirs still" grep -qx theirs "drawn/plots/$picture"
check "and nothing else is there" test "$(find drawn -type f | wc -l)" -eq 1
expect 0 "" "$m" report insns.jsonl --out drawn --quiet --force
# But for one that the report is made of.
cp insns.jsonl "drawn/plots/$picture"
cp -r drawn before-drawn
expect 2 "drawn/plots/$picture: a picture needs its name, and the report is made of it" \
	"$m" report "drawn/plots/$picture" --out drawn --force --quiet
check "nothing is changed" diff -r drawn before-drawn
# The first page is none of those that it links to.
mkdir -p first/report
for page in first/report/repeat.md first/report/mine.md first/plots new/report; do
	expect 2 "$page: the folder .* is for what the first page links to; choose another --markdown" \
		"$m" report insns.jsonl --out "${page%%/*}" --markdown "$page" --quiet
done
check "nothing is written" test -z "$(find first -type f)" -a ! -e new
# A link is followed, and stays; one that leads nowhere is refused.
mkdir -p linked-out linked-to/docs
: >linked-to/docs/page.md
: >linked-to/page.html
: >linked-to/docs/REPORT.md
ln -s linked-to/docs/page.md page.md
ln -s linked-to/page.html page.html
ln -s ../linked-to/docs/REPORT.md linked-out/REPORT.md
ln -s nowhere/x.md nowhere.md
ln -s "$scratch/none.html" none.html
expect 2 "linked-to/docs/page.md exists already" "$m" report insns.jsonl --out linked-md --markdown page.md
expect 0 "" "$m" report insns.jsonl --out linked-md --markdown page.md --force --quiet
expect 0 "" "$m" report insns.jsonl --out linked-out --force --quiet
expect 0 "" "$m" report insns.jsonl --format html --out page.html --force --quiet
check "the links are there" test -L page.md -a -L page.html -a -L linked-out/REPORT.md
check "the pages are where they lead" test -s linked-to/docs/page.md -a -s linked-to/docs/REPORT.md -a -s linked-to/page.html
for page in linked-to/docs/page.md linked-to/docs/REPORT.md; do
	for link in $(grep -oh '](<[^>]*>' $page | sed 's/](<//; s/>$//'); do
		check "from $page $link leads somewhere" test -s "linked-to/docs/$link"
	done
done
check "nothing else lies there" test "$(find linked-to -type f | wc -l)" -eq 3
expect 2 "nowhere.md: this link leads nowhere: No such file or directory; remove it, or name the file" \
	"$m" report insns.jsonl --out linked-no --markdown nowhere.md
expect 2 "none.html: this link leads nowhere" "$m" report insns.jsonl --format html --out none.html --force
check "nothing is written" test ! -e linked-no -a ! -e none.html -a -L none.html
# What can't be put in place leaves the old report whole: what is at fault is named.
expect 0 "" "$m" report insns.jsonl other.jsonl --out kept-whole --quiet
cp -r kept-whole aside
# whole_still STATUS PATTERN: a report of another run does not take its place.
whole_still() {
	rm -rf before
	cp -r kept-whole before
	expect "$1" "$2" "$m" report time.jsonl --out kept-whole --force --quiet
	check "nothing of it is changed: $2" diff -r kept-whole before
	rm -rf kept-whole
	cp -r aside kept-whole
}
rm -r kept-whole/report
echo mine >kept-whole/report
whole_still 2 "kept-whole/report: cannot put the report in place: Not a directory"
rm -r kept-whole/plots
echo mine >kept-whole/plots
whole_still 2 "kept-whole/plots: cannot put the report in place: Not a directory"
mkdir -p kept-whole/plots/batch-time.png/mine
whole_still 2 "kept-whole/plots/batch-time.png: is a folder, and a picture needs its name; move it away"
rm kept-whole/report/repeat.md
mkdir -p kept-whole/report/repeat.md/mine
whole_still 2 "kept-whole/report/repeat.md: no report wrote this"
if [ "$(id -u)" -eq 0 ] && setpriv --reuid 65534 --clear-groups true 2>/dev/null; then
	# Root may write anywhere.
	chmod -R a+rX .
	chmod a+w kept-whole kept-whole/plots
	rm -rf before
	cp -r kept-whole before
	expect 2 "kept-whole/report: cannot put the report in place: Permission denied" \
		setpriv --reuid 65534 --clear-groups "$m" report time.jsonl --out kept-whole --force --quiet
	check "nothing of it is changed" diff -r kept-whole before
fi

finish
