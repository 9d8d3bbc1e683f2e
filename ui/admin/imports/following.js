/** Follows a run until it ends: asks again and again, more slowly when nothing can move by itself. */
import { call } from '../../door.js';

const STEP_MS = 1500;
const BRAKED_STEP_MS = 10_000;
const TROUBLE_STEP_MS = 5000;

export const LIVE = new Set(['queued', 'running', 'braked']);

/** @param {function(object)} tell takes each state; @param {function(Error)} fail takes each failed look. Gives stop(). */
export function follow(id, tell, fail) {
  let timer;
  let stopped = false;
  const again = (wait) => !stopped && (timer = setTimeout(look, wait));

  async function look() {
    try {
      const run = await call('GET', `imports/${encodeURIComponent(id)}`);
      if (stopped) return;
      tell(run);
      if (LIVE.has(run.state)) again(run.state === 'braked' ? BRAKED_STEP_MS : STEP_MS);
    } catch (error) {
      if (stopped) return;
      fail(error);
      if (error.mayPass) again(Math.max(TROUBLE_STEP_MS, (error.retryAfter ?? 0) * 1000));
    }
  }

  again(STEP_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
