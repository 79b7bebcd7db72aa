// `/authorize`: an application asks for a member's consent (RFC 6749, 4.1). Owns: who is asked what, what comes of the answer. Never touches: what a request must
// be, codes, grants (oauth/), passwords (sign-in/).
//   consent.C1. Nothing is given but by the form that showed it: the client, the scopes, where the code goes, and the account that was signed in. Where any of
//       these is another one when the form comes, it is shown anew.
//   consent.C2. One form, sent any number of times, gives one code.
//   consent.C3. Without being asked again, a member gives a client nothing but what it was given before, and only where the code cannot go to somebody who says to
//       be that client: it proves itself, or has the redirect URI's name for itself (https) (RFC 6749, 10.2; RFC 8252, 8.6).
//   consent.C4. Nobody is redirected but to a URI that the client has registered.

import { randomBytes } from 'node:crypto';
import type { Answer } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import type { Call, Route, ServedLedger } from '../../route.js';
import { PAGE_DESCRIPTIONS, scopeField } from '../../schema/sign-in-pages.js';
import { includes, type Scope, scopeText } from '../scopes.js';
import type { AuthorizeError, AuthorizeRequest, Session } from '../shapes.js';
import { type Html, html, type Shown } from './html.js';
import { button, named, problemOf, redirect, withQuery } from './layout.js';
import { type SignInPage, signInPage, takeSignIn } from './sign-in-form.js';
import { filled, plain, SCOPE_TEXTS, say } from './texts.js';
import { type Answering, pageRoutes, told, type Visit } from './visits.js';

export const AUTHORIZE_PATH = '/authorize';

/** What a client may ask of how a member is asked (OpenID Connect Core, 3.1.2.1). */
const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
type Prompt = (typeof PROMPTS)[number];

/** A request of a client that can be answered. */
interface Asking {
  readonly visit: Visit;
  readonly call: Call;
  readonly request: AuthorizeRequest;
  readonly prompts: ReadonlySet<Prompt>;
}

/** Both ways to `/authorize`. */
export function authorizeRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const nameOf = (platform: string): string =>
    ledger.access?.directory.platform(platform)?.platform.name ?? platform;
  const answering =
    (answer: (asking: Asking, nameOf: NameOf) => Promise<Answer>): Answering =>
    async (visit, call) => {
      const asking = await read(visit, call);
      return 'status' in asking ? asking : answer(asking, nameOf);
    };
  const { authorize, consent } = PAGE_DESCRIPTIONS;
  const ways = pageRoutes(ledger, limits);
  return ways(AUTHORIZE_PATH, [authorize, answering(shown)], [consent, answering(decided)]);
}

/** How members know a platform. */
type NameOf = (platform: string) => string;

/** The request, or the answer to one that nothing can come of. */
async function read(visit: Visit, call: Call): Promise<Answer | Asking> {
  const { ui_locales: _, ...query } = call.query;
  const of = await visit.oauth.authorize(query);
  if (isRefusal(of)) return wrongPage(visit, call, of, told(visit.language, of));
  if (of.is === 'page')
    return wrongPage(visit, call, of.refusal, say(visit.language, 'wrongClient'));
  if (of.is === 'redirect') return redirect(of.location);
  const { request } = of;
  const prompts = promptsOf(call.query.prompt);
  if (prompts !== undefined) return { visit, call, request, prompts };
  return failed(
    visit,
    request,
    'invalid_request',
    'prompt: none, or some of login, consent, select_account',
  );
}

/** The prompts there are in a text; undefined: some of it is none, or contradicts the others. */
function promptsOf(text = ''): ReadonlySet<Prompt> | undefined {
  const all = new Set(text.split(' ').filter((one) => one !== ''));
  const known = PROMPTS.filter((one) => all.has(one));
  return known.length < all.size || (all.has('none') && all.size > 1) ? undefined : new Set(known);
}

function wrongPage(visit: Visit, { query }: Call, refusal: Refusal, why: Html): Answer {
  const { language } = visit;
  const main = html`<p role="alert">${why}</p>
<p class="hint">${named(refusal.detail ?? refusal.message)}</p>`;
  const page = visit.page({
    ...{ title: plain(language, 'wrongTitle'), main, status: refusal.status },
    ...{ path: AUTHORIZE_PATH, query },
  });
  return { ...page, told: { outcome: refusal.code } };
}

