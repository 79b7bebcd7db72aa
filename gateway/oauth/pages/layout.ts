// What the pages for signing in have in common. Owns: their frame, their headers, how fields and problems are shown. Never touches: what a page is for.
//   consent.H2. A page runs no script but a file of its own, where it has one, is framed by nobody, kept by nobody, and sends its forms nowhere but to its own
//       origin and to where the client that is asked about has registered redirect URIs (Content-Security-Policy).
// Chrome holds `form-action` against every redirect that follows a form (w3c/webappsec-csp, issue 8), so the client's origins stand there beside 'self': all that
// it has registered, because what takes the code may send the browser on. `Referrer-Policy` is `same-origin`: nothing is told to others, and a form's own
// `Origin` is told here; under `no-referrer` browsers send `Origin: null`.

import type { Answer } from '../../encoding/answer.js';
import { type Html, html, type Shown } from './html.js';
import { LANGUAGE_TAGS, LANGUAGES, type Language, type Words } from './languages.js';

/** Where the style is. */
export const STYLE_PATH = '/sign-in/style.css';
/** Where the script of the pages of letters is. */
export const SCRIPT_PATH = '/sign-in/letter.js';

/** A page. */
export interface PageParts {
  readonly language: Language;
  readonly title: string;
  /** In place of the title, where names stand in it. */
  readonly heading?: Html | undefined;
  readonly main: Html;
  /** Its path, and the parameters with which it is asked for again in another language. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Where the redirects behind its forms may lead, beside its own origin: redirect URIs. */
  readonly leadsTo?: readonly string[] | undefined;
  /** Does it load the script of letters? */
  readonly hasScript?: boolean | undefined;
  readonly status?: number | undefined;
  readonly headers?: Answer['headers'];
}

/** A path with parameters, which are all encoded. */
export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A source of a Content-Security-Policy for a redirect URI: its origin, or the scheme of an application. */
export function sourceOf(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, host } = new URL(uri);
  if (protocol !== 'https:' && protocol !== 'http:')
    return /^[a-z][a-z0-9+.-]*:$/.test(protocol) ? protocol : undefined;
  // A policy cannot name an address of IPv6.
  if (host.startsWith('[')) return protocol;
  return /^[a-z0-9.-]+(:\d+)?$/.test(host) ? `${protocol}//${host}` : undefined;
}

function policyOf({ leadsTo = [], hasScript }: PageParts): string {
  const sources = new Set(leadsTo.flatMap((uri) => sourceOf(uri) ?? []));
  return [
    "default-src 'none'",
    "style-src 'self'",
    ...(hasScript === true ? ["script-src 'self'"] : []),
    "base-uri 'none'",
    ["form-action 'self'", ...sources].join(' '),
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Of every answer of these routes. */
const KEPT_BY_NOBODY: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
];

/** The answer with a page. */
export function page(parts: PageParts): Answer {
  const {
    language,
    title,
    heading,
    main,
    path,
    query,
    hasScript,
    status = 200,
    headers = [],
  } = parts;
  const switches = LANGUAGES.filter((other) => other !== language).map((other) => {
    const { tag, name } = LANGUAGE_TAGS[other];
    const to = withQuery(path, { ...query, ui_locales: other });
    return html`<a href="${to}" lang="${tag}" hreflang="${tag}">${name}</a>`;
  });
  const script = hasScript === true && html`<script type="module" src="${SCRIPT_PATH}"></script>\n`;
  const body = html`<!doctype html>
<html lang="${LANGUAGE_TAGS[language].tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
${script}</head>
<body>
<main>
<h1>${heading ?? title}</h1>
${main}
</main>
<footer><nav aria-label="${OTHER_LANGUAGES[language]}">${switches}</nav></footer>
</body>
</html>
`;
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: body.toString(),
    headers: [
      ['Content-Security-Policy', policyOf(parts)],
      ['X-Frame-Options', 'DENY'],
      ['Cross-Origin-Resource-Policy', 'same-origin'],
      ['Referrer-Policy', 'same-origin'],
      ['Content-Language', LANGUAGE_TAGS[language].tag],
      ...KEPT_BY_NOBODY,
      ...headers,
    ],
  };
}

const OTHER_LANGUAGES: Words = { zh: '语言', en: 'Language' };

/** A redirect after a form or instead of a page. Where it leads to learns nothing of where it came from. */
export const redirect = (location: string, headers: Answer['headers'] = []): Answer => ({
  status: 303,
  contentType: 'text/plain; charset=utf-8',
  body: '',
  headers: [
    ['Location', location],
    ['Referrer-Policy', 'no-referrer'],
    ...KEPT_BY_NOBODY,
    ...(headers ?? []),
  ],
});

/** A field for one line of text. */
export interface Field {
  readonly name: string;
  readonly label: Shown;
  readonly type: 'text' | 'email' | 'password';
  /** What a browser may fill it with (HTML, 4.10.18.7). */
  readonly autocomplete: string;
  readonly lengthMax: number;
  /** May it be left empty? */
  readonly isOptional?: boolean | undefined;
  readonly value?: string | undefined;
  readonly hint?: Shown;
  /** What is wrong with what was sent. */
  readonly wrong?: Shown;
}

/** A field with its label; its hint and what is wrong with it are told with it. */
export function field(one: Field): Html {
  const { name, label, type, autocomplete, lengthMax, value, hint, wrong, isOptional } = one;
  const told = [
    ...(wrong === undefined ? [] : [`${name}-wrong`]),
    ...(hint === undefined ? [] : [`${name}-hint`]),
  ].join(' ');
  const state = [
    told !== '' && html` aria-describedby="${told}"`,
    wrong !== undefined && html` aria-invalid="true" autofocus`,
  ];
  return html`<div class="field">
<label for="${name}">${label}</label>
${hint !== undefined && html`<span class="hint" id="${name}-hint">${hint}</span>\n`}\
${wrong !== undefined && html`<span class="wrong" id="${name}-wrong">${wrong}</span>\n`}\
<input id="${name}" name="${name}" type="${type}" value="${value ?? ''}" autocomplete="${autocomplete}" \
maxlength="${lengthMax}" autocapitalize="none" spellcheck="false"${isOptional !== true && html` required`}${state}>
</div>`;
}

/** What is wrong, told when the page comes; undefined: nothing. */
export const problemOf = (text: Shown): Shown =>
  text === undefined ? undefined : html`<p class="problem" role="alert">${text}</p>\n`;

/** What a button sends. `isOther`: the second one of a form, which needs no field. */
export const button = (text: Shown, decision: string, isOther = false): Html =>
  html`<button name="decision" value="${decision}"${isOther && html` class="other" formnovalidate`}>${text}</button>`;

/** A name that others have chosen, apart from the sentence around it. */
export const named = (name: string): Html => html`<bdi>${name}</bdi>`;
