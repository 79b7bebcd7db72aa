// What the pages for signing in are made of, each by itself: escaping, languages, policies, paths, forms.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { Sealer } from '../../../gateway/auth/sealing.js';
import { SCOPE_TEXT_LENGTH_MAX } from '../../../gateway/limits.js';
import { type FormOf, Forms } from '../../../gateway/oauth/pages/forms.js';
import { html } from '../../../gateway/oauth/pages/html.js';
import { languageOf } from '../../../gateway/oauth/pages/languages.js';
import { page, sourceOf, withQuery } from '../../../gateway/oauth/pages/layout.js';
import { ownPath } from '../../../gateway/oauth/pages/member-sign-in.js';
import { SCOPE_TEXTS, say, TEXTS } from '../../../gateway/oauth/pages/texts.js';
import { SCOPES } from '../../../gateway/oauth/scopes.js';
import { SCOPES_MAX } from '../../../gateway/schema/sign-in-pages.js';

const NASTY = [
  '<script>',
  '</title>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='x",
  '&lt;',
  '`',
  '\0',
  '\u2028',
];
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...NASTY));

/** What a browser reads out of text that was escaped. */
const read = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_, name: string) => READ[name] ?? '');
const READ: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"' },
  ...{ '#39': "'", '#96': '`' },
};

t.test('whatever is put into a template is text', async (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const made = String(html`<p title="${text}">${text}</p>`);
      const [, attribute = '', content = ''] =
        /^<p title="([^"]*)">([^<]*)<\/p>$/s.exec(made) ?? [];
      const printable = text.toWellFormed().replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
      return (
        read(attribute) === printable && read(content) === printable && !/[<>"'`]/.test(content)
      );
    }),
  );
  t.equal(String(html`${[html`<i>${'<'}</i>`, 1, undefined, false, ['&']]}`), '<i>&lt;</i>1&amp;');
  // What looks like HTML that was made is text, too.
  const forged = { toString: () => '<b>' } as unknown as string;
  t.equal(String(html`${forged}`), '&lt;b&gt;');
});

t.test('a value of a sentence is a value, whatever it says', async (t) => {
  for (const name of ['{client}', '$&', '$1', '{constructor}', '<{client}>'])
    t.equal(
      String(say('en', 'cancel', { client: name })),
      `Cancel, and go back to ${html`${name}`}`,
    );
});

t.test(
  'every scope and every sentence is said in both languages, with the same values',
  async (t) => {
    const valuesOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [name, { zh, en }] of Object.entries(TEXTS))
      t.same(valuesOf(zh), valuesOf(en), name);
    for (const [word, { byPlatform }] of Object.entries(SCOPES)) {
      const { all, one } = SCOPE_TEXTS[word as keyof typeof SCOPES];
      t.same([valuesOf(all.zh), valuesOf(all.en)], [[], []], word);
      t.equal(one !== undefined, byPlatform, word);
      for (const text of one === undefined ? [] : [one.zh, one.en])
        t.same(valuesOf(text), ['{platform}'], text);
    }
    const shortest = Math.min(...Object.keys(SCOPES).map((word) => word.length));
    t.ok(
      SCOPES_MAX * (shortest + 1) >= SCOPE_TEXT_LENGTH_MAX,
      'a field for each scope of a request',
    );
  },
);

t.test('a page is in the language that is asked for', async (t) => {
  for (const [locales, accepted, language] of [
    [undefined, '', 'zh'],
    [undefined, 'en', 'en'],
    [undefined, '*', 'zh'],
    [undefined, 'en, *;q=0.5', 'en'],
    [undefined, 'fr-FR,fr;q=0.9', 'en'],
    [undefined, 'en;q=0.1, zh-CN;q=0.9', 'zh'],
    [undefined, 'de, zh-Hant-TW;q=0.5, en;q=0.4', 'zh'],
    [undefined, 'EN-us', 'en'],
    [undefined, 'en;q=0, zh;q=x', 'en'],
    [undefined, ';;;,,q=', 'en'],
    ['en', 'zh', 'en'],
    ['fr zh-CN en', 'en', 'zh'],
    ['"><script>', 'zh', 'zh'],
    ['__proto__', '', 'zh'],
  ] as const)
    t.equal(languageOf(locales, accepted), language, `${locales} ${accepted}`);
});

