// Signatures of what is sent, as Standard Webhooks has them. Owns: how secrets look, what is signed. Never touches: where secrets are kept.
//   outbound.G1. Of two secrets that are good at once both sign, so that a receiver may change over at any moment between.

import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The headers that sign a message; `time`: seconds since 1970 of this attempt. */
export function signatureHeaders(
  id: string,
  time: number,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(time),
    'webhook-signature': signed.join(' '),
  };
}
