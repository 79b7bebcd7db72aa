// A member exchanges points, and one side of it, or both, is kept by a partner outside: all is judged now, what is given is held where it is here, and from
// then on it goes by the steps of engine/programme/outside.

import { PARTNER_SECONDS_DEFAULT, PARTNER_SECONDS_MAX } from '../../limits.js';
import { optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { EXCHANGE_REFUSALS, exchangeFields, judged, whyOf } from '../coalition/decide.js';
import { userOfPlatform } from '../coalition/members.js';
import type { Terms } from '../coalition/terms.js';
import { parties } from '../outside/members.js';
import { ADD, DEDUCT, exchangeIdOf, type KeptExchange, type KeptSide } from '../outside/process.js';
import { asked, countedIn, written } from '../outside/turns.js';

export const partnerExchange = act({
  name: 'partner-exchange',
  version: 1,
  about:
    'A member gives points for points, of which one side or both are kept by partners outside: at the rate and fee of now, by recorded steps.',
  body: {
    ...exchangeFields(),
    /** Who gives, as the partner names him whose points are given; left out: they are here. */
    fromUser: optional(userOfPlatform()),
    /** Who gets, as the partner names him; left out: the points are here, or he is not known there yet. */
    toUser: optional(userOfPlatform()),
    seconds: optional(
      whole(
        1,
        PARTNER_SECONDS_MAX,
        'ACT_BODY_INVALID',
        'After so many it goes back, where it is not done. Left out: 86,400 (a day).',
      ),
    ),
  },
  takes: 'exchange',
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: [...EXCHANGE_REFUSALS, 'APPROVAL_REQUIRED', 'RECORD_LIMIT', 'CHANGED_MEANWHILE'],

  decide(see, said, at) {
    const { owner, time, principal } = at;
    const { fromUser, toUser, seconds = PARTNER_SECONDS_DEFAULT, receiver = owner } = said;
    const found = judged(see, said, at, {
      where: 'outside',
      members: (...asks) => parties({ fromUser, toUser }, ...asks),
    });
    if ('refusal' in found) return found;
    const { terms, priced, day, puts } = found;
    const { source: from, target: to } = terms;
    const { approvalAbove } = from.document;
    const waits = approvalAbove !== undefined && said.amount > approvalAbove;
    if (waits && principal === undefined) return { refusal: 'APPROVAL_REQUIRED' };
    const sideOf = (
      { key: asset, document }: Terms['source'],
      amount: number,
      user: string | undefined,
    ): KeptSide => ({
      ...{ platform: document.platform, asset, amount, isOutside: document.outside === true },
      ...{ user: user ?? null, at: null, state: null },
    });
    const source = sideOf(from, said.amount, fromUser);
    const target = sideOf(to, priced.result, toUser);
    const { isOutside } = source;
    const { id } = see;
    const exchange = exchangeIdOf(owner, id);
    const kept: KeptExchange = {
      ...{ id, status: waits ? 'pending_approval' : 'started' },
      step: isOutside || waits ? DEDUCT : ADD,
      source: isOutside && !waits ? asked(source, time) : source,
      target: isOutside || waits ? target : asked(target, time),
      fee: priced.fee,
      receiver: receiver === owner ? null : receiver,
      ...{ submittedAt: time, updatedAt: time, until: time + seconds * 1_000, endedAt: null },
      submittedBy: waits ? (principal as string) : null,
      day: day === undefined ? null : { from: day.from, until: day.until },
      history: isOutside ? [] : [[DEDUCT, 'held', time]],
      ...{ reason: null, moved: null, openings: 0, open: null, inconsistency: null },
    };
    const changes = written(see, exchange, at, null, kept);
    return {
      ...changes,
      ...(isOutside ? {} : { hold: { asset: said.from, amount: said.amount } }),
      assets: [said.from, said.to],
      counters: countedIn(kept),
      puts: [...puts, ...changes.puts],
      why: { ...whyOf([], terms, priced), exchange },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
