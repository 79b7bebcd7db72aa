// Pages for members without an application: signing in to the member's page and out, registering, a new password. Owns: which pages these are, where one may be
// sent on to. Never touches: passwords, links that are sent (sign-in/).
//   consent.R1. Nobody is sent on but to a path of the member's page that is written as one: no host, no query, nothing encoded.

import type { Answer } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import type { Call, Route, ServedLedger } from '../../route.js';
import { PAGE_DESCRIPTIONS } from '../../schema/sign-in-pages.js';
import { type Html, html, type Shown } from './html.js';
import { button, field, named, problemOf, withQuery } from './layout.js';
import { LOGIN_LENGTH_MAX, type SignInPage, signInPage, takeSignIn } from './sign-in-form.js';
import { plain, say, type TextName } from './texts.js';
import { pageRoutes, told, type Visit } from './visits.js';

const SIGN_IN = '/sign-in';
const SIGN_OUT = '/sign-out';
const REGISTER = '/sign-in/register';
const RESET = '/sign-in/reset';
/** The member's page. */
export const OWN_PAGE = '/me';

/** Whoever has the computer next finds nothing that the member's page kept to be read offline; browsers heed it over TLS, and of this machine. */
const NOTHING_LEFT = ['Clear-Site-Data', '"storage"'] as const;

const FORBIDDEN = 403;
const UNPROCESSABLE = 422;
const OWN_PATH = /^\/me(?:\/[a-z0-9-]{1,64}){0,4}$/;

/** Where one may be sent on to; the member's page, where that is not one of its paths. */
export const ownPath = (to: string | undefined): string =>
  to !== undefined && OWN_PATH.test(to) ? to : OWN_PAGE;

/** The pages, and what their forms do. */
export function memberSignInRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const ways = pageRoutes(ledger, limits);
  const d = PAGE_DESCRIPTIONS;
  return [
    ...ways(SIGN_IN, [d.signIn, signInShown], [d.signedIn, signInTaken]),
    ...ways(SIGN_OUT, [d.signOut, (visit) => signOutShown(visit)], [d.signedOut, signOutTaken]),
    ...ways(REGISTER, [d.register, registerShown], [d.registered, registerTaken]),
    ...ways(RESET, [d.reset, resetShown], [d.resetSent, resetTaken]),
  ];
}

function signInOf(visit: Visit, { query: { to } }: Call): SignInPage {
  return {
    ...{ visit, path: SIGN_IN, query: { to: ownPath(to) }, about: [SIGN_IN] },
    lead: say(visit.language, 'signInToPage'),
  };
}

/** Who is signed in already is not asked again, and not sent on by itself: a page that finds no session would come back for ever. */
async function signInShown(visit: Visit, call: Call): Promise<Answer> {
  const { language } = visit;
  const session = await visit.session();
  if (isRefusal(session) || session === undefined || call.query.prompt === 'login')
    return signInPage(signInOf(visit, call));
  const to = ownPath(call.query.to);
  const name = await visit.signIn.shownName(session.member);
  const account = named(isRefusal(name) || name === undefined ? session.owner : name);
  const main = html`<p>${say(language, 'signedInAs', { account })}</p>
<ul class="links">
<li><a href="${to}">${say(language, 'goOn')}</a></li>
<li><a href="${withQuery(SIGN_IN, { to, prompt: 'login' })}">${say(language, 'anotherAccount')}</a></li>
<li><a href="${SIGN_OUT}">${say(language, 'signOut')}</a></li>
</ul>`;
  return visit.page({ title: plain(language, 'signIn'), main, path: SIGN_IN, query: { to } });
}

async function signInTaken(visit: Visit, call: Call): Promise<Answer> {
  const taken = await takeSignIn(signInOf(visit, call));
  if (taken === 'cancel') return signInPage(signInOf(visit, call));
  return 'status' in taken ? taken : visit.signedIn(taken, ownPath(call.query.to));
}

/** A form with a token, as all of these are. */
interface Asked {
  readonly visit: Visit;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly title: TextName;
  readonly lead: TextName;
  readonly fields: Shown;
  readonly send: TextName;
  readonly problem?: Shown;
  readonly status?: number | undefined;
}

const formOf = (path: string) => ({ purpose: 'page', about: [path] });

function asks(of: Asked): Answer {
  const { visit, path, query = {}, title, lead, fields, send, problem, status } = of;
  const { language } = visit;
  const main = html`${problemOf(problem)}<p>${say(language, lead)}</p>
<form method="post" action="${withQuery(path, query)}">
<input type="hidden" name="form" value="${visit.token(formOf(path))}">
${fields}${button(say(language, send), 'send')}
</form>
${path !== SIGN_OUT && html`<p><a href="${SIGN_IN}">${say(language, 'back')}</a></p>`}`;
  return visit.page({ title: plain(language, title), main, path, query, status });
}

/** A page that says that something was done. */
function done(visit: Visit, title: TextName, said: TextName, headers?: Answer['headers']): Answer {
  const { language } = visit;
  const main = html`<p class="notice" role="status">${say(language, said)}</p>
<p><a href="${SIGN_IN}">${say(language, 'back')}</a></p>`;
  return visit.page({ title: plain(language, title), main, path: SIGN_IN, query: {}, headers });
}

