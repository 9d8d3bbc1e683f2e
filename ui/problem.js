/** What went wrong with a call, as data. Pages decide by `kind`, never by a text. */

const KINDS = {
  0: 'offline', 401: 'refused', 403: 'not-allowed', 404: 'not-there', 409: 'clash', 413: 'too-large', 422: 'input',
  429: 'slow-down', 502: 'failed', 503: 'unreachable', 504: 'timed-out',
};
const NAMED = ['not-configured', 'settings-unreadable', 'licence', 'outcome-unknown'];
const MAY_PASS = new Set(['offline', 'slow-down', 'failed', 'unreachable', 'timed-out', 'unknown', 'connect', 'bridge']);

export class Problem extends Error {
  constructor({ status = 0, kind, detail = '', code, values, problems = [], requestId = '', retryAfter = 0 }) {
    super(kind ?? KINDS[status] ?? 'unknown');
    Object.assign(this, { status, kind: this.message, detail, code, values, problems, requestId, retryAfter });
  }

  /** Trying the same again may help. */
  get mayPass() {
    return MAY_PASS.has(this.kind);
  }

  /** From an answer that is not 2xx; its body may be anything. */
  static async from(response) {
    const body = await response.json().catch(() => ({}));
    const named = NAMED.find((name) => String(body?.type ?? '').endsWith(`/${name}`));
    return new Problem({
      status: response.status,
      kind: named,
      detail: typeof body?.detail === 'string' ? body.detail : '',
      code: body?.code,
      values: body?.values,
      problems: Array.isArray(body?.problems) ? body.problems : [],
      requestId: typeof body?.request_id === 'string' ? body.request_id : '',
      retryAfter: secondsOf(response.headers.get('Retry-After')),
    });
  }
}

function secondsOf(header) {
  if (!header) return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = Date.parse(header);
  return Number.isNaN(until) ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
