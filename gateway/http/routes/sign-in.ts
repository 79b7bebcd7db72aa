// Routes by which members sign in, and by which platforms have them sign in. Owns: their paths and answers, who may ask, cookies on their way. Never touches:
// passwords, grants.
//   http.H70. What a cookie permits is asked by the server's own pages alone (signin.C1), and what a cookie opens is told to no cache.
//   http.H71. Of a member's sessions and of its password a platform is told nothing.

import { mergeState, ownerNow } from '../../../engine/index.js';
import { either, orMembers, platformOnly, VISITORS } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { readCredential } from '../../oauth/credentials.js';
import type { ShownGrant } from '../../oauth/shapes.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { auditOf, type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/sign-in.js';
import { fits, User } from '../../schema/words.js';
import { signInId } from '../../sign-in/accounts.js';
import { Cookies, MEMBERS } from '../../sign-in/cookies.js';
import { isOwnPage, PAGE_HEADERS } from '../../sign-in/own-page.js';
import type { Asked, SignedIn, SignIn } from '../../sign-in/shapes.js';
import { disclosed } from './privacy.js';

const { SIGN_IN_DESCRIPTIONS: says } = about;
const SESSIONS_WAY = 'GET /v1/members/{owner}/sessions';
export const MEMBER = '/v1/members/{owner}';
const NO_STORE = ['Cache-Control', 'no-store'] as const;
const COOKIE = ['cookie'] as const;
export const TOKEN = ['authorization'] as const;

const reads = {
  signIn: bodyReader(about.SignInBody),
  token: bodyReader(about.TokenBody),
  register: bodyReader(about.RegisterBody),
  letter: bodyReader(about.LetterBody),
  reset: bodyReader(about.ResetBody),
  invitation: bodyReader(about.InvitationBody),
  password: bodyReader(about.PasswordBody),
  close: bodyReader(about.CloseBody),
  link: bodyReader(about.LinkBody),
};

function signInOf({ signIn }: ServedLedger): SignIn {
  if (signIn === undefined) throw new Error('a request came before the ledger was open');
  return signIn;
}

function grantsOf({ oauth }: ServedLedger) {
  if (oauth === undefined) throw new Error('a request came before the ledger was open');
  return oauth.grants;
}

/** What a route of one member's answers. */
export type Made = Promise<Refusal | object>;

export class Visit {
  readonly ledger: ServedLedger;
  readonly signIn: SignIn;
  readonly call: Call;
  readonly cookies: Cookies;
  readonly session: string | undefined;
  readonly asked: Asked;

  constructor(ledger: ServedLedger, call: Call) {
    this.ledger = ledger;
    this.signIn = signInOf(ledger);
    this.call = call;
    this.cookies = new Cookies(this.signIn.publicUrl, MEMBERS);
    const { session, device } = this.cookies.read(call.headers['cookie'] ?? '');
    const { address, agent } = call.origin;
    this.session = session;
    this.asked = { seat: { address, agent }, device, audit: auditOf(call) };
  }

  /** Nobody but a page of the server's own may have sent this. */
  get strange(): Refusal | undefined {
    return isOwnPage(this.call.headers, this.signIn.publicUrl)
      ? undefined
      : refuse('ORIGIN_FORBIDDEN', 'Origin', 'Only pages of this server may ask this.');
  }
}

const told = (status: number, value: object, headers: Answer['headers'] = []): Answer => ({
  ...json(status, value),
  headers: [NO_STORE, ...headers],
});

/** The routes of signing in. */
export function signInRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [...sessionRoutes(ledger, limits), ...platformRoutes(ledger), ...memberRoutes(ledger)];
}

// --- by cookies -----------------------------------------------------------------------------------------------------

function sessionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const row = {
    access: VISITORS,
    module: 'access',
    headers: [...COOKIE, ...PAGE_HEADERS],
  } as const;
  const by =
    (answer: (visit: Visit) => Promise<Answer>) =>
    async (call: Call): Promise<Answer> => {
      const visit = new Visit(ledger, call);
      const { strange } = visit;
      // With no cookie, too: nobody is signed in by another one's page as somebody whom that one chooses.
      return strange === undefined ? answer(visit) : problem(strange);
    };
  const posted = (
    path: string,
    describes: Route['describes'],
    answer: (visit: Visit) => Promise<Answer>,
  ): Route => ({ ...row, method: 'POST', path, describes, body: 'required', handle: by(answer) });
  const signedIn = async (visit: Visit, made: Refusal | SignedIn): Promise<Answer> => {
    if (isRefusal(made)) return problem(made);
    const { session } = made;
    const login = await visit.signIn.shownName(session.member);
    if (isRefusal(login)) return problem(login);
    const { owner, until } = session;
    const lines = visit.cookies.signedIn(made, limits.sessionSeconds);
    return told(200, { owner, login, until }, lines);
  };
  return [
    posted('/session', says.signIn, async (visit) => {
      const body = reads.signIn(visit.call.body);
      if (isRefusal(body)) return problem(body);
      return signedIn(visit, await visit.signIn.signIn({ ...body, ...visit.asked }));
    }),
    {
      ...row,
      method: 'GET',
      path: '/session',
      describes: says.session,
      handle: (call) => shownSession(new Visit(ledger, call)),
    },
    {
      ...row,
      method: 'DELETE',
      path: '/session',
      describes: says.signOut,
      handle: by(async ({ signIn, session, cookies }) => {
        const no = session === undefined ? undefined : await signIn.signOut(session);
        return no === undefined ? told(200, {}, cookies.signedOut()) : problem(no);
      }),
    },
    posted('/session/token', says.token, (visit) => token(visit, limits)),
    posted('/session/register', says.register, async ({ call, signIn, asked }) => {
      const body = reads.register(call.body);
      if (isRefusal(body)) return problem(body);
      const { lang, ...of } = body;
      const no = await signIn.register({ ...of, ...(lang && { lang }), ...asked });
      return no === undefined ? told(202, {}) : problem(no);
    }),
    posted('/session/letters', says.letter, async (visit) => {
      const body = reads.letter(visit.call.body);
      if (isRefusal(body)) return problem(body);
      return signedIn(visit, await visit.signIn.useLetter({ ...body, ...visit.asked }));
    }),
    posted('/session/reset', says.reset, async ({ call, signIn, asked }) => {
      const body = reads.reset(call.body);
      if (isRefusal(body)) return problem(body);
      const no = await signIn.startReset({ ...body, ...asked });
      return no === undefined ? told(202, {}) : problem(no);
    }),
  ];
}

async function shownSession({ ledger, signIn, session: cookie }: Visit): Promise<Answer> {
  const session = cookie === undefined ? undefined : await grantsOf(ledger).session(cookie);
  if (isRefusal(session)) return problem(session);
  if (session === undefined) return problem(refuse('SESSION_ENDED'), [NO_STORE]);
  const login = await signIn.shownName(session.member);
  if (isRefusal(login)) return problem(login);
  const { owner, until } = session;
  return told(200, { owner, login, until });
}

async function token(visit: Visit, { sessionSeconds }: GatewayLimits): Promise<Answer> {
  const { ledger, signIn, session, cookies, call, asked } = visit;
  const body = reads.token(call.body);
  if (isRefusal(body)) return problem(body);
  if (body.ticket !== undefined) {
    const made = await signIn.useTicket(body.ticket, asked.seat);
    return isRefusal(made) ? problem(made) : told(200, made);
  }
  const made = session === undefined ? undefined : await grantsOf(ledger).sessionToken(session);
  if (isRefusal(made)) return problem(made);
  if (made === undefined || session === undefined)
    return problem(refuse('SESSION_ENDED'), [NO_STORE]);
  return told(200, made, cookies.again(session, sessionSeconds));
}

