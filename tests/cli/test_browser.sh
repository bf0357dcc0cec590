#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the HTML report in a browser: pictures, sorting, filter, history; narrow and wide, light and dark.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/html.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
browser=$(command -v chromium) || { echo "skipped: chromium is not installed"; exit 77; }
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }
html_report report.html

# What is asked of the page: each line is a thing that is not as it should be.
cat >questions.js <<'END'
(async () => {
	const wrong = [];
	const ask = (what, true_) => true_ || wrong.push(what);
	const shown = table => [...table.tBodies[0].rows].filter(row => row.getClientRects().length);
	const column = (table, i) => shown(table).map(row => row.cells[i].textContent.trim());
	const enter = node => { node.focus(); ask('it takes the focus', document.activeElement === node); node.click(); };
	const tables = [...document.querySelectorAll('.table table')];

	// As wide as the window, and no wider; what is wider scrolls in its box.
	const room = document.documentElement.clientWidth;
	ask(`the width is ${innerWidth}`, innerWidth === WIDTH);
	ask(`the page is ${document.documentElement.scrollWidth} wide`, document.documentElement.scrollWidth <= room);
	for (const box of document.querySelectorAll('.table, figure')) {
		ask('a box is too wide', box.getBoundingClientRect().right <= room + 1);
		if (box.scrollWidth > box.clientWidth)
			ask('what scrolls cannot be reached by keyboard', box.tabIndex === 0);
	}

	// Every picture has room, and things in it.
	const pictures = [...document.querySelectorAll('figure svg')];
	ask('there are pictures', pictures.length > 3);
	for (const svg of pictures) {
		const box = svg.getBBox(), name = svg.getAttribute('aria-label');
		ask(`nothing is drawn: ${name}`, box.width > 500 && box.height > 200);
		ask(`no text: ${name}`, [...svg.querySelectorAll('text')].some(text => text.getBBox().width > 10));
		for (const use of svg.querySelectorAll('use'))
			ask(`a sign is another picture's: ${name}`,
				svg.contains(document.querySelector(use.getAttribute('xlink:href'))));
	}
	const dark = matchMedia('(prefers-color-scheme: dark)').matches;
	ask('the scheme', dark === DARK);
	const light = colour => colour.match(/\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3;
	const paper = light(getComputedStyle(pictures[0].querySelector('rect')).fill);
	const ink = light(getComputedStyle(pictures[0].querySelector('text')).fill);
	ask(`paper ${paper}, ink ${ink}`, dark ? paper < 60 && ink > 180 : paper > 200 && ink < 80);

	// Sorting: figures by size, and back to how it was written.
	const wide = tables.find(table => shown(table).length > 8 && table.tHead.textContent.includes('median'));
	const heads = [...wide.tHead.rows[0].cells], at = heads.findIndex(head => head.textContent.trim() === 'median');
	const button = heads[at].querySelector('button'), before = column(wide, at);
	const figures = texts => texts.filter(text => /^\d/.test(text)).map(text => Number(text.replace(/,/g, '')));
	const ordered = (list, sign) => list.length > 5 && list.every((x, i) => !i || sign * (x - list[i - 1]) >= 0);
	ask('it is not sorted beforehand', !ordered(figures(before), 1) && !ordered(figures(before), -1));
	enter(button);
	ask('ascending', ordered(figures(column(wide, at)), 1) && heads[at].getAttribute('aria-sort') === 'ascending');
	enter(button);
	ask('descending', ordered(figures(column(wide, at)), -1) && heads[at].getAttribute('aria-sort') === 'descending');
	enter(button);
	ask('as before', column(wide, at).join() === before.join() && !heads[at].hasAttribute('aria-sort'));
	ask('only one column is sorted', (enter(heads[0].querySelector('button')), enter(button),
		wide.querySelectorAll('[aria-sort]').length === 1));

	// The filter: all words must be in a row.
	const filter = wide.closest('.table').previousElementSibling.querySelector('input');
	const count = shown(wide).length, [word, figure] = [0, at].map(i => column(wide, i)[0]);
	const type = text => { filter.value = text; filter.dispatchEvent(new Event('input')); };
	type(`${word} ${figure}`);
	const left = shown(wide);
	ask('some rows stay', left.length > 0 && left.length < count);
	ask('the right ones', left.every(row => row.textContent.includes(word) && row.textContent.includes(figure)));
	ask('it says how many', filter.closest('p').textContent.includes(`${left.length} of ${count} rows`));
	type('no such word');
	ask('none stays', shown(wide).length === 0);
	type('');
	ask('all are back', shown(wide).length === count);

	// A point on all kernels, by keyboard.
	const tip = document.getElementById('history');
	for (const table of [wide, tables.find(one => /6\.1\.1.*6\.12\.2/s.test(one.tHead.textContent))]) {
		const points = [...table.querySelectorAll('.point')];
		ask('points have a history', points.length > 2);
		ask('one stop of the Tab key', points.filter(point => point.tabIndex === 0).length === 1);
		const first = points.find(point => point.tabIndex === 0);
		first.focus();
		ask('both kernels', !tip.hidden && /6\.1\.1.*6\.12\.2/s.test(tip.textContent));
		ask('it is told', first.getAttribute('aria-describedby') === 'history');
		ask('it is in sight', tip.getBoundingClientRect().left >= 0 && tip.getBoundingClientRect().right <= room);
		const values = [...first.closest('tr').cells].slice(1).map(cell => /[\d,.]+/.exec(cell.textContent)?.[0]).filter(Boolean);
		ask('of this table', table === wide || (values.length && values.every(value => tip.textContent.includes(value))));
		const key = name => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
		key('ArrowDown');
		ask('the arrow goes on', document.activeElement !== first && document.activeElement.className === 'point');
		key('Escape');
		ask('and away', tip.hidden);
	}

	ask('a filter has a name', [...document.querySelectorAll('input')].every(input => input.labels.length));
	ask('all that can be pressed is a button', [...document.querySelectorAll('.sort, .point')]
		.every(node => node.tagName === 'BUTTON' && node.textContent.trim()));
	pictures[0].scrollIntoView();
	parent.postMessage(wrong.length ? wrong.join('\n') : 'all is well', '*');
})().catch(error => parent.postMessage(`${error.stack}`, '*'));
END

# in_browser ARGUMENT…: what is loaded is the window of window.html; its words are on stdout.
in_browser() {
	# The page is ours, and neither root nor a container may have the sandbox.
	timeout 60 "$browser" --headless --no-sandbox --disable-dev-shm-usage --disable-gpu --hide-scrollbars --enable-logging=stderr \
		--user-data-dir="$scratch/profile" --virtual-time-budget=10000 "$@" "file://$scratch/window.html"
}

# seen WIDTH SCHEME(0 dark, 1 light): a browser's window is 500 wide at least; a frame in it is not.
seen() {
	local dark=false words
	[ "$2" = 1 ] || dark=true
	{
		sed '/^<\/body>$/,$d' report.html
		printf '<script>\n'
		sed "s/WIDTH/$1/; s/DARK/$dark/" questions.js
		printf '</script>\n</body>\n</html>\n'
	} >framed.html
	cat >window.html <<-END
		<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0 } iframe { border: 0 }</style>
		<script>addEventListener('message', event => { document.querySelector('pre').textContent = event.data; });</script>
		<iframe width="$1" height="900" src="framed.html"></iframe><pre></pre>
	END
	words=$(in_browser --window-size="1700,1200" --blink-settings=preferredColorScheme="$2" --dump-dom --screenshot="$scratch/shot.png" 2>log |
		sed -n '/<pre>/,/<\/pre>/s/<[^>]*>//gp')
	check "$1 wide, dark $dark: ${words:-no answer, $(tail -n 1 log)}" test "$words" = "all is well"
	check "the console is silent: $(grep CONSOLE log | head -n 3)" test -z "$(grep CONSOLE log)"
}

