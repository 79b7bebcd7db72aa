// A server in a process of its own that is told by messages to have members consent: to be killed. Run by campaign.test.ts.

import { randomBytes } from 'node:crypto';
import { gatewayLimits } from '../../../gateway/limits.js';
import { startServer } from '../../../gateway/serve.js';
import { good, memberOf, oauthOver } from './world.js';

/** What the process is started with, in JIFEN_CHILD. */
export interface ChildSettings {
  readonly folder: string;
  readonly port: number;
  readonly refreshRepeatSeconds: number;
}

/** Asks for a code of a member. */
export interface Ask {
  readonly number: number;
  readonly owner: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const settings = JSON.parse(process.env.JIFEN_CHILD ?? '{}') as ChildSettings;
const { folder, port, refreshRepeatSeconds } = settings;
const limits = gatewayLimits({
  refreshRepeatSeconds: refreshRepeatSeconds,
  visitorRate: { limit: 1_000_000, seconds: 1 },
  grantTokensMax: 16,
});
const server = await startServer({ port, limits, engine: { folder, shards: 2, cacheMb: 64 } });
const onDefect = (error: unknown): void => console.error(error);
const { oauth } = await oauthOver({ server, folder, limits, onDefect });
const seat = { address: '10.0.0.1', agent: 'test' };
const still = async () => undefined;

process.on('message', async ({ number, owner, parameters }: Ask) => {
  const read = good(await oauth.authorize(parameters));
  if (read.is !== 'request') throw new Error(JSON.stringify(read));
  const { request } = read;
  const form = randomBytes(32).toString('base64url');
  const consent = { ...memberOf(owner), request, scopes: request.scopes, form, seat, still };
  const made = good(await oauth.consent(consent));
  if (made === 'used') throw new Error('a new form is used');
  process.send?.({ number, code: new URL(made.location).searchParams.get('code') });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ address: server.address, key: server.adminKey.key });
