/** What the app said, in the reader's language: by its code where it has one, else as it came. */
import { has, list, text } from './words.js';

/** @param {object} one a problem, a finding or the like: `{message, code, values}`, the last two if there is a code */
export function said({ message = '', code, values = {} }) {
  const key = `said.${code}`;
  if (!code || !has(key)) return message;
  return text(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, spoken(value)])));
}

/** A text as the app wrote it is English on a page that is not: a screen reader has to know. */
export const saidIn = ({ code }) => (code && has(`said.${code}`) ? null : 'en');

/** A blank holds text, a number, several of these, or another sentence. */
function spoken(value) {
  if (Array.isArray(value)) return list(value.map(spoken));
  return value !== null && typeof value === 'object' ? said(value) : value;
}
