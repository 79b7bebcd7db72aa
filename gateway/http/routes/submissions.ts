// Exchanges that can wait: submitted, withdrawn, read. Owns: their paths, who may read which. Never touches: what an exchange comes to, when it is
// carried out.

import { assetsOf, storedId, submissionAt } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { readProblem } from '../../auth/permits.js';
import { either, forAct, membersToo } from '../../auth/principal.js';
import { pendingCounts, pendingPage } from '../../clearing/pending.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/submissions.js';
import { fits, isAssetCode, User } from '../../schema/words.js';
import { ACCOUNT, OK, submitted } from './submit.js';

const READS_SUBMISSION = new ActReader(about.SUBMIT);
const READS_WITHDRAWAL = new ActReader(about.WITHDRAW, ['submission']);
const SUBMISSIONS = '/v1/exchange-submissions';
const PENDING = '/v1/pending-exchanges';
const isUser = fits(User);

/** The routes of exchanges that can wait. */
export function submissionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const acts = { method: 'POST', body: 'required', module: 'acts', repeats: true } as const;
  const reads = { method: 'GET', access: either('read'), module: 'acts' } as const;
  return [
    {
      ...acts,
      path: SUBMISSIONS,
      access: forAct(about.SUBMIT),
      describes: about.submitDescription(limits),
      handle: (call) => {
        const command = READS_SUBMISSION.read(call.body, [], call.idempotencyKey);
        return submitted(ledger, call, command, { named: besideIt });
      },
    },
    {
      ...acts,
      path: `${SUBMISSIONS}/{submission}/withdraw`,
      access: forAct(about.WITHDRAW),
      describes: about.withdrawDescription(limits),
      handle: (call) => {
        const command = READS_WITHDRAWAL.read(call.body, call.path, call.idempotencyKey);
        return submitted(ledger, call, command, { fresh: OK, named: besideIt });
      },
    },
    {
      ...reads,
      access: membersToo('read'),
      path: `${ACCOUNT}/exchange-submissions/{submission}`,
      describes: about.SUBMISSION_DESCRIPTIONS.read,
      handle: (call) => read(ledger, call),
    },
    {
      ...reads,
      path: PENDING,
      describes: about.SUBMISSION_DESCRIPTIONS.counts,
      handle: async ({ principal }) => {
        const assets = assetsOf(principal, 'read');
        const counts = await pendingCounts(engineOf(ledger));
        if (isRefusal(counts)) return problem(counts);
        return json(OK, { assets: counts.filter(({ asset }) => assets?.has(asset) ?? true) });
      },
    },
    {
      ...reads,
      path: `${PENDING}/{asset}`,
      describes: about.SUBMISSION_DESCRIPTIONS.list,
      handle: async ({ principal, path: [asset = ''], query }) => {
        if (!isAssetCode(asset)) return problem(refuse('ASSET_INVALID', 'asset'));
        const forbidden = readProblem(principal, asset, 'asset');
        if (forbidden !== undefined) return problem(forbidden);
        const page = await pendingPage(engineOf(ledger), asset, principal, query['cursor']);
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
  ];
}

async function read(ledger: ServedLedger, { principal, path }: Call): Promise<Answer> {
  const [owner = '', submission = ''] = path;
  if (principal.owner !== undefined && principal.owner !== owner)
    return problem(refuse('OWNER_FORBIDDEN', 'owner'));
  // Who is no user has submitted nothing.
  if (!isUser(owner)) return problem(refuse('EXCHANGE_NOT_FOUND', 'owner'));
  const id = storedId(submission, principal.scope);
  const found = await submissionAt(engineOf(ledger).own, owner, id);
  if (isRefusal(found)) return problem(found);
  if (found === undefined) return problem(refuse('EXCHANGE_NOT_FOUND', 'submission'));
  const forbidden =
    readProblem(principal, found.from, 'submission') ??
    readProblem(principal, found.to, 'submission');
  return forbidden === undefined ? json(OK, { owner, submission, ...found }) : problem(forbidden);
}
