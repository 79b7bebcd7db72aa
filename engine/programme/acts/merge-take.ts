// A part of what is kept of a member who was merged comes to the other one. Caused by the merge; undone with it.

import { FOLLOW_UPS_MAX, RECORDS_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { time as timeField, user, whole } from '../../protocol/fields.js';
import { act, type Json } from '../act.js';
import {
  areParcels,
  beside,
  carriedBack,
  carriedOver,
  fitsPlan,
  MERGE_FORWARD,
  MERGE_TAKE,
  MERGED_FROM,
  type Parcel,
} from '../merging.js';
import { countedBack } from '../undone.js';

interface Body {
  readonly from: string;
  readonly part: number;
}

export const mergeTake = act({
  name: MERGE_TAKE,
  version: 1,
  about: 'What is kept of a member who was merged comes to the other one. Made by a merge.',
  body: {
    from: user(),
    /** Which part it is, from 1 on. */
    part: whole(1, FOLLOW_UPS_MAX, 'ACT_BODY_INVALID'),
    /** When they were merged, and until when it can be undone. */
    at: timeField('ACT_BODY_INVALID'),
    until: timeField('ACT_BODY_INVALID'),
    records: json<readonly Parcel[]>(
      { type: 'array' },
      areParcels,
      'What goes over: type, key and value of each record.',
      'ACT_BODY_INVALID',
    ),
  },
  isCausedOnly: true,
  causes: [MERGE_FORWARD],
  needs: ['admin'],
  refusals: ['ACCOUNT_BUSY'],

  decide(see, { from, part, at, until, records }, { owner, time }) {
    const joining = { from, into: owner, time };
    const { deltas, effects, puts, ...more } = carriedOver(see, records, joining);
    const told = { type: MERGED_FROM, key: from, value: { id: see.id, at, until } };
    const plan = {
      legs: [],
      ...more,
      records: part === 1 ? [...more.records, told] : more.records,
      puts: [...puts, beside.arrived(from, owner, part)],
      effects: [...effects, { type: 'mergeTaken', from, part }],
      why: { from, deltas: deltas as unknown as Json },
    };
    // Nothing of it is lost where the other one has no room, or has so much itself that it does not fit: it waits until windows of counters are over.
    const count = see.recordCount + more.records.length + more.counters.length;
    const hasRoom = count < RECORDS_MAX && fitsPlan(plan);
    return hasRoom ? plan : { refusal: 'ACCOUNT_BUSY' };
  },

  undo(see, { body, counters, why }, { owner, time }) {
    const { from, part } = body as Body;
    const joining = { from, into: owner, time };
    const back = carriedBack(see, why['deltas'] as unknown as readonly Parcel[], joining);
    const gone = { type: MERGED_FROM, key: from, value: null };
    return {
      records: part === 1 ? [...back.records, gone] : back.records,
      counters: counters.flatMap((one) => countedBack(see, one, one.add, time)),
      puts: [...back.puts, beside.arrived(from, owner, part)],
      effects: [...back.effects, { type: 'mergeTakenBack', from, part }],
      why: { from },
    };
  },
});
