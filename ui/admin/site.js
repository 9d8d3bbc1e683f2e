/** Which site this page is about, and what a missing licence means. */
import { element } from '../elements.js';
import { text } from '../words.js';

/** @param {{site: string, licence: string}} about what the app says of the instance; `site` may be empty */
export function siteNotes({ site, licence }) {
  return [
    site && element('p.site', {}, text('site'), ' ', element('strong', { text: hostOf(site), dir: 'ltr' })),
    licence === 'inactive' && unlicensed(),
  ].filter(Boolean);
}

/** A host as Jira shows it in the browser's address. */
function hostOf(site) {
  try {
    return new URL(site).host;
  } catch {
    return site;
  }
}

const unlicensed = () => element('section.notice.notice-warning', { 'aria-labelledby': 'licence' },
  element('h2', { id: 'licence', text: text('licence') }),
  element('p', { text: text('licence.reading') }),
  element('p', { text: text('licence.do') }));
