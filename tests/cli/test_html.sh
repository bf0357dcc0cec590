#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: report --format html writes one file that has the text, needs nothing else, and names all parts.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/html.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }

html_report made/report.html
check "it says where" grep -q "^report: made/report.html$" stdout
check "nothing else is left" test "$(find made -mindepth 1)" = made/report.html
page=made/report.html
expect 0 "" "$m" report one.jsonl two.jsonl --out markdown --quiet

# lines PATTERN: how often it is there.
lines() {
	grep -oE -- "$1" $page | wc -l
}

# A tag that is never closed, or closed twice, or with another between.
balance() {
	perl -0777 -ne '
		my %void = map { $_ => 1 } qw(meta br hr input link img);
		s/<!--.*?-->//gs;
		s{<(style|script)>.*?</\1>}{}gs;
		my @open;
		while (m{<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|\x27[^\x27]*\x27|[^>"\x27])*)>}g) {
			my ($end, $name, $rest) = ($1, $2, $3);
			next if $rest =~ m{/$} || $void{$name};
			if (!$end) { push @open, $name; next }
			my $last = pop @open // "nothing";
			print "</$name> ends <$last>\n" if $last ne $name;
		}
		print "<$_> stays open\n" for @open;' "$1"
}
check "every tag is closed: $(balance $page | head -n 3)" test -z "$(balance $page)"
printf '<p><b>x</p></b>' >broken.html
check "the judge himself" test -n "$(balance broken.html)"

check "it is one document" test "$(lines '<html lang="en">')" -eq 1
check "its title" grep -q '<title>What it costs to move pages to device memory and back</title>' $page
check "one heading of the first level" test "$(lines '<h1>')" -eq 1
check "no level is left out: $(grep -oE '<h[1-6]' $page | tr -dc '1-6\n' | uniq | tr '\n' ' ')" \
	test -z "$(grep -oE '<h[1-6]' $page | tr -dc '1-6\n' | awk '$1 > last + 1 { print } { last = $1 }')"
check "a way past the contents" grep -q '<a class="skip" href="#report">' $page

# Nothing is fetched.
check "no address" test -z "$(grep -oE '(src|srcset|action|poster|data|xmlns[:a-z]*)="?https?:[^ ]*|@import|url\([^#][^)]*\)|<(link|img|iframe|object|embed|base)' $page)"
check "no address in an image's reference" test -z "$(grep -oE '(xlink:href|href)=.https?:[^ ]*' $page |
	grep -v 'href=.https\?://')"
check "the browser is told so" grep -q "Content-Security-Policy\" content=\"default-src 'none'" $page

# Each picture of the Markdown report is here, and has its words.
pictures=$(cat markdown/REPORT.md markdown/report/*.md | grep -cE '^!\[')
check "there are pictures" test "$pictures" -gt 3
check "all of them" test "$(lines '<figure>')" -eq "$pictures"
check "each is named" test "$(lines '<svg role="img" aria-label="[^"]+"')" -eq "$pictures"
check "and drawn" test "$(lines '</svg>')" -eq "$pictures"
ids=$(grep -oE " id=[\"'][^\"']+" $page | sed "s/.*[\"']//" | sort)
check "no id is given twice: $(uniq -d <<<"$ids" | head -n 3)" test -z "$(uniq -d <<<"$ids")"
missing=$(grep -oE "(href=[\"']#|url\(#)[^\"')]+" $page | sed 's/.*#//' | sort -u | comm -23 - <(sort -u <<<"$ids"))
check "every link inside leads somewhere: $(head -n 3 <<<"$missing")" test -z "$missing"

check "there are tables" test "$(lines '<table>')" -gt 5
check "every header cell says of what" test -z "$(grep -oE '<th( style="[^"]*")?>' $page)"
check "a header for columns" test "$(lines '<th scope="col"')" -gt 20
check "a header for rows" test "$(lines '<th scope="row"')" -gt 20

# What stands in the Markdown stands here: every word of its tables and sentences.
words() {
	sed -E 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' | grep -oE '[[:alnum:]]{2,}' | sort -u
}
text=$(perl -0777 -pe 's{<svg.*?</svg>}{}gs; s{<(style|script)>.*?</\1>}{}gs; s{<[^>]*>}{ }gs' $page | words)
for file in markdown/REPORT.md markdown/report/*.md; do
	lost=$(sed -E 's/^!\[.*//; s/\]\(<[^>]*>\)//g; /^<!--/d; s/\(\[SVG\)//' "$file" | words | comm -23 - <(echo "$text"))
	check "$file is in it; lost: $(head -n 5 <<<"$lost" | tr '\n' ' ')" test -z "$lost"
done

# What a file is refused for; without gnuplot these are quick.
m_plain() {
	PATH=/nowhere "$m" report one.jsonl --format html "$@"
}
expect 2 "report.html exists already.*--force" m_plain --out made/report.html
expect 0 "no pictures" m_plain --out made/report.html --force --quiet
check "it was replaced" test "$(lines '<figure>')" -eq 0
expect 2 "--format html writes one file, and --out made names a folder: name a file in it" m_plain --out made --force
expect 2 "and --out none/ names a folder: name a file" m_plain --out none/
check "it is not made" test ! -e none
expect 2 "--format is md or html, not 'word'" "$m" report one.jsonl --format word
expect 2 "--markdown is for --format md" m_plain --markdown x.md
mkdir empty
MIGBENCH_DATA=$scratch/empty "$m" report one.jsonl --format html --out other/x.html >stdout 2>stderr
check "a file of its own is missing" test $? -eq 3
check "it says which" grep -q "page.html: cannot read it" stderr
check "nothing half written" test ! -e other
finish
