/** The page's words, dates and numbers in the reader's language. English where a language is missing. */

const LANGUAGES = { en: () => import('./words/en.js'), de: () => import('./words/de.js') };

let words = {};
let tag = 'en';
let zone;

/** Loads a language once, before anything is shown. `wanted` is a BCP 47 tag, `timeZone` an IANA name. */
export async function speak(wanted, timeZone) {
  const language = known(wanted);
  words = (await LANGUAGES[language]()).default;
  tag = wanted.toLowerCase().startsWith(language) ? supported(wanted) : language;
  zone = timeZoneOf(timeZone);
  document.documentElement.lang = language;
}

/** The sentence of a key; `{name}` is replaced by `values.name`; `{ one, other }` is chosen by `values.count`. */
export function text(key, values = {}) {
  const found = words[key];
  if (found === undefined) return key;
  const sentence = typeof found === 'string' ? found : (found[new Intl.PluralRules(tag).select(values.count)] ?? found.other);
  return sentence.replace(/\{(\w+)\}/g, (all, name) => (name in values ? shown(values[name]) : all));
}

export const has = (key) => key in words;

/** The key of a door's own words, where there are some. */
export const worded = (key, door) => (has(`${key}.${door}`) ? `${key}.${door}` : key);

export const number = (value) => new Intl.NumberFormat(tag).format(value);

/** The day of a moment where the reader is, as `2026-11-21`. */
export const dayOf = (iso) => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(new Date(iso));

/** Several as one text: `a, b and c`. */
export const list = (values) => new Intl.ListFormat(tag).format(values.map(shown));

/** A date with its time; what cannot be read as one is shown as it is. */
export function moment(iso) {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return String(iso ?? '');
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(when);
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Whether a text is a date, or a date with its time, as Assets writes them. */
export const isTime = (value) => DAY.test(value) || MOMENT.test(value);

/** A value of an asset: dates as the reader writes them, everything else as it is. */
export function plain(value) {
  if (MOMENT.test(value)) return moment(value);
  const when = new Date(value);
  if (!DAY.test(value) || Number.isNaN(when.getTime())) return value;
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' }).format(when);
}

export const compare = (a, b) => a.localeCompare(b, tag, { numeric: true });

const shown = (value) => (typeof value === 'number' ? number(value) : String(value));

function known(wanted) {
  const language = wanted.toLowerCase().split('-')[0];
  return language in LANGUAGES ? language : 'en';
}

function supported(wanted) {
  try {
    return Intl.getCanonicalLocales(wanted)[0];
  } catch {
    return known(wanted);
  }
}

function timeZoneOf(name) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name || undefined }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