const failed = (
  { oauth }: Visit,
  request: AuthorizeRequest,
  error: AuthorizeError,
  description?: string,
): Answer => ({ ...redirect(oauth.failed(request, error, description)), told: { outcome: error } });

/** The client is told that something is not possible at the moment, or not at all. */
const notNow = (visit: Visit, request: AuthorizeRequest, refusal: Refusal): Answer =>
  failed(visit, request, refusal.status === 503 ? 'temporarily_unavailable' : 'server_error');

/** The request as a form goes back to it. */
const queryOf = ({ call }: Asking): Record<string, string> => ({ ...call.query });

/** The request without how the client wants the member to be asked, once that was done. */
function queryAsked(asking: Asking): Record<string, string> {
  const { prompt = '', ...query } = queryOf(asking);
  const left = prompt.split(' ').filter((one) => one === 'consent');
  return left.length === 0 ? query : { ...query, prompt: left.join(' ') };
}

/**
 * What a form is bound to: the request, but for the language that it is shown in, and what it comes to, as the client was when it was shown: what the request
 * leaves open the client says, which may be changed while the page is open.
 */
function aboutOf({ call, request }: Asking): string[] {
  const { ui_locales: _, ...query } = call.query;
  const { client, redirectUri, scopes } = request;
  return [client.name, redirectUri, scopeText(scopes), ...Object.entries(query).flat()];
}

/** Shows who is asked what; at once back to the client where nobody has to be asked. */
async function shown(asking: Asking, nameOf: NameOf): Promise<Answer> {
  const { visit, call, request, prompts } = asking;
  const session = await visit.session();
  if (isRefusal(session)) return notNow(visit, request, session);
  if (session === undefined || prompts.has('login')) {
    if (prompts.has('none')) return failed(visit, request, 'login_required');
    return signInPage(signInOf(asking));
  }
  const given = await visit.oauth.grants.consented(session.member, request.client.id);
  if (isRefusal(given)) return notNow(visit, request, given);
  const isGiven = request.scopes.every((scope) => includes(given, scope));
  if (
    isGiven &&
    isTold(request) &&
    isVisit(call) &&
    !prompts.has('consent') &&
    !prompts.has('select_account')
  ) {
    const form = randomBytes(32).toString('base64url');
    return give(asking, session, request.scopes, form);
  }
  if (prompts.has('none'))
    return failed(visit, request, isGiven ? 'interaction_required' : 'consent_required');
  return consentPage({ asking, session, nameOf });
}

/** Is it sure that a code comes to nobody but the client (consent.C3)? */
const isTold = ({ client, redirectUri }: AuthorizeRequest): boolean =>
  !client.isPublic || redirectUri.startsWith('https:');

/** Has the browser come here, and not a script, a picture or the like of another page asked? */
const isVisit = ({ headers }: Call): boolean =>
  ['', 'navigate'].includes(headers['sec-fetch-mode'] ?? '');

function signInOf(asking: Asking): SignInPage {
  const { visit, call, request } = asking;
  const { language } = visit;
  const client = named(request.client.name);
  return {
    visit,
    path: AUTHORIZE_PATH,
    query: queryOf(asking),
    about: aboutOf(asking),
    lead: say(language, 'signInTo', { client }),
    hint: call.query.login_hint,
    cancel: say(language, 'cancel', { client }),
    leadsTo: request.client.redirectUris,
  };
}

/** What is shown to be decided. */
interface Page {
  readonly asking: Asking;
  readonly session: Session;
  readonly nameOf: NameOf;
  readonly problem?: Shown;
  readonly status?: number | undefined;
}

const consentForm = (asking: Asking, { member, owner }: Session) => ({
  purpose: 'consent',
  about: [member, owner, ...aboutOf(asking)],
});

function scopeChoice(visit: Visit, { word, platform }: Scope, index: number, nameOf: NameOf): Html {
  const { all, one = all } = SCOPE_TEXTS[word];
  const values = platform === undefined ? {} : { platform: named(nameOf(platform)) };
  const text = filled((platform === undefined ? all : one)[visit.language], values);
  const id = scopeField(index);
  return html`<div class="scope"><input type="checkbox" id="${id}" name="${id}" value="yes" checked>
<label for="${id}">${text}</label></div>
`;
}

