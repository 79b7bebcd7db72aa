// Messages in parts: what comes out is what went in, whatever happens to the parts on their way; memory is bounded.

import fc from 'fast-check';
import t from 'tap';
import { HEAD_BYTES, Joiner, Splitter } from '../../engine/bus/fragments.js';
import { UNJOINED_MESSAGES_MAX, UNJOINED_MS_MAX } from '../../engine/limits.js';

const content = (seed: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255);

t.test('loss, repeats and any order', async () => {
  const message = fc.record({ bytes: fc.nat(3_000), partBytes: fc.integer({ min: 40, max: 900 }) });
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 8 }),
      fc.array(fc.record({ pick: fc.nat(), fate: fc.nat(9) })),
      (messages, fates) => {
        const senders = [new Splitter(), new Splitter()];
        const sent = messages.map(({ bytes }, i) => content(i, bytes));
        const parts = messages.flatMap(({ partBytes }, i) =>
          (senders[i % 2] as Splitter)
            .split(sent[i] as Uint8Array, partBytes)
            .map((part, index) => ({ part, i, index })),
        );
        const lost = new Set<number>();
        const way = parts.slice();
        for (const { pick, fate } of fates) {
          const at = pick % way.length;
          const [one] = way.splice(at, 1) as [(typeof way)[number]];
          if (fate === 0) lost.add(one.i);
          else if (fate < 4) way.push(one, one);
          else way.splice((pick * 7) % (way.length + 1), 0, one);
          if (way.length === 0) break;
        }
        const joiner = new Joiner();
        const found = way.flatMap(({ part }) => joiner.join(part, 0) ?? []);
        const texts = found.map((bytes) => Buffer.from(bytes).toString('hex'));
        sent.forEach((bytes, i) => {
          const text = Buffer.from(bytes).toString('hex');
          if (!lost.has(i) && !texts.includes(text)) throw new Error(`message ${i} is missing`);
        });
        const known = new Set(sent.map((bytes) => Buffer.from(bytes).toString('hex')));
        if (texts.some((text) => !known.has(text))) throw new Error('a message nobody sent');
      },
    ),
    { numRuns: 300 },
  );
});

t.test('a part that is changed is no part of a message', async (t) => {
  const parts = new Splitter().split(content(1, 500), 128);
  t.equal(parts.length, 5);
  const joiner = new Joiner();
  for (const part of parts) {
    for (let bit = 0; bit < part.length * 8; bit += 7) {
      const changed = part.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const others = parts.map((one) => (one === part ? changed : one));
      const fresh = new Joiner();
      for (const one of others) {
        const whole = fresh.join(one, 0);
        if (whole !== undefined && Buffer.compare(whole, content(1, 500)) !== 0)
          t.fail(`bit ${bit} changed the message`);
      }
    }
  }
  for (let length = 0; length < HEAD_BYTES; length++)
    t.equal(joiner.join((parts[0] as Uint8Array).slice(0, length), 0), undefined);
  t.equal(joiner.dropped, HEAD_BYTES);
});

t.test('what is never completed is given up', async (t) => {
  const splitter = new Splitter();
  const joiner = new Joiner();
  const first = splitter.split(content(2, 500), 300);
  joiner.join(first[0] as Uint8Array, 0);
  t.same(joiner.join(first[1] as Uint8Array, UNJOINED_MS_MAX - 1), content(2, 500));
  const late = splitter.split(content(3, 500), 300);
  joiner.join(late[0] as Uint8Array, 0);
  t.equal(joiner.join(late[1] as Uint8Array, UNJOINED_MS_MAX), undefined, 'after a while');
  const many = new Joiner();
  const begun = Array.from({ length: UNJOINED_MESSAGES_MAX + 1 }, () =>
    splitter.split(content(4, 500), 300),
  );
  for (const parts of begun) many.join(parts[0] as Uint8Array, 0);
  t.equal(many.dropped, 1, 'the oldest of too many');
  t.equal(many.join(begun[0]?.[1] as Uint8Array, 0), undefined);
  t.same(many.join(begun.at(-1)?.[1] as Uint8Array, 0), content(4, 500));
  t.same(splitter.split(content(5, 10), HEAD_BYTES), [], 'no room for anything');
});
