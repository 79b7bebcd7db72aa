// What the OAuth server is to the rest of the gateway. Owns: the shapes of grants, requests of applications, answers. Never touches:
// how any of it is done.

import type { MemberTokens } from '../auth/member-tokens.js';
import type { Refusal } from '../refusal.js';
import type { Scope } from './scopes.js';

/** A member that signs in: its sign-in id (gateway/sign-in/), and whose points those are. */
export interface Member {
  readonly member: string;
  readonly owner: string;
}

/** Where somebody sits, for the member to recognise: shown in the list of sessions. */
export interface Seat {
  readonly address: string;
  readonly agent: string;
}

/**
 * Is what a new grant rests on (the password that was compared, the session, the account) still as it was seen? Asked again once whoever ends it would find
 * the grant (oauth.G5); a refusal: the grant is not made, and that is answered.
 */
export type StillGood = () => Promise<Refusal | undefined>;

/** A session of the product's own page; `owner`: whose points they are now. */
export interface Session extends Member {
  /** Of its grant: as it is listed. */
  readonly id: string;
  /** Milliseconds since 1970: when it ends if nothing is done in it. */
  readonly until: number;
}

/** What `/token`, `POST /session/token` answer (RFC 6749, 5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string | undefined;
}

/** A token of the product's own page, and whose points it opens now: a member's that was merged into another one are those of that one. */
export interface OwnTokenAnswer extends TokenAnswer {
  readonly owner: string;
}

/** `session`: of the product's own page. `application`: of a client. `embedded`: of the page in a platform's. `client`: of a client for itself. */
export type GrantKind = 'session' | 'application' | 'embedded' | 'client';

/** What a member sees of a grant. */
export interface ShownGrant {
  readonly id: string;
  readonly kind: GrantKind;
  /** The client's id; of a session `@me`, of an embedded page the platform. */
  readonly client: string;
  readonly scope: string;
  readonly address: string;
  readonly agent: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When a token was last given. */
  readonly usedAt: number;
  readonly until: number;
}

/** What a client is, without its secrets. */
export interface Client {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Does it keep secrets? One that cannot (a page, a phone's application) has none, and must use PKCE. */
  readonly isPublic: boolean;
  /** Where codes may go: compared character by character. None: it is for client credentials alone. */
  readonly redirectUris: readonly string[];
  /** What it may ask members for, as `scopeText()` writes it. */
  readonly scope: string;
  /** The platform for which it may act for itself (client credentials), within the scopes of `ownScope`. */
  readonly platform?: string | undefined;
  readonly ownScope?: string | undefined;
  readonly disabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A request of an application for a code, found good as far as it can be judged without the member. */
export interface AuthorizeRequest {
  readonly client: Client;
  readonly redirectUri: string;
  /** Was it in the request? Then it must be in the one for tokens. */
  readonly saysUri: boolean;
  readonly scopes: readonly Scope[];
  /** As it was sent; undefined: it was not. */
  readonly state: string | undefined;
  /** S256 (RFC 7636); undefined: a confidential client without. */
  readonly challenge: string | undefined;
}

/** What an application is told by a redirect (RFC 6749, 4.1.2.1; the last three: as OpenID Connect names them). */
export type AuthorizeError =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'login_required'
  | 'consent_required'
  | 'interaction_required';

/** What came of reading a request for a code. */
export type AuthorizeRead =
  | { readonly is: 'request'; readonly request: AuthorizeRequest }
  /** The client is told. */
  | { readonly is: 'redirect'; readonly location: string }
  /** Nobody may be redirected: the member is told on a page. */
  | { readonly is: 'page'; readonly refusal: Refusal };

/** What a member said on the page of consent. */
export interface Consent extends Member {
  readonly request: AuthorizeRequest;
  /** Those of the request that the member gives. */
  readonly scopes: readonly Scope[];
  /** An unguessable text that stands for this answer: given again, it is the same code, while that one is good. */
  readonly form: string;
  readonly seat: Seat;
  readonly still: StillGood;
}

/** The grants that there are. Every change is written over the version that was seen. */
export interface GrantBook {
  /** Opens a session; the cookie's value is here and nowhere else. `isProved`: a second factor was proved for it. */
  openSession(
    member: Member,
    seat: Seat,
    still: StillGood,
    isProved?: boolean,
  ): Promise<Refusal | { readonly cookie: string; readonly session: Session }>;
  /** The session of a cookie, as the ledger has it now; undefined: it is none, has ended or was ended. */
  session(cookie: string): Promise<Refusal | Session | undefined>;
  /** Refuses `SESSION_ENDED` where a session has ended: what a consent rests on. */
  sessionStill(session: Session): StillGood;
  /** A short access token of the member's own page, all scopes; undefined: there is no such session. The session lives on from now. */
  sessionToken(cookie: string): Promise<Refusal | OwnTokenAnswer | undefined>;
  /** A short access token of the page in a platform's. */
  ticketToken(
    member: Member,
    given: { readonly platform: string; readonly scopes: readonly Scope[]; readonly seat: Seat },
    still: StillGood,
  ): Promise<Refusal | OwnTokenAnswer>;
  /** A second factor was proved in a session, or in an embedded page's: until when that counts (milliseconds since 1970); undefined: it is none of these. */
  proved(id: string): Promise<Refusal | number | undefined>;
  /** What can still be used of a member, the newest first. */
  grantsOf(member: string): Promise<Refusal | readonly ShownGrant[]>;
  /** Ends one; false: there is no such grant of this member. */
  endGrant(member: string, id: string): Promise<Refusal | boolean>;
  /**
   * Ends all of a member, or those of some kinds, but for one (an id). Once it is answered, nothing of them is good that was made before what they rested on
   * was changed.
   */
  endAll(
    member: string,
    which?: { readonly except?: string | undefined; readonly kinds?: readonly GrantKind[] },
  ): Promise<Refusal | undefined>;
  /** Ends all that a client has of a member; how many. */
  endClient(member: string, client: string): Promise<Refusal | number>;
  /** What a member has given a client until now, by grants that are good; none: nothing. */
  consented(member: string, client: string): Promise<Refusal | readonly Scope[]>;
}

/** The OAuth server. */
export interface OAuthServer {
  /** Who it is (RFC 8414): the public URL of the server, without a slash at its end. */
  readonly issuer: string;
  readonly grants: GrantBook;
  readonly tokens: MemberTokens;
  /** Reads a request for a code: the parameters of `/authorize`, each once. */
  authorize(parameters: Readonly<Record<string, string>>): Promise<Refusal | AuthorizeRead>;
  /** Where a member is sent that has consented, with a code; `used`: that answer was given before, and its code cannot be used any more. */
  consent(consent: Consent): Promise<Refusal | { readonly location: string } | 'used'>;
  /** Where a member is sent when nothing comes of a request. */
  failed(request: AuthorizeRequest, error: AuthorizeError, description?: string): string;
}
