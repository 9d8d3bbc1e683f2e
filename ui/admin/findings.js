/** What a check or a save found: errors first, then warnings; or that everything works. */
import { element } from '../elements.js';
import { text } from '../words.js';

/** @param {function(object): Node} lineOf makes a finding's line, leading to its field */
export function findings(answer, lineOf) {
  const kind = answer.ok ? (answer.findings.length ? 'notice-warning' : 'notice-success') : 'notice-error';
  const title = answer.ok ? (answer.findings.length ? 'check.warnings' : 'check.fine') : 'check.errors';
  return element(`div.notice.${kind}`, { role: 'status' },
    element('h4', { text: text(title) }),
    findingList(answer.findings, lineOf),
    element('p.subtle', { text: text('check.nothing-saved') }));
}

/** The findings alone, the errors first; null where there are none. */
export function findingList(found, lineOf) {
  const sorted = [...found].sort((a, b) => (a.severity === 'error' ? 0 : 1) - (b.severity === 'error' ? 0 : 1));
  return sorted.length > 0 ? element('ul.stack', {}, ...sorted.map((one) => line(one, lineOf))) : null;
}

function line(finding, lineOf) {
  const made = lineOf(finding);
  const kind = finding.severity === 'error' ? 'error' : 'warning';
  made.prepend(element(`span.lozenge.lozenge-${kind}`, { text: text(`check.${kind}`) }), ' ');
  return made;
}
