// The console's shell in a real browser: its files, signing in, the navigation by keys, what may not be seen, colours and languages, on a desk and a phone.

import t from 'tap';
import { shop } from '../gateway/shop.js';
import { consoleOf, faults } from './console.js';

t.test('a desk: signs in, looks round, in both languages and colours', async (t) => {
  const served = await shop(t, [], 1);
  const seen = await consoleOf(t, served, { language: 'en' });
  await seen.open('', 'home');
  t.same(await faults(seen), []);
});
