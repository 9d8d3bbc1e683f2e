/** The list as a file: asked of the app with the filters of the list, put together here. */
import { announce } from '../announce.js';
import { file } from '../door.js';
import { button, element, holding } from '../elements.js';
import { trouble } from '../trouble.js';
import { text } from '../words.js';

const FORMATS = ['csv', 'json'];
const KEPT_MS = 60_000;

/** @param {function} query gives the filters of now */
export function exporting(query) {
  const said = element('div.stack');
  const press = (format) => {
    const pressed = button(text(`mine.export.${format}`), () => holding(pressed, () => take(format)), 'quiet small');
    return pressed;
  };

  async function take(format) {
    said.replaceChildren();
    try {
      save(await file(`my-assets/export?${new URLSearchParams({ ...query(), format })}`));
      announce(text('mine.export.said'));
    } catch (error) {
      said.replaceChildren(trouble(error, { again: () => take(format), topic: 'export' }));
    }
  }

  return element('div.stack.exporting', {},
    element('div.line', { role: 'group', 'aria-label': text('mine.export') }, element('span.subtle', { text: text('mine.export'), 'aria-hidden': 'true' }), ...FORMATS.map(press)),
    said);
}

/** No address of the app is opened: the file is made of what came, and let go after a while. */
function save({ filename, content_type: type, content }) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element('a', { href: address, download: filename });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
