import { createHmac } from 'node:crypto';
import t from 'tap';
import { keyedDigest } from '../../engine/protocol/keyed-digest.js';
import { Random } from '../random.js';

t.test('a digest is HMAC-SHA256, of whichever key and text came before', async (t) => {
  const random = new Random(1);
  const letters = ['a', '"', 'é', '点', '😀', '\ud800'];
  const keys = [0, 1, 32, 64, 65].map((bytes) =>
    Uint8Array.from({ length: bytes }, () => random.int(256)),
  );
  const wrong: string[] = [];
  for (let n = 0; n < 2_000; n++) {
    const key = keys[random.int(keys.length)] as Uint8Array;
    const length = random.int(2) === 0 ? random.int(60) : 240 + random.int(40);
    const text = Array.from({ length }, () => letters[random.int(letters.length)]).join('');
    const expected = createHmac('sha256', key).update(`jifen proof ${text}`).digest();
    if (Buffer.compare(keyedDigest(key, text), expected) !== 0)
      wrong.push(`${key.length} bytes of key, ${JSON.stringify(text)}`);
  }
  t.strictSame(wrong, []);
});
