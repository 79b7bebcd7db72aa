// Files that are read: CSV against a naive reading, hostile files and records, each refused by line and field or as a whole. Owns: the tables. Never
// touches: a server.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CsvReader, type CsvRecord, RECORD_LINES_MAX } from '../../gateway/importing/csv.js';
import { formatOf, recordsIn } from '../../gateway/importing/reading.js';
import { type Defaults, understood } from '../../gateway/importing/words.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';

const cases = campaign({ name: 'CSV as it was written', long: 20_000, sample: 200 });

/** All records of a text. */
function read(text: string): CsvRecord[] {
  const reader = new CsvReader(',');
  return [...text.split('\n').flatMap((line) => reader.take(line)), ...reader.end()];
}

t.test('what was written is read, with the line where it begins', async (t) => {
  await cases.run((seed) => {
    const random = new Random(seed);
    const pieces = ['a', '1', '"', ',', '\n', ' ', '中', "'", ';', ''];
    const expected: CsvRecord[] = [];
    let text = '';
    let line = 1;
    for (let n = 1 + random.int(6); n > 0; n--) {
      const fields = Array.from({ length: 1 + random.int(4) }, () =>
        Array.from({ length: random.int(5) }, () => random.pick(pieces)).join(''),
      );
      const written = fields.map((one) =>
        /[",\n]/.test(one) || random.chance(0.3) ? `"${one.replaceAll('"', '""')}"` : one,
      );
      const record = written.join(',');
      text += `${record}${random.pick(['\n', '\r\n'])}`;
      // A line with nothing on it is no record.
      if (record.trim() !== '') expected.push({ line, fields });
      line += record.split('\n').length;
    }
    t.same(read(text), expected, `seed ${seed}: ${JSON.stringify(text)}`);
  });
  t.match(read('a,"b\nc,d\n'), [
    { line: 1, problem: /never closed/ },
    { line: 2, fields: ['c', 'd'] },
  ]);
  t.match(read('a"b,c\nd'), [
    { line: 1, problem: /quote/ },
    { line: 2, fields: ['d'] },
  ]);
  t.match(read('"a"b,c\nd'), [
    { line: 1, problem: /quote/ },
    { line: 2, fields: ['d'] },
  ]);
  const long = `"x\n${'y\n'.repeat(2 * RECORD_LINES_MAX)}`;
  t.match(read(long)[0], { line: 1, problem: /never closed/ });
  t.equal(read(long).length, 2 * RECORD_LINES_MAX + 1, 'the rest is read from the next line on');
});

const DEFAULTS: Defaults = {
  kind: undefined,
  asset: undefined,
  platform: undefined,
  zone: undefined,
  scales: new Map([
    ['gold', 0],
    ['tin', 2],
  ]),
};
const ENTRY = {
  kind: 'entry',
  owner: 'ann',
  asset: 'tin',
  amount: '1',
  occurredAt: '2026-01-31T08:00:00+08:00',
};

t.test('each fault of a record names its field', async (t) => {
  const faults: readonly (readonly [object, string, string | undefined])[] = [
    [{ kind: 'Entry' }, 'COMMAND_INVALID', 'kind'],
    [{ kind: '' }, 'COMMAND_INVALID', 'kind'],
    [{ owner: '' }, 'OWNER_INVALID', 'owner'],
    [{ owner: '@issue' }, 'OWNER_INVALID', 'owner'],
    [{ owner: '#item:1' }, 'OWNER_INVALID', 'owner'],
    [{ owner: '..' }, 'OWNER_INVALID', 'owner'],
    [{ owner: 'x'.repeat(65) }, 'OWNER_INVALID', 'owner'],
    [{ owner: '=cmd()' }, 'OWNER_INVALID', 'owner'],
    [{ owner: '', user: 'u1' }, 'IDENTITY_INVALID', 'platform'],
    [{ owner: '', user: 'a:b', platform: 'shop' }, 'IDENTITY_INVALID', 'user'],
    [{ user: 'u1', platform: 'Shop!' }, 'IDENTITY_INVALID', 'platform'],
    [{ asset: '' }, 'ASSET_INVALID', 'asset'],
    [{ asset: 'ghost' }, 'ASSET_UNKNOWN', 'asset'],
    [{ amount: '' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '1.234' }, 'AMOUNT_INVALID', 'amount'],
    [{ asset: 'gold', amount: '0.5' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '1,000' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '１２' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '1e3' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '0x10' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: 'NaN' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '--1' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '0' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '90071992547409.92' }, 'AMOUNT_INVALID', 'amount'],
    [{ amount: '9'.repeat(40) }, 'AMOUNT_INVALID', 'amount'],
    [{ kind: 'balance', amount: '-1' }, 'AMOUNT_INVALID', 'amount'],
    [{ kind: 'lot', amount: '-1' }, 'AMOUNT_INVALID', 'amount'],
    [{ occurredAt: '' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '2026-01-31T08:00:00' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '2026-01-31 08:00:00' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '2026-01-31' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '2026-02-30T08:00:00Z' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '31/01/2026 08:00' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '1769817600' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ occurredAt: '-1' }, 'OCCURRED_INVALID', 'occurredAt'],
    [{ expiresAt: 'soon' }, 'EXPIRY_INVALID', 'expiresAt'],
    [{ expiresAt: '2027-01-31T08:00:00' }, 'EXPIRY_INVALID', 'expiresAt'],
    [{ earnedAt: '2026-01-31T08:00:00Z' }, 'OCCURRED_INVALID', 'earnedAt'],
    [{ type: 'a b' }, 'KIND_INVALID', 'type'],
    [{ businessId: 'a b' }, 'REF_INVALID', 'businessId'],
    [{ businessType: 'x'.repeat(33) }, 'KIND_INVALID', 'businessType'],
    [{ id: 'x'.repeat(129) }, 'ID_INVALID', 'id'],
    [{ id: 'a\u0000b' }, 'ID_INVALID', 'id'],
    [{ id: '\ud800' }, 'ID_INVALID', 'id'],
    [{ remark: '中'.repeat(86) }, 'MEMO_INVALID', 'remark'],
    [{ kind: 'member', tier: 'top' }, 'DEFINITION_KEY_INVALID', 'programme'],
    [{ kind: 'member', status: 'gone' }, 'COMMAND_INVALID', 'status'],
  ];
  for (const [more, code, field] of faults)
    t.match(understood({ ...ENTRY, ...more }, DEFAULTS), { code, field }, JSON.stringify(more));
  const rights: readonly (readonly [object, object])[] = [
    [{}, { line: { amount: 100, occurredAt: Date.UTC(2026, 0, 31), expiresAt: undefined } }],
    [{ amount: '-12.50' }, { line: { amount: -1_250 } }],
    [{ amount: '+0012.5000' }, { line: { amount: 1_250 } }],
    [{ amount: '90071992547409.91' }, { line: { amount: Number.MAX_SAFE_INTEGER } }],
    [{ expiresAt: 'never' }, { line: { expiresAt: null } }],
    [{ occurredAt: '1769817600000' }, { line: { occurredAt: 1_769_817_600_000 } }],
    [{ occurredAt: '2026-01-31 08:00Z' }, { line: { occurredAt: Date.UTC(2026, 0, 31, 8) } }],
    [{ kind: 'balance', amount: '0' }, { isEmpty: true }],
    [{ owner: '', user: '张三', platform: 'shop' }, { key: 'shop:张三' }],
  ];
  for (const [more, right] of rights)
    t.match(understood({ ...ENTRY, ...more }, DEFAULTS), right, JSON.stringify(more));
  const zoned = { ...ENTRY, occurredAt: '2026-01-31 08:00:00' };
  const { line } = understood(zoned, { ...DEFAULTS, zone: '+08:00' }) as { line: object };
  t.match(line, { occurredAt: Date.UTC(2026, 0, 31) });
});

t.test(
  'files: what is none as a whole is refused, what a record is not, by its line',
  async (t) => {
    const folder = temporaryFolder(t);
    let n = 0;
    const all = async (content: string | Uint8Array, name = 'x.csv') => {
      const path = join(folder, `${n++}-${name}`);
      writeFileSync(path, content);
      const found: string[] = [];
      for await (const group of recordsIn(path, formatOf(path)))
        for (const one of group)
          found.push(
            'fault' in one
              ? `${one.line} ${one.fault.detail}`
              : `${one.line} ${JSON.stringify(one.said)}`,
          );
      return found;
    };
    const gbk = Buffer.concat([Buffer.from('owner,remark\nann,'), Buffer.from([0xd6, 0xd0, 0x0a])]);
    for (const [content, why, name] of [
      ['', /names its columns/],
      [gbk, /GB18030/],
      [Buffer.from('\ufeffowner\nann\n', 'utf16le'), /UTF-16/],
      [Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /no text/],
      ['owner,points\n', /"points" is no column/],
      ['owner,owner\n', /twice/],
      ['{"owner":"ann"}', /--format/, 'x.json'],
    ] as const)
      await t.rejects(all(content as string, name), { message: why });
    t.same(
      await all('\ufeffowner;amount\r\nann;1\r\n\r\nbob;2'),
      ['2 {"owner":"ann","amount":"1"}', '4 {"owner":"bob","amount":"2"}'],
      'a BOM, semicolons, CRLF, an empty line, no end of the last line',
    );
    t.match(await all('owner,amount\nann\nbob,1,2\ncat,3\n'), [
      /^2 It has 1 fields/,
      /^3 It has 3/,
      /^4 /,
    ]);
    const late = Buffer.concat([
      Buffer.from(`owner\n${'ann\n'.repeat(20_000)}`),
      Buffer.from([0xd6, 0xd0, 0x0a]),
      Buffer.from('bob\n'),
    ]);
    const found = await all(late);
    t.match(found.at(-2), /^20002 .*GB18030/, 'what is not UTF-8 further on');
    t.match(found.at(-1), /^20003 .*bob/);
    t.match(await all(`owner\n${'x'.repeat(70_000)}\nbob\n`), [/^2 .*too long/, /^3 /]);
    t.match(
      await all(
        '{"owner":"ann","amount":1.5}\nnot json\n[1]\nnull\n{"owner":{}}\n{"x":1}\n{"amount":9007199254740993}\n{"__proto__":"x"}\n{"expiresAt":null}\n',
        'x.ndjson',
      ),
      [
        /^1 .*"1.5"/,
        /^2 It is no JSON/,
        /^3 It is no JSON object/,
        /^4 It is no JSON object/,
        /^5 owner is a text/,
        /^6 There is no such field/,
        /^7 amount is a text or an exact/,
        /^8 There is no such field/,
        /^9 .*never/,
      ],
    );
  },
);