const signOutShown = (visit: Visit, problem?: Shown, status?: number): Answer =>
  asks({
    ...{ visit, path: SIGN_OUT, fields: undefined, problem, status },
    ...{ title: 'signOut', lead: 'signOutAsk', send: 'signOut' },
  });

async function signOutTaken(visit: Visit): Promise<Answer> {
  const { language } = visit;
  const wrong = visit.wrong(formOf(SIGN_OUT));
  if (wrong !== undefined) return signOutShown(visit, say(language, wrong), FORBIDDEN);
  const ended = await visit.signOut();
  if (isRefusal(ended)) return signOutShown(visit, told(language, ended), ended.status);
  return done(visit, 'signOut', 'signedOut', [...ended, NOTHING_LEFT]);
}

/** What is wrong with a form: as a whole, or with a field. */
interface Wrong {
  readonly problem?: Html | undefined;
  readonly status: number;
  readonly told?: Answer['told'];
  readonly fields: Readonly<Record<string, Html | undefined>>;
}

/** Where a refusal is shown: at the field that it is of. */
function wrongOf({ language }: Visit, refusal: Refusal, fields: readonly string[]): Wrong {
  const { status, code, field: name = '' } = refusal;
  const words = told(language, refusal);
  const isFields = fields.includes(name);
  return {
    problem: isFields ? undefined : words,
    fields: isFields ? { [name]: words } : {},
    ...{ status, told: { outcome: code } },
  };
}

/** The same where fields are empty, or the form is not one of ours; undefined: nothing is wrong so far. */
function firstWrong(visit: Visit, path: string, needed: readonly string[]): Wrong | undefined {
  const wrong = visit.wrong(formOf(path));
  if (wrong !== undefined)
    return { problem: say(visit.language, wrong), status: FORBIDDEN, fields: {} };
  const empty = needed.filter((name) => (visit.fields[name] ?? '') === '');
  if (empty.length === 0) return undefined;
  const fields = Object.fromEntries(
    empty.map((name) => [name, say(visit.language, 'loginNeeded')]),
  );
  return { status: UNPROCESSABLE, fields };
}

function registerShown(visit: Visit, { query }: Call, wrong?: Wrong): Answer {
  const { language, fields: sent } = visit;
  const { programme = '' } = query;
  const fields = html`${field({
    ...{ name: 'login', label: say(language, 'email'), type: 'email', autocomplete: 'email' },
    ...{ lengthMax: LOGIN_LENGTH_MAX, value: sent.login, wrong: wrong?.fields.login },
  })}
${field({
  ...{ name: 'programme', label: say(language, 'programme'), type: 'text', autocomplete: 'off' },
  ...{ lengthMax: PROGRAMME_LENGTH_MAX, value: sent.programme ?? programme },
  ...{ hint: say(language, 'programmeHint'), wrong: wrong?.fields.programme },
})}
`;
  const page = asks({
    ...{ visit, path: REGISTER, fields, problem: wrong?.problem, status: wrong?.status },
    ...{ query: programme === '' ? {} : { programme } },
    ...{ title: 'registerTitle', lead: 'registerAsk', send: 'sendLink' },
  });
  return { ...page, told: wrong?.told };
}

const PROGRAMME_LENGTH_MAX = 64;

async function registerTaken(visit: Visit, call: Call): Promise<Answer> {
  const { language, fields, asked } = visit;
  const { login = '', programme = '' } = fields;
  const wrong = firstWrong(visit, REGISTER, ['login', 'programme']);
  if (wrong !== undefined) return registerShown(visit, call, wrong);
  const refusal = await visit.signIn.register({ login, programme, lang: language, ...asked });
  if (refusal === undefined) return done(visit, 'registerTitle', 'registerSent');
  return registerShown(visit, call, wrongOf(visit, refusal, ['login', 'programme']));
}

function resetShown(visit: Visit, _call: Call, wrong?: Wrong): Answer {
  const { language, fields: sent } = visit;
  const fields = html`${field({
    ...{ name: 'login', label: say(language, 'login'), type: 'text', autocomplete: 'username' },
    ...{ lengthMax: LOGIN_LENGTH_MAX, value: sent.login, wrong: wrong?.fields.login },
  })}
`;
  const page = asks({
    ...{ visit, path: RESET, fields, problem: wrong?.problem, status: wrong?.status },
    ...{ title: 'resetTitle', lead: 'resetAsk', send: 'sendLink' },
  });
  return { ...page, told: wrong?.told };
}

async function resetTaken(visit: Visit, call: Call): Promise<Answer> {
  const { login = '' } = visit.fields;
  const wrong = firstWrong(visit, RESET, ['login']);
  if (wrong !== undefined) return resetShown(visit, call, wrong);
  const refusal = await visit.signIn.startReset({ login, ...visit.asked });
  if (refusal === undefined) return done(visit, 'resetTitle', 'sent');
  return resetShown(visit, call, wrongOf(visit, refusal, ['login']));
}