// --- by platforms and operators -------------------------------------------------------------------------------------

function platformRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'POST',
      path: `${MEMBER}/invitations`,
      access: either('sign-in'),
      module: 'access',
      body: 'optional',
      describes: says.invite,
      handle: async (call) => {
        const body = reads.invitation(call.body);
        if (isRefusal(body)) return problem(body);
        const made = await invited(ledger, call, body);
        return isRefusal(made) ? problem(made) : told(202, made);
      },
    },
    {
      method: 'POST',
      path: `${MEMBER}/sign-in-tickets`,
      access: platformOnly('sign-in'),
      module: 'access',
      describes: says.ticket,
      handle: async ({ path: [owner = ''], principal: { platform } }) =>
        ticketed(
          ledger,
          unfit(owner) ?? (await signInOf(ledger).ticket({ owner, platform: platform?.id ?? '' })),
        ),
    },
    {
      method: 'POST',
      path: '/v1/platforms/{platform}/users/{user}/link-tickets',
      access: platformOnly('sign-in'),
      module: 'access',
      describes: says.linkTicket,
      handle: async ({ path: [platform = '', user = ''], principal }) =>
        principal.platform?.id === platform
          ? ticketed(ledger, await signInOf(ledger).linkTicket({ platform, user }))
          : problem(
              refuse('OPERATION_FORBIDDEN', 'platform', 'These are another platform’s users.'),
            ),
    },
  ];
}

function ticketed(
  ledger: ServedLedger,
  made: Refusal | { readonly ticket: string; readonly until: number },
): Answer {
  if (isRefusal(made)) return problem(made);
  const { ticket, until } = made;
  const left = Math.max(0, Math.floor((until - engineOf(ledger).now()) / 1_000));
  return told(201, { ticket, expires_in: left });
}

async function invited(
  ledger: ServedLedger,
  call: Call,
  { platform: named, ...address }: { email?: string; phone?: string; platform?: string },
): Promise<Refusal | object> {
  const { principal, path } = call;
  const [owner = ''] = path;
  const own = principal.platform?.id;
  const no = unfit(owner) ?? (own === undefined ? narrow(call, owner) : undefined);
  if (no !== undefined) return no;
  if (address.email !== undefined && address.phone !== undefined)
    return refuse('COMMAND_INVALID', 'phone', 'The link goes to one address: email or phone.');
  if (own !== undefined && named !== undefined && named !== own)
    return refuse('OPERATION_FORBIDDEN', 'platform', 'A platform invites by its own channels.');
  if (named !== undefined && ledger.access?.directory.platform(named) === undefined)
    return refuse('PLATFORM_NOT_FOUND', 'platform');
  const { asked, signIn } = new Visit(ledger, call);
  const isNamed = address.email !== undefined || address.phone !== undefined;
  const invitation = { owner, scope: own ?? named ?? '', platform: own };
  const made = await signIn.invite({ ...invitation, ...(isNamed && { address }) }, asked);
  return isRefusal(made) ? made : { owner, until: made.until };
}

const isUser = fits(User);
/** What is wrong with who is named in a path. */
const unfit = (owner: string): Refusal | undefined =>
  isUser(owner) ? undefined : refuse('OWNER_INVALID', 'owner');

/** What keeps a key from what is a whole member's. */
function narrow({ principal }: Call, owner: string): Refusal | undefined {
  if (principal.owner !== undefined && principal.owner !== owner)
    return refuse('OWNER_FORBIDDEN', 'owner');
  return principal.kind === 'key' && principal.assets !== undefined
    ? refuse('OPERATION_FORBIDDEN', 'owner', 'It is not for keys of some points alone.')
    : undefined;
}

// --- by members -----------------------------------------------------------------------------------------------------

