// Routes by which operators sign in, and by which they set what is their own: all under `/operator`, by a cookie. Owns: their paths and answers, cookies on
// their way. Never touches: passwords, codes, sessions as they are kept.
//   http.H89. The cookie of an operator opens these paths and nothing else; they are asked by the server's own pages alone (signin.C1), and what they tell is
//        kept by no cache.

import { VISITORS } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Asked, LiveSession, Opened } from '../../operators/shapes.js';
import type { OperatorSignIn } from '../../operators/sign-in.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { auditOf, type Call, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/operators.js';
import { Cookies, OPERATORS } from '../../sign-in/cookies.js';
import { isOwnPage, PAGE_HEADERS } from '../../sign-in/own-page.js';
import { operatorsOf } from './operators.js';

const { OPERATOR_SESSION_DESCRIPTIONS: says } = about;
const NO_STORE = ['Cache-Control', 'no-store'] as const;
const reads = {
  signIn: bodyReader(about.SignInBody),
  password: bodyReader(about.PasswordBody),
  begin: bodyReader(about.CodesBody),
  confirm: bodyReader(about.CodeBody),
  remove: bodyReader(about.CodesEndBody),
  look: bodyReader(about.InvitationBody),
  use: bodyReader(about.InvitationUse),
};

/** `by`: who it is, for what is written down. */
const told = (value: object, headers: Answer['headers'] = [], by?: string): Answer => ({
  ...json(200, value, by === undefined ? undefined : { by }),
  headers: [NO_STORE, ...headers],
});

/** A request of a browser, and what it has shown. */
class Visit {
  readonly operators: OperatorSignIn;
  readonly call: Call;
  readonly cookies: Cookies;
  readonly cookie: string | undefined;
  readonly asked: Asked;

  constructor(ledger: ServedLedger, call: Call) {
    this.operators = operatorsOf(ledger);
    this.call = call;
    this.cookies = new Cookies(this.operators.publicUrl, OPERATORS);
    const { session, device } = this.cookies.read(call.headers['cookie'] ?? '');
    const { address, agent } = call.origin;
    this.cookie = session;
    this.asked = { seat: { address, agent }, device, audit: auditOf(call) };
  }

  /** Nobody but a page of the server's own may have sent this. */
  get strange(): Refusal | undefined {
    return isOwnPage(this.call.headers, this.operators.publicUrl)
      ? undefined
      : refuse('ORIGIN_FORBIDDEN', 'Origin', 'Only pages of this server may ask this.');
  }
}

type Answering = (visit: Visit) => Promise<Answer>;

