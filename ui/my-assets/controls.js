/** Search, filters and order. They say what is asked for; asking is the list's. */
import { element, newId } from '../elements.js';
import { compare, text } from '../words.js';
import { ORDERS } from './preferences.js';

const PAUSE_MS = 250;

/**
 * @param {function(object)} ask takes `{search, object_type, schema, sort}`, empty ones left out
 * @param {object} liked what the reader likes; `prefer` takes what they change of it
 */
export function controls(ask, liked, prefer) {
  const search = searchBox(() => ask(query()));
  const type = filter('type', 'all', () => ask(query()));
  const schema = filter('schema', 'all', () => ask(query()));
  const sort = select(ORDERS.map((order) => [order, text(`mine.sort.${order}`)]), () => {
    prefer({ sort: sort.value });
    ask(query());
  });
  sort.value = liked.sort;
  const grouped = element('input', { type: 'checkbox', checked: liked.grouped, on: { change: () => {
    prefer({ grouped: grouped.checked });
    ask(query());
  } } });

  const query = () => withoutEmpty({ search: search.value.trim(), object_type: type.value, schema: schema.value, sort: sort.value });
  const clear = () => {
    search.value = type.value = schema.value = '';
    search.focus();
    ask(query());
  };
  const offer = (choices) => {
    refill(type, choices.types);
    refill(schema, choices.schemas);
    schema.closest('.field').hidden = choices.schemas.size < 2;
  };
  const form = element('form.filters', { role: 'search', 'aria-label': text('mine.title'), on: { submit: (event) => { event.preventDefault(); ask(query()); } } },
    labelled('mine.search', search, 'filter-search'), labelled('mine.type', type), labelled('mine.schema', schema), labelled('mine.sort', sort),
    element('label.choice', {}, grouped, element('span', { text: text('mine.grouped') })));
  schema.closest('.field').hidden = true;
  const choose = (id) => {
    type.value = id;
    type.focus();
    ask(query());
  };
  return { element: form, query, clear, offer, choose };
}

function searchBox(changed) {
  let pause;
  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(changed, PAUSE_MS);
  };
  return element('input.input', { type: 'search', placeholder: text('mine.search.example'), dir: 'auto', autocomplete: 'off', spellcheck: 'false', maxlength: '200', on: { input: later } });
}

const filter = (name, none, changed) => select([['', text(`mine.${name}.${none}`)]], changed);

const select = (choices, changed) => element('select.input', { on: { change: changed } },
  ...choices.map(([value, label]) => element('option', { value, text: label })));

/** What has been seen so far, plus what is chosen; an open choice never vanishes under the hand. */
function refill(box, seen) {
  const chosen = box.value;
  const sorted = [...seen].sort(([, a], [, b]) => compare(a, b));
  if (box.length - 1 === sorted.length) return;
  box.replaceChildren(box.options[0], ...sorted.map(([value, label]) => element('option', { value, text: label })));
  box.value = chosen;
}

function labelled(key, box, kind = '') {
  box.id = newId('filter');
  const field = element('div.field', {}, element('label.field-label', { for: box.id, text: text(key) }), box);
  if (kind) field.classList.add(kind);
  return field;
}

const withoutEmpty = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