/** Who asks about a member: the member itself, or an operator. */
function strangeTo({ principal }: Call): Refusal | undefined {
  return principal.kind === 'platform'
    ? refuse('OPERATION_FORBIDDEN', 'owner', 'It is for the member itself, and for operators.')
    : undefined;
}

/** Answers what is asked of one member, by itself or by an operator; no cache keeps it. */
export const made =
  (answer: (call: Call, owner: string) => Made) =>
  async (call: Call): Promise<Answer> => {
    const [owner = ''] = call.path;
    const no = unfit(owner) ?? strangeTo(call) ?? narrow(call, owner);
    const said = no ?? (await answer(call, owner));
    return isRefusal(said) ? problem(said) : told(200, said);
  };

/** What the member asks itself, or an operator; and what the member alone does. */
export const OF_MEMBER = { module: 'access', access: orMembers(['sign-in'], ['self']) } as const;
export const BY_MEMBER = {
  ...OF_MEMBER,
  access: orMembers(['self'], ['self']),
  body: 'required',
} as const;

function memberRoutes(ledger: ServedLedger): Route[] {
  const row = OF_MEMBER;
  const own = BY_MEMBER;
  return [
    {
      ...row,
      method: 'GET',
      path: `${MEMBER}/sign-in`,
      describes: says.state,
      handle: made((_, owner) => signInOf(ledger).state(owner)),
    },
    {
      ...row,
      method: 'POST',
      path: `${MEMBER}/sign-in/close`,
      body: 'optional',
      describes: says.close,
      handle: made((call, owner) => closed(ledger, call, owner)),
    },
    {
      ...row,
      method: 'GET',
      path: `${MEMBER}/sessions`,
      headers: TOKEN,
      describes: says.sessions,
      handle: made((call, owner) => sessions(ledger, call, owner)),
    },
    {
      ...row,
      method: 'DELETE',
      path: `${MEMBER}/sessions/{session}`,
      describes: says.endSession,
      handle: made((call, owner) => sessionEnded(ledger, owner, call.path[1] ?? '')),
    },
    {
      ...row,
      method: 'GET',
      path: `${MEMBER}/applications`,
      describes: says.applications,
      handle: made((_, owner) => applications(ledger, owner)),
    },
    {
      ...row,
      method: 'DELETE',
      path: `${MEMBER}/applications/{client}`,
      describes: says.endApplication,
      handle: made((call, owner) => applicationEnded(ledger, owner, call.path[1] ?? '')),
    },
    {
      ...own,
      method: 'POST',
      path: `${MEMBER}/password`,
      headers: [...COOKIE, ...TOKEN],
      describes: says.password,
      handle: made((call, owner) => passwordChanged(ledger, call, owner)),
    },
    {
      ...own,
      method: 'POST',
      path: `${MEMBER}/links`,
      describes: says.link,
      handle: made((call, owner) => linked(ledger, call, owner)),
    },
  ];
}

/** The sign-in id of who asks for himself: a member's may be another one than its owner's, who it was merged into. */
export const memberOf = ({ principal }: Call, owner: string): string =>
  principal.kind === 'member' ? principal.id : signInId(owner);

/** The sign-in ids of all who are an owner now. */
async function idsOf(ledger: ServedLedger, owner: string): Promise<Refusal | readonly string[]> {
  const state = await mergeState(engineOf(ledger).own, owner);
  if (isRefusal(state)) return state;
  return [owner, ...state.from.map((one) => one.owner)].map(signInId);
}

interface Held {
  readonly member: string;
  readonly grant: ShownGrant;
}

/** What can be used of an owner. */
async function held(ledger: ServedLedger, owner: string): Promise<Refusal | readonly Held[]> {
  const ids = await idsOf(ledger, owner);
  if (isRefusal(ids)) return ids;
  const all: Held[] = [];
  for (const member of ids) {
    const grants = await grantsOf(ledger).grantsOf(member);
    if (isRefusal(grants)) return grants;
    all.push(...grants.map((grant) => ({ member, grant })));
  }
  return all;
}

