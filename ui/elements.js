/** Builds elements. Text is set as text, never parsed: markup in a name stays a name. */

const PROPERTIES = new Set(['value', 'checked', 'hidden', 'open', 'max']);

/**
 * @param {string} name tag, with classes after dots: `p.subtle`
 * @param {object} options attributes; `text` for text, `on` for listeners; null and false are left out
 * @param {...(Node|string|null|undefined|false)} children
 */
export function element(name, options = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(' ');
  const { text, on = {}, ...attributes } = options;
  if (text !== undefined) made.textContent = text;
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function setAttribute(made, key, value) {
  if (PROPERTIES.has(key)) made[key] = value;
  else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
}

let serial = 0;
/** An id for `for`, `aria-controls` and the like. Not random, not remembered. */
export const newId = (word) => `${word}-${(serial += 1)}`;

/** A button that does not send forms. `kind`: main, danger, quiet, small (space-separated). */
export function button(label, press, kind = '', attributes = {}) {
  const made = element('button', { type: 'button', text: label, on: { click: press }, ...attributes });
  made.className = ['button', ...kind.split(' ').filter(Boolean).map((word) => `button-${word}`)].join(' ');
  return made;
}

const LONGEST_SHOWN = 2000; // a value may be a megabyte long; nobody reads it here, and the page must stay usable

/** A value as people typed it somewhere: its own direction decides, whatever the page's is. */
export const typed = (text, name = 'span') => element(name, { text: cut(String(text)), dir: 'auto' });

const cut = (text) => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

/** Runs `work` while the button is held: a second press does nothing, focus stays. */
export async function holding(pressed, work) {
  if (pressed.getAttribute('aria-disabled') === 'true') return;
  pressed.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    pressed.removeAttribute('aria-disabled');
  }
}
