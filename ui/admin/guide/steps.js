/**
 * The steps of setting up, derived from what the app says of its parts and runs. Pure: nothing of it
 * is kept anywhere, so setting up can be left and taken up again at any time, by anyone.
 */

const CONNECTED = ['assets-access', 'entra'];
const CHOSEN = ['import', 'consent'];
const BEFORE_AN_IMPORT = [...CONNECTED, ...CHOSEN];
const LIVE = new Set(['queued', 'running', 'braked']);

/**
 * @param {object} states of the parts, as `GET settings` gives them
 * @param {object[]|null} runs newest first; null while nobody could say
 * @returns {{name, state, lacks, parts, run}[]} `state`: done, now (the next to do), open (can be done), waits;
 *   `lacks`: what is missing as `<part>.<why>`; `parts`: where to do it; `run`: what an import does or did last
 */
export function stepsOf(states, runs) {
  const steps = [
    ...CONNECTED.map((name) => partStep(name, [name], states)),
    partStep('choose', CHOSEN, states),
    runStep('preview', states, runs, (run) => run.state === 'succeeded'),
    runStep('run', states, runs, (run) => run.state === 'succeeded' && run.mode !== 'preview'),
    partStep('visibility', ['visibility'], states),
  ];
  const next = steps.find((step) => step.state === 'open');
  if (next) next.state = 'now';
  return steps;
}

export const allDone = (steps) => steps.every((step) => step.state === 'done');

/** What is missing of a part; null where nothing is. */
function lack(part, states) {
  const state = states[part] ?? {};
  if (state.set && state.readable === false) return `${part}.unreadable`;
  if (part === 'consent') return state.entra_import ? null : 'consent.unset';
  if (!state.set) return `${part}.unset`;
  return part === 'entra' && state.secret_expiry?.days_left <= 0 ? 'entra.expired' : null;
}

function partStep(name, parts, states) {
  const missing = parts.filter((part) => lack(part, states));
  return { name, state: missing.length ? 'open' : 'done', lacks: missing.map((part) => lack(part, states)), parts: missing };
}

function runStep(name, states, runs, fits) {
  const first = BEFORE_AN_IMPORT.filter((part) => lack(part, states));
  const made = runs?.some(fits);
  const run = runs?.find((one) => name === 'preview' || one.mode !== 'preview');
  const told = run && (LIVE.has(run.state) || run.state === 'failed') ? run : null;
  if (made) return { name, state: 'done', lacks: [], parts: [], run: null };
  if (first.length) return { name, state: 'waits', lacks: first.map((part) => lack(part, states)), parts: first, run: null };
  return { name, state: runs ? 'open' : 'waits', lacks: [runs ? `${name}.none` : 'runs.unknown'], parts: [], run: told };
}