/** The client of a platform's embedded page begins so. */
export const EMBEDDED = '@embed:';

/** The session by whose access token a member asks: that is judged by now. Undefined: it is no member. */
export function ownGrant({ principal, headers }: Call): string | undefined {
  if (principal.kind !== 'member') return undefined;
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  return readCredential(token, 'at')?.id;
}

async function sessions(ledger: ServedLedger, call: Call, owner: string): Made {
  const all = await held(ledger, owner);
  if (isRefusal(all)) return all;
  const no = await disclosed(ledger, call, 'sessions', SESSIONS_WAY, [owner]);
  if (no !== undefined) return no;
  const own = ownGrant(call);
  return {
    sessions: all.flatMap(({ grant: { id, kind, client, ...grant } }) => {
      if (kind !== 'session' && kind !== 'embedded') return [];
      const platform = client.startsWith(EMBEDDED) ? client.slice(EMBEDDED.length) : undefined;
      return [{ session: id, kind, platform, isThis: id === own, ...grant }];
    }),
  };
}

async function sessionEnded(ledger: ServedLedger, owner: string, id: string): Made {
  const all = await held(ledger, owner);
  if (isRefusal(all)) return all;
  const found = all.find(({ grant }) => grant.id === id && grant.kind !== 'application');
  if (found === undefined) return refuse('SESSION_NOT_FOUND', 'session');
  const ended = await grantsOf(ledger).endGrant(found.member, id);
  return isRefusal(ended) ? ended : { ended: ended ? 1 : 0 };
}

async function applications(ledger: ServedLedger, owner: string): Made {
  const all = await held(ledger, owner);
  if (isRefusal(all)) return all;
  return {
    applications: all.flatMap(({ grant: { kind, client, scope, createdAt, usedAt } }) =>
      kind === 'application' ? [{ client, scope, createdAt, usedAt }] : [],
    ),
  };
}

async function applicationEnded(ledger: ServedLedger, owner: string, client: string): Made {
  const ids = await idsOf(ledger, owner);
  if (isRefusal(ids)) return ids;
  let count = 0;
  for (const member of ids) {
    const ended = await grantsOf(ledger).endClient(member, client);
    if (isRefusal(ended)) return ended;
    count += ended;
  }
  return count === 0 ? refuse('OAUTH_CLIENT_NOT_FOUND', 'client') : { ended: count };
}

async function closed(ledger: ServedLedger, call: Call, owner: string): Made {
  const body = reads.close(call.body);
  if (isRefusal(body)) return body;
  const { asked, signIn } = new Visit(ledger, call);
  const isMembers = call.principal.kind === 'member';
  const password = isMembers ? (body.password ?? '') : undefined;
  const no = await signIn.close({ member: memberOf(call, owner), password, ...asked });
  return no ?? { owner };
}

async function passwordChanged(ledger: ServedLedger, call: Call, owner: string): Made {
  const body = reads.password(call.body);
  if (isRefusal(body)) return body;
  const { asked, signIn } = new Visit(ledger, call);
  const member = memberOf(call, owner);
  const except = ownGrant(call);
  return (await signIn.changePassword({ ...body, member, except, ...asked })) ?? { owner };
}

async function linked(ledger: ServedLedger, call: Call, owner: string): Made {
  const body = reads.link(call.body);
  if (isRefusal(body)) return body;
  const { asked, signIn } = new Visit(ledger, call);
  const into = await ownerNow(engineOf(ledger).own, owner);
  if (isRefusal(into)) return into;
  const member = memberOf(call, owner);
  const made = await signIn.link({ ...body, member, owner: into, ...asked });
  if (isRefusal(made)) return made;
  const { merged, user } = made;
  return { owner: made.owner, merged, platform: user?.system, user: user?.user };
}
