/** Assets as rows that open in place: a dialog would be lost in a frame as tall as its page. */
import { copyButton } from '../copy.js';
import { element, newId, typed } from '../elements.js';
import { compare, isTime, moment, plain, text } from '../words.js';
import { whySeen } from './explaining.js';
import { reporting } from './reporting.js';

const SEEN_AT_ONCE = 3;
const LONGEST_AT_A_GLANCE = 100; // signs of a value in a closed row; opened, it shows all of it
const SERIAL = /serial|seriennummer/i;
const WHOSE = /^(owner|assigned to)$/i; // every row here is the reader's own
const MACHINE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * @param {object} options `grouped` puts a heading for each type; `columns` are the reader's choice of
 *   attributes, empty for the page's; `reports` says that problems can be reported
 */
export function rows({ grouped, columns, reports }) {
  const whole = element('div.stack');
  const lists = new Map();
  const shown = [];

  function listFor({ object_type: type }) {
    const key = grouped ? type.id : '';
    if (!lists.has(key)) {
      const list = element('ul.rows');
      lists.set(key, list);
      whole.append(grouped ? element('section.stack.rows-group', {}, typed(type.name, 'h2.rows-type'), list) : list);
      if (grouped) whole.append(...[...whole.children].sort(byHeading));
    }
    return lists.get(key);
  }

  /** Adds rows; gives the first new one's button, for the focus. */
  function add(assets) {
    const made = assets.map((asset) => {
      const row = assetRow(asset, { level: grouped ? 3 : 2, columns, reports });
      listFor(asset).append(row.element);
      return row;
    });
    shown.push(...made);
    return made[0]?.element.querySelector('button');
  }

  const choose = (names) => {
    columns = names;
    shown.forEach((row) => row.highlight(names));
  };

  return { element: whole, add, choose, count: () => shown.length };
}

const byHeading = (a, b) => compare(a.querySelector('h2').textContent, b.querySelector('h2').textContent);

function assetRow(asset, { level, columns, reports }) {
  const id = newId('details');
  const details = element('div.row-details', { id, hidden: true, role: 'region', 'aria-label': text('mine.details', { name: asset.label }) });
  const opener = element('button.row-open', { type: 'button', 'aria-expanded': 'false', 'aria-controls': id }, typed(asset.label || asset.object_key));
  const toggle = () => {
    const opened = details.hidden;
    if (opened && !details.hasChildNodes()) details.append(everything(asset), acts(asset, reports));
    details.hidden = !opened;
    opener.setAttribute('aria-expanded', String(opened));
  };
  opener.addEventListener('click', toggle);
  const facts = element('dl.row-facts');
  const highlight = (names) => facts.replaceChildren(...highlights(asset, names));
  highlight(columns);
  const row = element('li.row', {},
    element('div.row-head', {},
      element('div.row-name', {},
        element(`h${level}`, {}, opener),
        element('p.row-about', {}, element('span.lozenge', { text: asset.object_type.name, dir: 'auto' }), typed(asset.object_key), typed(asset.schema.name))),
      facts),
    details);
  return { element: row, highlight };
}

/** What can be done with an asset, once it is open. */
const acts = (asset, reports) => element('div.row-acts', {}, reports && reporting(asset), whySeen(asset.object_key));

/** The reader's columns; else what tells one thing from another, the serial number first. */
function highlights(asset, columns) {
  if (columns.length) return chosenFrom(asset, columns).map((one) => fact(one.name, one.values, isSerial(one) && one.values.length > 0, brief));
  const telling = asset.attributes.filter((one) => tells(one, asset));
  const chosen = [...telling.filter(isSerial), ...telling.filter((one) => !isSerial(one))].slice(0, SEEN_AT_ONCE);
  return chosen.map((one) => fact(one.name, one.values, isSerial(one), brief));
}

const chosenFrom = (asset, columns) => columns.flatMap((name) => asset.attributes.filter((one) => one.name === name));

/** Not what the row says already, whose it is, when it was written, or an id of a machine. */
function tells(attribute, asset) {
  const value = attribute.values.join('');
  const said = [asset.label, asset.object_key].includes(value) || WHOSE.test(attribute.name);
  return value !== '' && !said && !isTime(value) && !MACHINE_ID.test(value);
}

function everything(asset) {
  const facts = asset.attributes.map((one) => fact(one.name, one.values, isSerial(one) && one.values.length > 0));
  return element('dl.row-all', {},
    !names(asset, asset.object_key) && fact(text('mine.key'), [asset.object_key], true), ...facts,
    asset.updated_at && !names(asset, asset.updated_at) && fact(text('mine.changed'), [moment(asset.updated_at)], false));
}

const names = (asset, value) => asset.attributes.some((one) => one.values.includes(value));

const brief = (value) => (value.length > LONGEST_AT_A_GLANCE ? `${value.slice(0, LONGEST_AT_A_GLANCE).trim()}…` : value);

function fact(name, values, copied, shorten = (value) => value) {
  const shown = values.length
    ? values.map((value) => typed(shorten(plain(value)), 'span.value'))
    : [element('span.subtle', { text: text('mine.no-value') })];
  return element('div.fact', {}, element('dt', { text: name, dir: 'auto' }),
    element('dd', {}, ...shown, copied && copyButton(name, values.join('\n'))));
}

const isSerial = (attribute) => SERIAL.test(attribute.name);
