/** A part's form, made from its declaration: fills it, reads it, and puts problems at their fields. */
import { element } from '../elements.js';
import { said, saidIn } from '../said.js';
import { text } from '../words.js';
import { choice } from './fields/choice.js';
import { picker } from './fields/picker.js';
import { rules } from './fields/rules.js';
import { schedule } from './fields/schedule.js';
import { check, checks, fixed, lines, numeral, radio, secret, select, words } from './fields/simple.js';
import { columns } from './visibility/columns.js';

const KINDS = { fixed, text: words, number: numeral, secret, select, choice, check, checks, radio, lines, picker, columns, rules, schedule };

/** @param {object} part one of `partsOf` */
export function form(part) {
  const valueOf = (name) => fields.find(({ spec }) => spec.name === name).read();
  const fields = part.fields.map((spec) => ({ spec, ...KINDS[spec.kind](spec, `field.${part.name}.${spec.name}`, valueOf) }));
  const summary = element('div.stack', { tabindex: '-1' });
  let written = '';

  const write = (state) => {
    fields.forEach((field) => field.write(at(state, field.spec.name) ?? field.spec.initial));
    fit(fields);
    written = JSON.stringify(read());
  };

  /** What is not asked for now is not sent. */
  const read = () => {
    const body = {};
    for (const field of fields.filter((one) => wanted(one, fields))) put(body, field.spec.name, field.read());
    return body;
  };

  /** Typed and taken back is not edited. */
  const edited = () => JSON.stringify(read()) !== written;
  const opened = () => fields.forEach((field) => field.opened?.());

  const clear = () => {
    fields.forEach((field) => field.show(''));
    summary.replaceChildren();
  };

  /** Every problem at its field, all of them in a summary that takes the focus. */
  const showProblems = (problems) => {
    clear();
    const placed = problems.map((problem) => ({ ...problem, at: fieldOf(fields, problem.field) }));
    for (const field of fields) field.show(placed.filter((one) => one.at === field).map(said).join(' '));
    summary.replaceChildren(element('div.notice.notice-error', { role: 'alert' },
      element('h4', { text: text('form.problems', { count: problems.length }) }),
      element('ul.stack', {}, ...placed.map((one) => summaryLine(part, one)))));
    summary.focus();
  };

  const changed = () => {
    fields.forEach((field) => field.follow?.());
    fit(fields);
  };
  const body = element('div.form-fields', { on: { input: changed } }, ...fields.map((field) => field.element).filter(Boolean));
  return { element: element('div.stack', {}, summary, body), write, read, edited, opened, clear, showProblems, lineOf: (finding) => summaryLine(part, { ...finding, at: fieldOf(fields, finding.field) }) };
}

/** Shows the fields that the others' values ask for, and no other. */
function fit(fields) {
  for (const field of fields) if (field.spec.when) field.element.hidden = !wanted(field, fields);
}

function wanted({ spec: { when } }, fields) {
  return !when || fields.find(({ spec }) => spec.name === when.name).read() === when.value;
}

function summaryLine(part, { at: field, field: name, ...told }) {
  const message = said(told);
  const words = field && field.element ? text(`field.${part.name}.${field.spec.name}`) : name;
  if (!field?.element) return element('li', { text: name ? `${name}: ${message}` : message, lang: saidIn(told), dir: 'auto' });
  const go = element('a', { href: `#${part.name}`, text: words, on: { click: (event) => { event.preventDefault(); field.focus(); } } });
  return element('li', {}, go, ': ', element('span', { text: message, lang: saidIn(told), dir: 'auto' }));
}

/** `filter.groups[3]`, `filter.groups.3` and `filter.groups` all belong to the field `filter.groups`. */
function fieldOf(fields, name) {
  const wanted = String(name ?? '').replace(/\[(\w+)\]/g, '.$1');
  const fits = fields.filter(({ spec }) => wanted === spec.name || wanted.startsWith(`${spec.name}.`));
  return fits.sort((a, b) => b.spec.name.length - a.spec.name.length)[0];
}

const at = (state, path) => path.split('.').reduce((value, name) => value?.[name], state);

function put(body, path, value) {
  if (value === undefined) return;
  const names = path.split('.');
  const last = names.pop();
  const within = names.reduce((value, name) => (value[name] ??= {}), body);
  within[last] = value;
}
