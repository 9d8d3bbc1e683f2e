/**
 * The functions of the import type: each passes a call of Assets on to the app and gives its answer.
 * Nothing is decided, kept or read here; who is calling, Forge tells the app by its own token.
 */
import { invokeRemote } from '@forge/api';

const REMOTE = 'my-assets-app';

const passOn = (name) => async ({ importId, workspaceId, schemaId }) => {
  const answer = await invokeRemote(REMOTE, {
    path: `/forge/import/${name}`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ importId, workspaceId, schemaId }),
  });
  if (!answer.ok) throw new Error(`The app answered ${answer.status} to "${name}".`);
  return answer.status === 204 ? undefined : answer.json();
};

export const status = passOn('status');
export const start = passOn('start');
export const stop = passOn('stop');
export const deleted = passOn('deleted');
