// Short messages, and notices to a webhook: as requests. Owns: their headers and bodies, what answers mean. Never touches: connections.

import type { Attempt } from '../sending.js';
import { signatureHeaders } from '../signing.js';
import { Posting } from './posting.js';
import type { NoticeMessage } from './shapes.js';

/** It will never be taken: the number is none, the text is not liked. */
const FINAL: ReadonlySet<number> = new Set([400, 404, 413, 422]);

const FILLED = /\{(to|text|id|secret)\}/g;

const filledAll = (
  texts: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      text.replace(FILLED, (_, one: string) => values[one] ?? ''),
    ]),
  );

export class Requests extends Posting {
  override async send(message: NoticeMessage): Promise<Attempt> {
    const { url, type } = this.channel;
    const [headers, body] = type === 'sms' ? this.#short(message) : this.#signed(message);
    const attempt = await this.sender.post(
      url,
      { ...headers, 'idempotency-key': message.id },
      body,
    );
    const { status = 0 } = attempt;
    return FINAL.has(status) ? { ...attempt, isFinal: true } : attempt;
  }

  #short({ id, to, short }: NoticeMessage): [headers: Record<string, string>, body: string] {
    const { headers = {}, fields = {}, format = 'json', secret = '' } = this.channel;
    const own = filledAll(headers, { secret });
    const values = filledAll(fields, { to, text: short, id, secret });
    return format === 'json'
      ? [{ ...own, 'content-type': 'application/json' }, JSON.stringify(values)]
      : [
          { ...own, 'content-type': 'application/x-www-form-urlencoded' },
          new URLSearchParams(values).toString(),
        ];
  }

  #signed(message: NoticeMessage): [headers: Record<string, string>, body: string] {
    const { id, notice, owner, language, subject, text, short, at, alert, report } = message;
    const time = new Date(at).toISOString();
    const whose = alert !== undefined ? { alert } : report !== undefined ? { report } : { owner };
    const said = { id, notice, ...whose, language, subject, text, short, time };
    const body = JSON.stringify(said);
    const { secret = '' } = this.channel;
    const signed = signatureHeaders(id, Math.floor(this.now() / 1_000), body, [secret]);
    return [{ ...signed, 'content-type': 'application/json' }, body];
  }
}
