/** Assets as rows that open in place: a dialog would be lost in a frame as tall as its page. */
import { copyButton } from '../copy.js';
import { element, newId, typed } from '../elements.js';
import { isTime, moment, plain, text } from '../words.js';

const SEEN_AT_ONCE = 3;
const SERIAL = /serial|seriennummer/i;
const WHOSE = /^(owner|assigned to)$/i; // every row here is the reader's own
const MACHINE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** With the order `object_type` the rows stand under a heading for each type. */
export function rows(sort) {
  const grouped = /object_type$/.test(sort ?? '');
  const whole = element('div.stack');
  let group = { list: null, name: null };
  let count = 0;

  function listFor(asset) {
    if (group.list && (!grouped || group.name === asset.object_type.name)) return group.list;
    const list = element('ul.rows');
    if (grouped) whole.append(element('h2.rows-type', { text: asset.object_type.name, dir: 'auto' }));
    whole.append(list);
    group = { list, name: asset.object_type.name };
    return list;
  }

  /** Adds rows; gives the first new one's button, for the focus. */
  function add(assets) {
    const made = assets.map((asset) => {
      const row = assetRow(asset, grouped ? 3 : 2);
      listFor(asset).append(row);
      return row;
    });
    count += assets.length;
    return made[0]?.querySelector('button');
  }

  return { element: whole, add, count: () => count };
}

function assetRow(asset, level) {
  const id = newId('details');
  const details = element('div.row-details', { id, hidden: true, role: 'region', 'aria-label': text('mine.details', { name: asset.label }) });
  const opener = element('button.row-open', { type: 'button', 'aria-expanded': 'false', 'aria-controls': id }, typed(asset.label || asset.object_key));
  const toggle = () => {
    const opened = details.hidden;
    if (opened && !details.hasChildNodes()) details.append(everything(asset));
    details.hidden = !opened;
    opener.setAttribute('aria-expanded', String(opened));
  };
  opener.addEventListener('click', toggle);
  return element('li.row', {},
    element('div.row-head', {},
      element('div.row-name', {},
        element(`h${level}`, {}, opener),
        element('p.row-about', {}, element('span.lozenge', { text: asset.object_type.name, dir: 'auto' }), typed(asset.object_key), typed(asset.schema.name))),
      highlights(asset)),
    details);
}

/** What tells one thing from another, the serial number first: a service desk asks for it. */
function highlights(asset) {
  const telling = asset.attributes.filter((one) => tells(one, asset));
  const chosen = [...telling.filter(isSerial), ...telling.filter((one) => !isSerial(one))].slice(0, SEEN_AT_ONCE);
  return element('dl.row-facts', {}, ...chosen.map((one) => fact(one.name, one.values, isSerial(one))));
}

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

function fact(name, values, copied) {
  const shown = values.length
    ? values.map((value) => typed(plain(value), 'span.value'))
    : [element('span.subtle', { text: text('mine.no-value') })];
  return element('div.fact', {}, element('dt', { text: name, dir: 'auto' }),
    element('dd', {}, ...shown, copied && copyButton(name, values.join('\n'))));
}

const isSerial = (attribute) => SERIAL.test(attribute.name);
