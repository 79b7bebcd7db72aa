// Who looks at a page for signing in, and how. Owns: what is read of every such request, what is answered where nothing can be. Never touches: what a page is
// for.

import { VISITORS } from '../../auth/principal.js';
import type { Answer } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Refusal } from '../../refusal.js';
import { auditOf, type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import type { Description } from '../../schema/description.js';
import { Cookies, MEMBERS } from '../../sign-in/cookies.js';
import { isOwnPage } from '../../sign-in/own-page.js';
import type { Asked, SignedIn, SignIn } from '../../sign-in/shapes.js';
import type { OAuthServer, Session } from '../shapes.js';
import { type Browser, FORM_HEADERS, type FormOf, Forms } from './forms.js';
import { html } from './html.js';
import { type Language, languageOf } from './languages.js';
import { named, type PageParts, page, redirect, withQuery } from './layout.js';
import { plain, say, TEXTS, type TextName } from './texts.js';

/** A request for a page, or with a form of one. */
export interface Visit {
  readonly language: Language;
  readonly oauth: OAuthServer;
  readonly signIn: SignIn;
  readonly browser: Browser;
  /** Has a page of the server's own asked, or no page at all? */
  readonly isOwn: boolean;
  /** The fields of a form; none of a page. */
  readonly fields: Readonly<Record<string, string>>;
  readonly asked: Asked;
  /** Who is signed in at this browser, as the ledger has it now. */
  session(): Promise<Refusal | Session | undefined>;
  /** The token of a form. */
  token(form: Omit<FormOf, 'browser'>): string;
  /** What is wrong with the form that was sent; undefined: nothing. */
  wrong(form: Omit<FormOf, 'browser'>): TextName | undefined;
  /** The answer with a page. */
  page(parts: Omit<PageParts, 'language'>): Answer;
  /** Sends who has signed in on, with the session's cookie. The session that this browser had ends. */
  signedIn(of: SignedIn, to: string): Promise<Answer>;
  /** Ends the session of this browser, and takes its cookie away. */
  signOut(): Promise<Refusal | NonNullable<Answer['headers']>>;
}

/** Reads requests for pages. */
const visits =
  (ledger: ServedLedger, { formMs, sessionSeconds }: GatewayLimits) =>
  (call: Call): Visit => {
    const { oauth, signIn, access } = ledger;
    if (oauth === undefined || signIn === undefined || access === undefined)
      throw new Error('a request came before the ledger was open');
    const { headers, origin } = call;
    const { publicUrl } = signIn;
    const { sealer } = access;
    const now = (): number => engineOf(ledger).now();
    const mac = (parts: readonly string[]): string => sealer.mac('form', parts);
    const forms = new Forms({ mac, now, formMs, publicUrl });
    const browser = forms.browser(headers);
    const cookies = new Cookies(publicUrl, MEMBERS);
    const { session: cookie, device } = cookies.read(headers.cookie ?? '');
    const language = languageOf(call.query.ui_locales, headers['accept-language'] ?? '');
    const fields = (call.body ?? {}) as Visit['fields'];
    const { address, agent } = origin;
    const signOut: Visit['signOut'] = async () => {
      const refusal = cookie === undefined ? undefined : await signIn.signOut(cookie);
      return refusal ?? cookies.signedOut();
    };
    return {
      ...{ language, oauth, signIn, browser, fields, signOut },
      isOwn: isOwnPage(headers, publicUrl),
      asked: { seat: { address, agent }, device, audit: auditOf(call) },
      session: async () => (cookie === undefined ? undefined : oauth.grants.session(cookie)),
      token: (form) => forms.token({ ...form, browser }),
      wrong: (form) => {
        const judged = forms.judge(fields.form ?? '', { ...form, browser });
        return judged === 'good' ? undefined : judged;
      },
      page: (parts) =>
        page({ ...parts, language, headers: [...browser.headers, ...(parts.headers ?? [])] }),
      signedIn: async (of, to) => {
        // Where that cannot be done the session ends by itself, and this browser has lost it.
        await signOut();
        return redirect(to, cookies.signedIn(of, sessionSeconds));
      },
    };
  };

/** What a page, or what a form of it sends, is answered with. */
export type Answering = (visit: Visit, call: Call) => Answer | Promise<Answer>;

/** Makes routes of pages and of their forms: for anyone, and how they refuse is a page, too. */
export function pageRoutes(ledger: ServedLedger, limits: GatewayLimits) {
  const visitOf = visits(ledger, limits);
  const route = (path: string, describes: Description) => ({
    ...({ path, describes, refused, access: VISITORS, module: 'access', takesAny: true } as const),
    headers: FORM_HEADERS,
  });
  return (path: string, [get, shown]: Told, [post, taken]: Told): Route[] => [
    { ...route(path, get), method: 'GET', handle: (call) => shown(visitOf(call), call) },
    {
      ...route(path, post),
      ...{ method: 'POST', body: 'form' },
      handle: (call) => {
        const visit = visitOf(call);
        return visit.isOwn ? taken(visit, call) : foreign(visit, path, call);
      },
    },
  ];
}

/** What is said of a way to a page, and what answers it. */
export type Told = readonly [Description, Answering];

/** Of a form that a page of others has sent: nothing is looked at, and nothing kept. */
function foreign({ language }: Visit, path: string, call: Call): Answer {
  const again = withQuery(
    path.replace('{purpose}', () => encodeURIComponent(call.path[0] ?? '')),
    call.query,
  );
  const main = html`<p role="alert">${say(language, 'foreign')}</p>
<p><a href="${again}">${say(language, 'goOn')}</a></p>`;
  const title = plain(language, 'wrongTitle');
  const made = page({ language, title, main, path: '/sign-in', query: {}, status: 403 });
  return { ...made, told: { outcome: 'ORIGIN_FORBIDDEN' } };
}

/** What a visitor is told of a refusal that has a sentence of its own. */
const SENTENCES: Readonly<Record<string, TextName>> = {
  LOGIN_WRONG: 'loginWrong',
  LOGIN_INVALID: 'loginInvalid',
  LOGIN_TAKEN: 'loginTaken',
  CODE_REQUIRED: 'codeRequired',
  CODE_WRONG: 'codeWrong',
  PASSWORD_WEAK: 'passwordWeak',
  LETTER_NOT_FOUND: 'letterGone',
  REGISTRATION_CLOSED: 'registrationClosed',
  SESSION_ENDED: 'ended',
  RATE_LIMITED: 'tooMany',
  LETTERS_LIMIT: 'tooMany',
};

/** A refusal in words. */
export function told(language: Language, refusal: Refusal) {
  const { code, retryAfterSeconds = 60 } = refusal;
  if (code !== 'LOGIN_LATER') return say(language, SENTENCES[code] ?? unknown(refusal));
  const isLong = retryAfterSeconds > 90;
  const count = isLong ? Math.ceil(retryAfterSeconds / 60) : retryAfterSeconds;
  return say(language, 'loginLater', {
    time: say(language, isLong ? 'minutes' : 'seconds', { count }),
  });
}

const unknown = ({ status }: Refusal): TextName => (status < 500 ? 'wrongRequest' : 'later');

/** A page that says in both languages why there is no other: of a request that could not be read. */
export function refused(refusal: Refusal): Answer {
  const main = html`<div role="alert"><p lang="zh-Hans">${told('zh', refusal)}</p>
<p lang="en">${told('en', refusal)}</p>
<p class="hint">${named(refusal.field ?? refusal.code)}</p></div>`;
  const { status, retryAfterSeconds: seconds } = refusal;
  const { zh, en } = TEXTS.wrongTitle;
  return {
    ...page({
      ...{ language: 'zh', title: `${zh} · ${en}`, main, status },
      ...{ path: '/sign-in', query: {} },
      headers: seconds === undefined ? [] : [['Retry-After', String(seconds)]],
    }),
    told: { outcome: refusal.code },
  };
}