/** The routes of signing in as an operator. */
export function operatorSessionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const row = { access: VISITORS, module: 'access', headers: ['cookie', ...PAGE_HEADERS] } as const;
  const by =
    (answer: Answering) =>
    async (call: Call): Promise<Answer> => {
      const visit = new Visit(ledger, call);
      const { strange } = visit;
      // With no cookie, too: nobody is signed in by another one's page as somebody whom that one chooses.
      return strange === undefined ? answer(visit) : problem(strange);
    };
  const posted = (path: string, describes: Route['describes'], answer: Answering): Route => ({
    ...{ ...row, method: 'POST', path, describes, body: 'required' },
    handle: by(answer),
  });
  return [
    posted('/operator/session', says.signIn, async (visit) =>
      signedIn(visit, limits, await begun(visit)),
    ),
    {
      ...row,
      method: 'GET',
      path: '/operator/session',
      describes: says.session,
      handle: (call) =>
        live(new Visit(ledger, call), ({ as, session: { idleUntil, until } }) =>
          told({ ...as, until: Math.min(idleUntil, until) }),
        ),
    },
    {
      ...row,
      method: 'DELETE',
      path: '/operator/session',
      describes: says.signOut,
      handle: by(async ({ operators, cookie, cookies }) => {
        const no = await operators.signOut(cookie);
        return no === undefined ? told({}, cookies.signedOut()) : problem(no);
      }),
    },
    {
      ...row,
      method: 'POST',
      path: '/operator/session/token',
      describes: says.token,
      handle: by(async ({ operators, cookie, cookies }) => {
        const made = await operators.sessions.token(cookie);
        if (isRefusal(made)) return problem(made, [NO_STORE]);
        const { token, seconds, live: of } = made;
        const said = { access_token: token, token_type: 'Bearer', expires_in: seconds, ...of.as };
        const lines = cookies.again(cookie ?? '', limits.operatorSessionSeconds);
        return told(said, lines, of.as.principal);
      }),
    },
    {
      ...row,
      method: 'GET',
      path: '/operator/sessions',
      describes: says.sessions,
      handle: (call) => {
        const visit = new Visit(ledger, call);
        return live(visit, async ({ id, session: { of } }) => {
          const listed = await visit.operators.sessions.list(of);
          if (isRefusal(listed)) return problem(listed);
          const shown = listed.map((one) => ({ ...one, isThis: one.session === id }));
          return told({ sessions: shown });
        });
      },
    },
    {
      ...row,
      method: 'DELETE',
      path: '/operator/sessions/{session}',
      describes: says.endSession,
      handle: by((visit) =>
        live(visit, async ({ session: { of } }) => {
          const [session = ''] = visit.call.path;
          const ended = await visit.operators.sessions.end(of, session);
          if (isRefusal(ended)) return problem(ended);
          return ended ? told({ session }) : problem(refuse('SESSION_NOT_FOUND', 'session'));
        }),
      ),
    },
    posted(
      '/operator/password',
      says.password,
      own(reads.password, ({ operators, asked }, of, said) =>
        operators.changePassword(of, asked, said),
      ),
    ),
    posted(
      '/operator/totp',
      says.beginCodes,
      own(reads.begin, async ({ operators, asked }, of, said) => {
        const made = await operators.beginCodes(of, asked, said);
        if (isRefusal(made)) return made;
        const { secret, uri, qr } = made;
        return { secret, uri, qr };
      }),
    ),
    posted(
      '/operator/totp/confirm',
      says.confirmCodes,
      own(reads.confirm, ({ operators, asked }, of, { code }) =>
        operators.confirmCodes(of, asked, code),
      ),
    ),
    posted(
      '/operator/totp/remove',
      says.removeCodes,
      own(reads.remove, ({ operators, asked }, of, said) => operators.removeCodes(of, asked, said)),
    ),
    posted('/operator/invitation/look', says.lookAtInvitation, async ({ call, operators }) => {
      const body = reads.look(call.body);
      if (isRefusal(body)) return problem(body);
      const seen = await operators.lookAtInvitation(body.invitation);
      return isRefusal(seen) ? problem(seen) : told(seen);
    }),
    posted('/operator/invitation', says.useInvitation, async (visit) => {
      const body = reads.use(visit.call.body);
      if (isRefusal(body)) return problem(body);
      const used = await visit.operators.useInvitation({ ...body, ...visit.asked });
      return signedIn(visit, limits, used);
    }),
  ];
}

/** Begins a session, by a key or by a password. */
async function begun({ call, operators, asked }: Visit): Promise<Refusal | Opened> {
  const body = reads.signIn(call.body);
  if (isRefusal(body)) return body;
  const { key, login, password, code } = body;
  if (key !== undefined) {
    const other = Object.entries({ login, password, code }).find(
      ([, value]) => value !== undefined,
    );
    return other === undefined
      ? operators.byKey({ key, ...asked })
      : refuse('CREDENTIALS_CONFLICT', other[0], 'Give a key or a password, not both.');
  }
  if (login === undefined || password === undefined) {
    const field = login === undefined ? 'login' : 'password';
    return refuse('UNAUTHORIZED', field, 'Give a key, or a name and its password.');
  }
  return operators.byPassword({ login, password, code, ...asked });
}

function signedIn(
  { cookies }: Visit,
  { operatorSessionSeconds: seconds }: GatewayLimits,
  opened: Refusal | Opened,
): Answer {
  if (isRefusal(opened)) return problem(opened);
  const { as, until, cookie, device } = opened;
  const lines =
    device === undefined
      ? cookies.again(cookie, seconds)
      : cookies.signedIn({ cookie, device }, seconds);
  return told({ ...as, until }, lines, as.principal);
}

/** What the session of a cookie is asked. */
async function live(
  { operators, cookie }: Visit,
  answer: (live: LiveSession) => Answer | Promise<Answer>,
): Promise<Answer> {
  const found = await operators.sessions.session(cookie);
  return isRefusal(found) ? problem(found, [NO_STORE]) : answer(found);
}

/** What somebody who is signed in sets: the body is judged first. */
const own =
  <T extends object>(
    read: (body: unknown) => T | Refusal,
    act: (visit: Visit, of: LiveSession, said: T) => Promise<Refusal | object | undefined>,
  ): Answering =>
  async (visit) => {
    const said = read(visit.call.body);
    if (isRefusal(said as Refusal)) return problem(said as Refusal);
    return live(visit, async (of) => {
      const done = await act(visit, of, said as T);
      if (isRefusal(done as Refusal)) return problem(done as Refusal);
      return told(done ?? {}, [], of.as.principal);
    });
  };
