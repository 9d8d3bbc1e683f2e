/** Reads an answer of the app, whichever door brought it. */
import { Problem } from './problem.js';

/** Its JSON, null for 204. Throws Problem; an aborted `signal` throws its AbortError. */
export async function answerOf(response, signal) {
  if (!response.ok) throw await Problem.from(response);
  if (response.status === 204) return null;
  return response.json().catch((error) => {
    signal?.throwIfAborted();
    throw new Problem({ kind: 'failed', detail: error.name });
  });
}
