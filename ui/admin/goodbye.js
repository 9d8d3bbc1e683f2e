/** What happens after an uninstall, and the id by which the vendor hands out the receipt of it. */
import { element } from '../elements.js';
import { text } from '../words.js';

/** @param {{instance_id: string}} about what the app says of the instance */
export const goodbye = ({ instance_id: id }) => element('section.stack.goodbye', { 'aria-labelledby': 'goodbye' },
  element('h2', { id: 'goodbye', text: text('goodbye') }),
  element('p', {}, text('goodbye.what'), ' ', element('code', { text: id, dir: 'ltr' })));