async function consentPage({ asking, session, nameOf, problem, status }: Page): Promise<Answer> {
  const { visit, request } = asking;
  const { language } = visit;
  const { client, scopes } = request;
  const name = await visit.signIn.shownName(session.member);
  const account = named(isRefusal(name) || name === undefined ? session.owner : name);
  const query = queryOf(asking);
  const another = withQuery(AUTHORIZE_PATH, { ...query, prompt: 'login' });
  const values = { client: named(client.name) };
  const main = html`${problemOf(problem)}<p>${say(language, 'signedInAs', { account })}
<a href="${another}">${say(language, 'anotherAccount')}</a></p>
<form method="post" action="${withQuery(AUTHORIZE_PATH, query)}">
<input type="hidden" name="form" value="${visit.token(consentForm(asking, session))}">
<input type="hidden" name="account" value="${session.member}">
<fieldset aria-describedby="choose">
<legend>${say(language, 'allowAsk', values)}</legend>
${scopes.map((scope, i) => scopeChoice(visit, scope, i, nameOf))}\
<p class="hint" id="choose">${say(language, 'allowChoose')}</p>
</fieldset>
<p class="hint">${say(language, 'allowWhere', { place: placeOf(visit, request.redirectUri) })}
${say(language, 'allowEnds')}</p>
${button(say(language, 'allow'), 'allow')}
${button(say(language, 'deny'), 'deny', true)}
</form>`;
  return visit.page({
    title: plain(language, 'allowTitle', { client: client.name }),
    heading: say(language, 'allowTitle', values),
    ...{ main, path: AUTHORIZE_PATH, query, leadsTo: client.redirectUris, status },
  });
}

/** Where a code goes, as a member can tell it. */
function placeOf({ language }: Visit, uri: string): Html {
  const { protocol, host, hostname } = new URL(uri);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  const place = named(isWeb ? host : protocol);
  return isWeb && !isHere ? place : say(language, 'allowApplication', { place });
}

/** What a member has decided. */
async function decided(asking: Asking, nameOf: NameOf): Promise<Answer> {
  const { decision } = asking.visit.fields;
  return decision === 'allow' || decision === 'deny'
    ? consented(asking, nameOf, decision === 'allow')
    : signedIn(asking);
}

async function signedIn(asking: Asking): Promise<Answer> {
  const { visit, request } = asking;
  const taken = await takeSignIn(signInOf(asking));
  if (taken === 'cancel') return failed(visit, request, 'access_denied');
  if ('status' in taken) return taken;
  return visit.signedIn(taken, withQuery(AUTHORIZE_PATH, queryAsked(asking)));
}

const FORBIDDEN = 403;
const UNPROCESSABLE = 422;

async function consented(asking: Asking, nameOf: NameOf, isAllowed: boolean): Promise<Answer> {
  const { visit, request } = asking;
  const { language, fields } = visit;
  const session = await visit.session();
  if (isRefusal(session)) return notNow(visit, request, session);
  if (session === undefined) return ended(asking);
  const again = (problem: Html, status: number): Promise<Answer> =>
    consentPage({ asking, session, nameOf, problem, status });
  const wrong = visit.wrong(consentForm(asking, session));
  const isOthers = wrong === 'foreign' && (fields.account ?? session.member) !== session.member;
  if (wrong !== undefined)
    return again(say(language, isOthers ? 'otherAccount' : wrong), FORBIDDEN);
  if (!isAllowed) return failed(visit, request, 'access_denied');
  const scopes = request.scopes.filter((_, i) => fields[scopeField(i)] === 'yes');
  if (scopes.length === 0) return again(say(language, 'chooseOne'), UNPROCESSABLE);
  return give(asking, session, scopes, `${fields.form} ${scopeText(scopes)}`);
}

const ended = (asking: Asking): Answer =>
  signInPage(signInOf(asking), { problem: say(asking.visit.language, 'ended'), status: FORBIDDEN });

/** Back to the client with a code. */
async function give(
  asking: Asking,
  session: Session,
  scopes: readonly Scope[],
  form: string,
): Promise<Answer> {
  const { visit, request } = asking;
  const { oauth, asked } = visit;
  const { member, owner } = session;
  const still = oauth.grants.sessionStill(session);
  const given = await oauth.consent({
    request,
    scopes,
    form,
    member,
    owner,
    seat: asked.seat,
    still,
  });
  // The form's code went to the client before: whoever comes back to the page asks for another one.
  if (given === 'used') return redirect(withQuery(AUTHORIZE_PATH, queryOf(asking)));
  if (!isRefusal(given)) return redirect(given.location);
  return given.code === 'SESSION_ENDED' ? ended(asking) : notNow(visit, request, given);
}
