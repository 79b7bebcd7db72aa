// What hosts may say to the page that they embed: a table, and values drawn at random, of which none may leave its declaration.

import t from 'tap';
import { readMessage } from '../../gateway/member/page/embed/contract.js';
import { readTheme, VARIABLES } from '../../gateway/member/page/embed/theme.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const message = (type: string, more: object = {}) => readMessage({ jifen: 1, type, ...more });
const problemOf = (said: unknown) => (said as { problem?: object }).problem;

t.test('messages', async (t) => {
  for (const other of [undefined, null, 1, 'ticket', [], {}, { type: 'ticket', ticket: 'x' }])
    t.equal(readMessage(other), undefined, `${JSON.stringify(other)} is somebody else’s`);
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ jifen: 2, type: 'ticket', ticket: 'x' }, 'jifen'],
    [{ jifen: '1', type: 'ticket', ticket: 'x' }, 'jifen'],
    [{ jifen: 1 }, 'type'],
    [{ jifen: 1, type: 'eval', code: '1' }, 'type'],
    [{ jifen: 1, type: 'ticket' }, 'ticket'],
    [{ jifen: 1, type: 'ticket', ticket: '' }, 'ticket'],
    [{ jifen: 1, type: 'ticket', ticket: 'x'.repeat(513) }, 'ticket'],
    [{ jifen: 1, type: 'ticket', ticket: { toString: 'x' } }, 'ticket'],
    [{ jifen: 1, type: 'language', language: 'de' }, 'language'],
    ...['//evil.example', 'https://evil.example', '/\\evil.example', 'mall', '/mall?x', '/mall#x']
      .concat([
        '/../v1',
        '/mall/..',
        '/mall/.',
        '/%2e%2e',
        '/a/b/c/d',
        '/Mall',
        '/mall/',
        'javascript:1',
      ])
      .map((to) => [{ jifen: 1, type: 'navigate', to }, 'to'] as const),
    [{ jifen: 1, type: 'theme' }, 'variables'],
    [{ jifen: 1, type: 'theme', variables: [] }, 'variables'],
    [{ jifen: 1, type: 'theme', variables: { '--other': '#fff' } }, '--other'],
    [{ jifen: 1, type: 'theme', variables: { '--accent': '#fff', color: '#000' } }, 'color'],
    [{ jifen: 1, type: 'theme', variables: JSON.parse('{"__proto__":{"x":1}}') }, '__proto__'],
  ];
  for (const [said, field] of wrong)
    t.match(problemOf(readMessage(said)), { field, detail: /^must be / }, JSON.stringify(said));
  t.same(message('ticket', { ticket: 'jifen_tk' }), { type: 'ticket', ticket: 'jifen_tk' });
  t.same(message('language', { language: 'zh' }), { type: 'language', language: 'zh' });
  for (const to of ['/', '/mall', '/mall/tea', '/orders/0123456789ABCDEF', '/history/a/b'])
    t.same(message('navigate', { to }), { type: 'navigate', to });
});

const GOOD: Readonly<Record<string, readonly string[]>> = {
  '--accent': [
    '#fff',
    '#0b6e4f',
    '#0b6e4f80',
    'rgb(1, 2, 3)',
    'rgb(1 2 3 / 50%)',
    'hsl(120deg 50% 50%)',
  ],
  '--radius': ['0px', '12px', '1.5rem', '64px'],
  '--font': ['"Noto Sans SC", system-ui, sans-serif', '"苹方", serif', 'Georgia'],
};
const BAD: Readonly<Record<string, readonly string[]>> = {
  '--accent': [
    ...['url(https://evil.example/x)', 'red;background:url(//evil.example)', 'var(--x)', 'red', ''],
    ...['expression(alert(1))', '#ggg', '#12345', 'rgb(1,2)', 'rgb(1,2,url(x))', 'image-set("x")'],
    ...['#fff}body{display:none', 'calc(1px)', 'attr(x)', '#fff\n', 'rgb(1, 2, 3) /* */', 'env(x)'],
    ...['color-mix(in srgb, red, blue)', 'transparent', 'currentcolor', 'inherit', '#FFF\u0000'],
  ],
  '--radius': [
    '65px',
    '-1px',
    '5rem',
    '1em',
    '10%',
    'calc(1px)',
    '1e3px',
    '12',
    '100vw',
    '0.001px',
  ],
  '--font': [
    ...['"a";x:y', 'a, url(x)', '"a\\"b"', '"a\nb"', 'a b', "'Arial'", 'x'.repeat(50), ','],
    ...[Array.from({ length: 9 }, () => 'a').join(','), 'var(--a)', '"</style>"'],
  ],
};

t.test('themes', async (t) => {
  const kinds = { '--accent': 'colour', '--radius': 'length', '--font': 'font' } as const;
  for (const name of Object.keys(kinds)) {
    for (const value of GOOD[name] ?? [])
      t.same(readTheme({ [name]: value }), new Map([[name, value]]), `${name}: ${value}`);
    for (const value of BAD[name] ?? [])
      t.match(readTheme({ [name]: value }), { field: name }, `${name}: ${value}`);
  }
  t.match(readTheme({ '--accent': 7 }), { field: '--accent' });
});

// Of what is taken, nothing ends a declaration, opens a comment or names an address: whatever it is made of.
const PIECES = [
  '#fff',
  'rgb(',
  ')',
  ',',
  ' ',
  '1',
  '%',
  'px',
  'rem',
  '"',
  "'",
  ';',
  '}',
  '{',
  '/*',
  '\\',
  'url(',
  ':',
  '//',
  '\n',
  'a',
  '字',
  '-',
  '.',
  'deg',
  '/',
  '!important',
  '</style>',
];
const cases = campaign({ name: 'themes', long: 100_000, sample: 1_500 });
t.test('drawn themes', async (t) => {
  let taken = 0;
  await cases.run((seed) => {
    const random = new Random(seed);
    const name = random.pick(Object.keys(VARIABLES));
    const value = Array.from({ length: 1 + random.int(9) }, () => random.pick(PIECES)).join('');
    const theme = readTheme({ [name]: value });
    if ('field' in theme) return;
    taken++;
    if (/[;{}\\:!<>\n]|\/\*|\/\/|url|(?<!^rgb|^hsl|^rgba|^hsla)\(/i.test(value))
      throw new Error(`${name}: ${JSON.stringify(value)} was taken`);
  });
  t.ok(taken > 0, 'some are good');
});