# drawn: what the browser showed last has the colours of a picture, and is not one colour.
drawn() {
	local words
	printf '<!DOCTYPE html><pre></pre><img src="data:image/png;base64,%s"><script>\n' "$(base64 -w 0 shot.png)" >window.html
	cat >>window.html <<-'END'
		addEventListener('load', () => {
			const image = document.querySelector('img'), canvas = document.createElement('canvas');
			canvas.width = image.width;
			canvas.height = image.height;
			const paint = canvas.getContext('2d');
			paint.drawImage(image, 0, 0);
			const dots = new Uint32Array(paint.getImageData(0, 0, 1600, 900).data.buffer), counts = new Map();
			dots.forEach(dot => counts.set(dot, (counts.get(dot) ?? 0) + 1));
			const most = Math.max(...counts.values()) / dots.length;
			const areas = [...counts.values()].filter(count => count > 2000).length;
			document.querySelector('pre').textContent =
				counts.size > 50 && areas > 4 && most < 0.97 ? 'drawn' : `${counts.size} ${areas} ${most}`;
		});
	END
	echo '</script>' >>window.html
	words=$(in_browser --dump-dom 2>log | grep -o '<pre>.*</pre>' | sed 's/<[^>]*>//g')
	check "colours, large areas, share of the paper: ${words:-no answer, $(tail -n 1 log)}" test "$words" = drawn
}
for scheme in 1 0; do
	seen 320 $scheme
	seen 1600 $scheme
	drawn
done

# It can tell a page that is not as it should be.
sed 's/^function makeFilter(box, table) {$/&\n\treturn;/' report.html >unfiltered.html
mv unfiltered.html report.html
before=$failures
seen 1600 1 2>seen
check "the judge himself" test $failures -gt "$before"
failures=$before

finish
