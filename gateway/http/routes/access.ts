// Routes of platforms and keys. Owns: their paths and answers. Never touches: what is kept of them.

import type { Directory } from '../../auth/directory.js';
import { addKey, revokeKey } from '../../auth/keys.js';
import {
  addPlatform,
  rotateSecret,
  setDisabled,
  updatePlatform,
  type WithSecret,
} from '../../auth/platforms.js';
import { type Platform, VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { KEY_DESCRIPTIONS, PLATFORM_DESCRIPTIONS } from '../../schema/access-descriptions.js';
import { fullBody } from '../../schema/check.js';

const PLATFORM = '/v1/platforms/{platform}';

/** The routes of platforms and keys. */
export function accessRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [...platformRoutes(ledger, limits), ...keyRoutes(ledger)];
}

function partsOf(ledger: ServedLedger): AccessParts {
  if (ledger.access === undefined) throw new Error('a request came before the ledger was open');
  return ledger.access;
}

/** A route of administrators. */
const administration = { access: WHOLE_LEDGER, module: 'access' } as const;

// What was changed counts here before it is answered.
async function changed<T extends object>(
  ledger: ServedLedger,
  made: T | Refusal,
  answer: (made: T) => Answer,
): Promise<Answer> {
  if (isRefusal(made)) return problem(made);
  await partsOf(ledger).directory.changed();
  return answer(made);
}

/** What platforms and keys are now, also where another node changed them a moment ago. */
async function current(
  ledger: ServedLedger,
  answer: (directory: Directory) => Answer,
): Promise<Answer> {
  const { directory } = partsOf(ledger);
  const refused = await directory.refresh();
  return refused === undefined ? answer(directory) : problem(refused);
}

const platformAnswer = (status: number, platform: Platform): Answer =>
  json(status, platform, { platform: platform.id });

// The secret is in the answer, and not in what is written down of it.
const secretAnswer = (status: number, { platform, secret }: WithSecret): Answer =>
  json(status, { ...platform, secret }, { platform: platform.id });

function platformRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const verbs = (['disable', 'enable'] as const).map(
    (verb): Route => ({
      ...administration,
      method: 'POST',
      path: `${PLATFORM}/${verb}`,
      describes: PLATFORM_DESCRIPTIONS[verb],
      body: 'optional',
      handle: async (call) => {
        const { path, body } = call;
        const no = fullBody(body);
        if (no !== undefined) return problem(no);
        const made = await setDisabled(recordsOf(ledger, call), path[0] ?? '', verb === 'disable');
        return changed(ledger, made, (platform) => platformAnswer(200, platform));
      },
    }),
  );
  const rotate = async (call: Call): Promise<Answer> => {
    const { path, body } = call;
    const overlap = limits.secretOverlapSeconds;
    const { sealer } = partsOf(ledger);
    const made = await rotateSecret(recordsOf(ledger, call), sealer, path[0] ?? '', body, overlap);
    return changed(ledger, made, (found) => secretAnswer(200, found));
  };
  return [
    {
      ...administration,
      method: 'POST',
      path: '/v1/platforms',
      describes: PLATFORM_DESCRIPTIONS.add,
      body: 'required',
      handle: async (call) => {
        const { body } = call;
        const made = await addPlatform(recordsOf(ledger, call), partsOf(ledger).sealer, body);
        return changed(ledger, made, (found) => secretAnswer(201, found));
      },
    },
    {
      ...administration,
      access: VIEWERS,
      method: 'GET',
      path: '/v1/platforms',
      describes: PLATFORM_DESCRIPTIONS.list,
      handle: () => current(ledger, ({ platforms }) => json(200, { platforms })),
    },
    {
      ...administration,
      access: VIEWERS,
      method: 'GET',
      path: PLATFORM,
      describes: PLATFORM_DESCRIPTIONS.get,
      handle: ({ path }) =>
        current(ledger, ({ platforms }) => {
          const found = platforms.find(({ id }) => id === path[0]);
          if (found === undefined) return problem(refuse('PLATFORM_NOT_FOUND', 'platform'));
          return json(200, found);
        }),
    },
    {
      ...administration,
      method: 'PUT',
      path: PLATFORM,
      describes: PLATFORM_DESCRIPTIONS.change,
      body: 'required',
      handle: async (call) => {
        const { path, body } = call;
        const made = await updatePlatform(recordsOf(ledger, call), path[0] ?? '', body);
        return changed(ledger, made, (platform) => platformAnswer(200, platform));
      },
    },
    {
      ...administration,
      method: 'POST',
      path: `${PLATFORM}/rotate`,
      describes: PLATFORM_DESCRIPTIONS.rotate,
      body: 'optional',
      handle: rotate,
    },
    ...verbs,
  ];
}

function keyRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      ...administration,
      method: 'POST',
      path: '/v1/keys',
      describes: KEY_DESCRIPTIONS.add,
      body: 'required',
      handle: async (call) => {
        const { body } = call;
        const made = await addKey(recordsOf(ledger, call), body, call.principal.principal);
        return changed(ledger, made, ({ issued, key }) =>
          json(201, { ...issued, key }, { key: issued.id }),
        );
      },
    },
    {
      ...administration,
      access: VIEWERS,
      method: 'GET',
      path: '/v1/keys',
      describes: KEY_DESCRIPTIONS.list,
      handle: () => current(ledger, ({ keys }) => json(200, { keys })),
    },
    {
      ...administration,
      method: 'POST',
      path: '/v1/keys/{key}/revoke',
      describes: KEY_DESCRIPTIONS.revoke,
      body: 'optional',
      handle: async (call) => {
        const { path, body } = call;
        const no = fullBody(body);
        if (no !== undefined) return problem(no);
        const made = await revokeKey(recordsOf(ledger, call), path[0] ?? '');
        return changed(ledger, made, (issued) => json(200, issued, { key: issued.id }));
      },
    },
  ];
}
