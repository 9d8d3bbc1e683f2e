/** What lies where, in plain words. */
import { element } from '../elements.js';
import { text, worded } from '../words.js';

const PLACES = ['site', 'vendor', 'assets', 'passing', 'never'];

export const stored = (door) => element('section.stack.stored', { 'aria-labelledby': 'stored' },
  element('h2', { id: 'stored', text: text('stored') }),
  element('dl', {}, ...PLACES.map((place) => element('div.stored-place', {},
    element('dt', { text: text(`stored.${place}`) }), element('dd', { text: text(worded(`stored.${place}.what`, door)) })))));
