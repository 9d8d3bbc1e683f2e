/** What imports changed, day by day: bars for the eye, and the same as a table for everybody. */
import { element } from '../../elements.js';
import { dayOf, number, plain, text } from '../../words.js';

const SHOWN = ['create', 'update', 'leavers'];
const COLUMNS = ['runs', ...SHOWN, 'failures'];
const SVG = 'http://www.w3.org/2000/svg';
const DAY_MS = 86_400_000;
const WIDTH = 10; // of a day, in units of the drawing
const HEIGHT = 100;
const SPAN = 28; // days, as long as runs are kept
const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

let leftOpen = false;

/** @param {object[]} runs newest first; null where there is too little to draw */
export function chart(runs) {
  const days = daysOf(runs.filter((run) => ENDED.has(run.state) && run.mode !== 'preview'));
  if (days.filter((day) => day.runs).length < 2) return null;
  const most = Math.max(1, ...days.map(sum));
  const kept = element('details', { open: leftOpen, on: { toggle: () => (leftOpen = kept.open) } },
    element('summary', { text: text('chart.table') }), tableOf(days));
  return element('figure.chart', {},
    element('figcaption', { text: caption(days) }),
    element('div.chart-drawing', {}, element('p.chart-most', { text: number(most), 'aria-hidden': 'true' }), drawing(days, most)),
    element('p.chart-ends', { 'aria-hidden': 'true' }, element('span', { text: plain(days[0].day) }), element('span', { text: plain(days.at(-1).day) })),
    element('ul.chart-legend', { 'aria-hidden': 'true' }, ...[...SHOWN, 'failures'].map(key)),
    kept);
}

/** Each of the days up to the last import, the empty ones too: time goes at one pace. */
function daysOf(runs) {
  if (runs.length === 0) return [];
  const found = new Map();
  for (const run of runs) add(dayIn(found, dayOf(run.started_at)), run);
  const named = [...found.keys()].sort();
  const last = Date.parse(named.at(-1));
  const days = [];
  for (let at = Math.min(Date.parse(named[0]), last - (SPAN - 1) * DAY_MS); at <= last; at += DAY_MS) days.push(dayIn(found, new Date(at).toISOString().slice(0, 10)));
  return days;
}

function dayIn(found, day) {
  if (!found.has(day)) found.set(day, { day, runs: 0, create: 0, update: 0, leavers: 0, failures: 0 });
  return found.get(day);
}

/** What a run that did not succeed had planned is no change. */
function add(day, run) {
  day.runs += 1;
  if (run.state === 'failed') day.failures += 1;
  if (run.state === 'succeeded') SHOWN.forEach((name) => (day[name] += run.counts?.[name] ?? 0));
}

const sum = (day) => SHOWN.reduce((total, name) => total + day[name], 0);

function caption(days) {
  const runs = days.reduce((total, day) => total + day.runs, 0);
  const failures = days.reduce((total, day) => total + day.failures, 0);
  return [text('chart.runs', { count: runs }), failures ? text('chart.failed', { count: failures }) : text('chart.none-failed')].join(' ');
}

function drawing(days, most) {
  const whole = shape('svg', { viewBox: `0 0 ${days.length * WIDTH} ${HEIGHT + 8}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'chart-bars' });
  whole.append(shape('rect', { class: 'chart-ground', x: 0, y: HEIGHT, width: days.length * WIDTH, height: 0.75 }), ...days.flatMap((day, at) => bars(day, at, most)));
  return whole;
}

/** A little of something is seen, too: no part of a bar is thinner than a line. */
function bars(day, at, most) {
  const place = { x: at * WIDTH + 1.5, width: WIDTH - 3 };
  let top = HEIGHT;
  const made = SHOWN.filter((name) => day[name] > 0).map((name) => {
    const height = Math.max(1.5, (day[name] / most) * (HEIGHT - 6));
    top -= height;
    return shape('rect', { class: `chart-${name}`, ...place, y: Math.max(0, top), height });
  });
  return day.failures ? [...made, shape('rect', { class: 'chart-failures', ...place, y: HEIGHT + 2, height: 6 })] : made;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

const words = (name) => text(SHOWN.includes(name) ? `run.count.${name}` : `chart.${name === 'runs' ? 'imports' : name}`);

const key = (name) => element('li', {}, element(`span.chart-key.chart-key-${name}`), words(name));

function tableOf(days) {
  return element('table.chart-table', { role: 'table' }, element('caption.spoken', { text: text('chart') }),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...['day', ...COLUMNS].map((name) =>
      element('th', { role: 'columnheader', scope: 'col', text: name === 'day' ? text('chart.day') : words(name) })))),
    element('tbody', { role: 'rowgroup' }, ...days.filter((day) => day.runs).reverse().map(rowOf)));
}

const rowOf = (day) => element('tr', { role: 'row' },
  element('th', { role: 'rowheader', scope: 'row', text: plain(day.day), 'data-label': text('chart.day') }),
  ...COLUMNS.map((name) => element('td', { role: 'cell', text: number(day[name]), 'data-label': words(name) })));
