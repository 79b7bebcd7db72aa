// Replies between nodes: what is packed is what is unpacked.

import t from 'tap';
import { packReply, unpackReply } from '../../engine/cluster/wire.js';
import { RESULT } from '../../engine/shard/messages.js';

t.test('what remains of an original whose legs are all reversed', async (t) => {
  const remaining = [0, 0, 5];
  const answers = [{ type: 'read-transfer', found: undefined, remaining } as const];
  const nothing = { segments: [], replayed: [], opened: [] };
  const reply = { ...nothing, results: new Int32Array([RESULT.answer, 0]), answers };
  const told = unpackReply(packReply({ session: 1, reply }), 1);
  t.match(told, { reply: { answers: [{ remaining }] } });
});
