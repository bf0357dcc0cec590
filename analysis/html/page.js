// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader can do with the tables: sort and filter their rows, and see a point on all kernels.
'use strict';
const report = document.getElementById('report');
const kernels = report.dataset.kernels.split(' ').filter(Boolean);

function make(name, properties, ...children) {
	const element = Object.assign(document.createElement(name), properties);
	element.append(...children);
	return element;
}

const words = node => node ? node.textContent.trim() : '';
const rowsOf = table => [...(table.tBodies[0]?.rows ?? [])];
const headsOf = table => [...(table.tHead?.rows[0].cells ?? [])];

// "−1,234 (×1.2)" is -1234; what begins with no figure is NaN.
function number(text) {
	const plain = text.replace(/[,\s]/g, '').replace('−', '-');
	return Number(plain.match(/^[+×]?(-?\d+(\.\d+)?)/)?.[1] ?? NaN);
}

// Figures by their size, and before what is none; texts as a reader counts.
function compare(a, b, figures) {
	const x = figures ? number(a) : NaN, y = figures ? number(b) : NaN;
	if (isNaN(x) && isNaN(y))
		return a.localeCompare(b, 'en', { numeric: true });
	return isNaN(x) ? 1 : isNaN(y) ? -1 : x - y;
}

function sort(table, asWritten, column) {
	const heads = headsOf(table), was = heads[column].getAttribute('aria-sort');
	const order = { null: 'ascending', ascending: 'descending', descending: '' }[was];
	const figures = heads[column].style.textAlign === 'right', rows = [...asWritten];
	heads.forEach(head => head.removeAttribute('aria-sort'));
	if (order)
		heads[column].setAttribute('aria-sort', order);
	if (order)
		rows.sort((a, b) => (order === 'descending' ? -1 : 1) *
			compare(words(a.cells[column]), words(b.cells[column]), figures));
	table.tBodies[0].append(...rows);
	rove(table);
}

function makeSortable(table) {
	const asWritten = rowsOf(table);
	if (asWritten.length > 1)
		headsOf(table).filter(words).forEach(head => {
			const button = make('button', { type: 'button', className: 'sort' },
				...head.childNodes);
			const press = () => sort(table, asWritten, head.cellIndex);
			button.addEventListener('click', press);
			head.append(button);
		});
}

function makeFilter(box, table) {
	const rows = rowsOf(table);
	if (rows.length < 8)
		return;
	const input = make('input', { type: 'search', autocomplete: 'off', spellcheck: false });
	const label = make('label', {}, 'Filter rows ', input);
	const count = make('span', { role: 'status' });
	input.setAttribute('aria-label', `Filter rows: ${box.getAttribute('aria-label')}`);
	box.before(make('p', { className: 'filter' }, label, ' ', count));
	input.addEventListener('input', () => {
		const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
		for (const row of rows) {
			const text = row.textContent.toLowerCase();
			row.hidden = !wanted.every(word => text.includes(word));
		}
		const shown = rows.filter(row => !row.hidden).length;
		count.textContent = wanted.length ? `${shown} of ${rows.length} rows` : '';
		rove(table);
	});
}

// "6.1" and "6.1.192-lab" are the same kernel.
function isKernel(text) {
	return /^\d+\.\d/.test(text) &&
		kernels.some(kernel => kernel.startsWith(text) || text.startsWith(kernel));
}

// A table with a column for each kernel has the history of its points, [kernel, text], in its rows.
function inColumns(table) {
	const columns = headsOf(table).filter(head => head.cellIndex && isKernel(words(head)));
	const historyOf = row =>
		columns.map(head => [words(head), words(row.cells[head.cellIndex])]);
	return columns.length < 2 ? [] : rowsOf(table).map(row =>
		({ row, name: words(row.cells[0]), history: historyOf(row) }));
}