t.test(
  'a policy names the origin or the scheme of a redirect URI, and nothing else of it',
  async (t) => {
    for (const [uri, source] of [
      ['https://app.example/cb?a=b', 'https://app.example'],
      ['https://app.example:8443/cb', 'https://app.example:8443'],
      ['http://127.0.0.1:5000/cb', 'http://127.0.0.1:5000'],
      ['http://[::1]:5000/cb', 'http:'],
      ['com.example.app:/cb', 'com.example.app:'],
      ["https://a.example/;script-src 'unsafe-inline'", 'https://a.example'],
      ['https://a.example;script-src/', undefined],
      ['https://*.example/', undefined],
      ['not a uri', undefined],
      ['/me', undefined],
    ] as const)
      t.equal(sourceOf(uri), source, uri);
    const shown = page({
      ...{
        language: 'en',
        title: '<x>',
        main: html``,
        path: '/authorize',
        query: { state: '"><b>' },
      },
      leadsTo: ['https://a.example/1', 'https://a.example/2', 'app:/x'],
    });
    const headers = Object.fromEntries(shown.headers ?? []);
    t.equal(
      headers['Content-Security-Policy'],
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' https://a.example app:; frame-ancestors 'none'",
    );
    t.match(shown.body, '<title>&lt;x&gt;</title>');
    t.match(shown.body, 'href="/authorize?state=%22%3E%3Cb%3E&amp;ui_locales=zh"');
  },
);

t.test('one is sent on to paths of the member’s page alone', async (t) => {
  for (const path of ['/me', '/me/mall', '/me/goods/tea-2']) t.equal(ownPath(path), path);
  for (const path of [
    ...[
      undefined,
      '',
      '/',
      '/mee',
      '/me/',
      '/me//',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
    ],
    ...[
      '/me/../..//evil.example',
      '/me/..',
      '/me/.',
      '/me/%2e%2e',
      '/me?x',
      '/me#x',
      '/me/a/b/c/d/e',
    ],
    ...[
      'https://evil.example',
      'https://evil.example/me',
      '/me@evil.example',
      '/me\\evil',
      '/me/ a',
      ' /me',
    ],
    ...['javascript:alert(1)', '/me\r\nSet-Cookie: a=b', '/me\n', '/me\0', '/ME', '/me/é', '%2fme'],
  ])
    t.equal(ownPath(path), '/me', String(path));
});

const PUBLIC_URL = 'http://points.example:8080';

function formsAt(publicUrl = PUBLIC_URL) {
  const sealer = new Sealer(randomBytes(32));
  const clock = { now: 1_000_000 };
  const mac = (parts: readonly string[]): string => sealer.mac('form', parts);
  return { clock, forms: new Forms({ mac, now: () => clock.now, formMs: 60_000, publicUrl }) };
}

t.test('a form counts for what it was made for', async (t) => {
  const { clock, forms } = formsAt();
  const part = fc.string({ maxLength: 4 });
  const made = fc.record({
    purpose: fc.constantFrom('sign in', 'consent'),
    about: fc.array(part, { maxLength: 4 }),
  });
  const browser = forms.browser({});
  fc.assert(
    fc.property(made, made, fc.boolean(), (one, two, isOther) => {
      const form: FormOf = { ...one, browser };
      const token = forms.token(form);
      const shown: FormOf = { ...two, browser: isOther ? forms.browser({}) : browser };
      const isSame =
        !isOther &&
        JSON.stringify([one.purpose, one.about]) === JSON.stringify([two.purpose, two.about]);
      return (
        forms.judge(token, form) === 'good' &&
        forms.judge(token, shown) === (isSame ? 'good' : 'foreign')
      );
    }),
  );
  const form: FormOf = { browser, purpose: 'consent', about: ['ann'] };
  const token = forms.token(form);
  for (const text of [
    '',
    'x',
    `${token}x`,
    token.slice(1),
    token.replace(/^\d+/, '9'),
    `${'9'.repeat(40)}.a.b`,
  ])
    t.equal(forms.judge(text, form), 'foreign', text);
  t.not(token, forms.token(form), 'no two are the same');
  clock.now += 60_000;
  t.equal(forms.judge(token, form), 'good');
  clock.now += 1;
  t.equal(forms.judge(token, form), 'old');
  t.equal(formsAt().forms.judge(token, form), 'foreign', 'another server');
});

t.test('a browser keeps its secret, and takes none that is not one', async (t) => {
  const { forms } = formsAt();
  const first = forms.browser({});
  const [[, line = ''] = []] = first.headers;
  t.match(line, /^jifen_form=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const again = forms.browser({ cookie: `a=b; ${line.split(';')[0]}` });
  t.equal(again.secret, first.secret);
  t.same(again.headers, []);
  for (const value of ['', 'x', 'a'.repeat(44), `${'a'.repeat(42)}"`]) {
    const made = forms.browser({ cookie: `jifen_form=${value}` });
    t.not(made.secret, value);
    t.equal(made.headers.length, 1, value);
  }
  const [[, secure = ''] = []] = formsAt('https://points.example').forms.browser({}).headers;
  t.match(secure, /^__Host-jifen_form=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
});

t.test('what leads elsewhere is encoded whole', async (t) => {
  fc.assert(
    fc.property(anyText, (state) => {
      const target = withQuery('/authorize', { state });
      return /^\/authorize\?state=[\w*.+%-]*$/.test(target);
    }),
  );
  t.equal(withQuery('/sign-in', {}), '/sign-in');
});