// A table of one kernel's points has it in those of the other kernels' pages.
function overPages(tables) {
	const longestFirst = [...kernels].sort((a, b) => b.length - a.length);
	const points = new Map();
	for (const table of tables) {
		const title = words(table.closest('section').querySelector('h1, h2'));
		const kernel = longestFirst.find(name => title.includes(name));
		const heads = headsOf(table).map(words), end = heads.indexOf('median');
		const value = heads.includes('per page') ? heads.indexOf('per page') : end;
		const group = words(table.parentNode.previousElementSibling);
		for (const row of kernel && end > 0 ? rowsOf(table) : []) {
			const name = [...row.cells].slice(0, end).map(words).join(', ');
			const key = [title.replace(kernel, ''), group, ...heads, name].join('\n');
			const point = points.get(key) ??
				{ name: `${group}: ${name}`, rows: [], history: [] };
			points.set(key, point);
			point.rows.push(row);
			point.history.push([kernel, words(row.cells[value])]);
		}
	}
	return [...points.values()].flatMap(({ name, rows, history }) =>
		rows.map(row => ({ row, name, history })));
}

const tip = make('div', { id: 'history', role: 'tooltip', hidden: true });

function hide() {
	tip.hidden = true;
	document.querySelector('[aria-describedby]')?.removeAttribute('aria-describedby');
}

function show(button, name, history) {
	const values = history.map(([, text]) => number(text)).map(value => value > 0 ? value : 0);
	const most = Math.max(...values), first = values.find(value => value);
	const rows = history.map(([kernel, text], i) => {
		const bar = make('i'), head = make('th', { scope: 'row' }, kernel);
		const told = !values[i] || values[i] === first || text.includes('(');
		const ratio = told ? '' : ` (×${(values[i] / first).toFixed(3)})`;
		bar.style.width = `${100 * values[i] / most}%`;
		return make('tr', {}, head, make('td', {}, bar), make('td', {}, text + ratio));
	});
	hide();
	const caption = make('caption', {}, name), body = make('tbody', {}, ...rows);
	tip.replaceChildren(make('table', {}, caption, body));
	tip.hidden = false;
	button.setAttribute('aria-describedby', 'history');
	const at = button.getBoundingClientRect();
	const right = document.documentElement.clientWidth - tip.offsetWidth - 8;
	tip.style.left = `${Math.max(8, Math.min(at.left, right)) + scrollX}px`;
	tip.style.top = `${at.bottom + scrollY}px`;
}

const pointsOf = table => rowsOf(table).filter(row => !row.hidden)
	.map(row => row.cells[0].querySelector('.point')).filter(Boolean);

// One stop of the Tab key in each table; the arrow keys go from point to point.
function rove(table) {
	pointsOf(table).forEach((button, i) => { button.tabIndex = i ? -1 : 0; });
}

function step(event) {
	const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	const all = by ? pointsOf(event.target.closest('table')) : [];
	if (by)
		event.preventDefault();
	all[all.indexOf(event.target) + by]?.focus();
}

function tell({ row, name, history }) {
	const cell = row.cells[0], known = history.filter(([, text]) => number(text) > 0);
	if (!words(cell) || cell.querySelector('.point') || known.length < 2)
		return;
	const button = make('button', { type: 'button', className: 'point' }, ...cell.childNodes);
	for (const event of ['pointerenter', 'focus', 'click'])
		button.addEventListener(event, () => show(button, name, history));
	button.addEventListener('blur', hide);
	button.addEventListener('pointerleave', event => {
		if (!tip.contains(event.relatedTarget) && document.activeElement !== button)
			hide();
	});
	button.addEventListener('keydown', step);
	cell.append(button);
}

// What scrolls can be reached by keyboard.
function reach() {
	for (const box of document.querySelectorAll('.table, figure'))
		if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight)
			box.tabIndex = 0;
		else
			box.removeAttribute('tabindex');
}

const boxes = [...document.querySelectorAll('.table')];
const tables = boxes.map(box => box.querySelector('table'));
const histories = [...tables.flatMap(inColumns), ...overPages(tables)];
boxes.forEach((box, i) => {
	makeFilter(box, tables[i]);
	makeSortable(tables[i]);
});
histories.forEach(tell);
tables.forEach(rove);
report.append(tip);
tip.addEventListener('pointerleave', hide);
document.addEventListener('keydown', event => event.key === 'Escape' && hide());
addEventListener('pointerdown', event => event.target.closest?.('.point, #history') || hide());
reach();
addEventListener('resize', reach);
