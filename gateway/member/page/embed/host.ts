// The page inside of another one. Owns: who embeds it, what is said to whom, the theme on the document. Never touches: tokens, what the page shows.
//   embed.H1. Only what comes of the window around this one, and of one of the platform's origins, is heard; only to such an origin is anything said, never to `*`.
//   embed.H2. Opened by itself it is not this page: it goes to `/me`.

import { type FromHost, type FromPage, readMessage, VERSION } from './contract.js';
import type { Theme } from './theme.js';

/** What the server writes into the page that is embedded: whose it is, who may embed it. */
interface Written {
  readonly platform: string;
  readonly origins: readonly string[];
}

/** The page's host. */
export interface Embedding {
  readonly platform: string;
  /** Where its places begin: in place of `/me`. */
  readonly base: string;
  /** A ticket to sign in with: asks the host until it has given one. */
  ticket(): Promise<string>;
  /** Told when the host wants another language, or another place of the page. */
  onLanguage(listener: (language: 'zh' | 'en') => void): void;
  onNavigate(listener: (to: string) => void): void;
  /** Tells the host that goods were ordered. */
  redeemed(order: { readonly order: string; readonly goods: string }): void;
}

/** How long until a ticket is asked for again: the host may not listen yet. */
const ASK_AGAIN_MS = 2_000;
const ASK_AGAIN_MS_MAX = 30_000;

let known: Embedding | null | undefined;

/** Who embeds the page; undefined: nobody, it is the page itself. */
export function embedded(): Embedding | undefined {
  known ??= opened() ?? null;
  return known ?? undefined;
}

function opened(): Embedding | undefined {
  const written = document.querySelector('meta[name="jifen-embed"]')?.getAttribute('content');
  if (written === null || written === undefined) return undefined;
  const { platform, origins } = JSON.parse(written) as Written;
  if (window.parent === window) location.replace('/me');
  document.documentElement.classList.add('embedded');
  return new Host(platform, origins);
}

class Host implements Embedding {
  readonly platform: string;
  readonly base: string;
  readonly #origins: readonly string[];
  /** The one that has spoken, or that the browser names. */
  #origin: string | undefined;
  #ticket: string | undefined;
  readonly #waiting: ((ticket: string) => void)[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #languages: ((language: 'zh' | 'en') => void)[] = [];
  readonly #navigations: ((to: string) => void)[] = [];
  #theme: Theme = new Map();
  #height = 0;

  constructor(platform: string, origins: readonly string[]) {
    this.platform = platform;
    this.base = `/me/embed/${platform}`;
    this.#origins = origins;
    const around = aroundThis();
    this.#origin = around !== undefined && origins.includes(around) ? around : undefined;
    addEventListener('message', (event) => this.#hear(event));
    const measure = (): void => this.#measure();
    new ResizeObserver(measure).observe(document.body);
    this.#say({ type: 'ready', platform });
  }

  ticket(): Promise<string> {
    const given = this.#ticket;
    if (given !== undefined) {
      this.#ticket = undefined;
      return Promise.resolve(given);
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#ask(ASK_AGAIN_MS);
    });
  }

  onLanguage(listener: (language: 'zh' | 'en') => void): void {
    this.#languages.push(listener);
  }

  onNavigate(listener: (to: string) => void): void {
    this.#navigations.push(listener);
  }

  redeemed({ order, goods }: { readonly order: string; readonly goods: string }): void {
    this.#say({ type: 'redeemed', order, goods });
  }

  #ask(pauseMs: number): void {
    this.#say({ type: 'needs-ticket' });
    this.#again = setTimeout(() => this.#ask(Math.min(pauseMs * 2, ASK_AGAIN_MS_MAX)), pauseMs);
  }

  #say(message: FromPage): void {
    const to = this.#origin === undefined ? this.#origins : [this.#origin];
    for (const origin of to) window.parent.postMessage({ jifen: VERSION, ...message }, origin);
  }

  #hear({ source, origin, data }: MessageEvent): void {
    if (source !== window.parent || !this.#origins.includes(origin)) return;
    const message = readMessage(data);
    if (message === undefined) return;
    this.#origin = origin;
    if (message.type !== 'wrong') this.#do(message);
    else this.#say({ type: 'refused', of: message.of, ...message.problem });
  }

  #do(message: FromHost): void {
    switch (message.type) {
      case 'ticket': {
        clearTimeout(this.#again);
        const [first, ...others] = this.#waiting.splice(0);
        if (first === undefined) this.#ticket = message.ticket;
        else first(message.ticket);
        // A ticket is good once: who else waits, waits for the next one.
        this.#waiting.push(...others);
        if (others.length > 0) this.#ask(ASK_AGAIN_MS);
        return;
      }
      case 'theme':
        this.#dress(message.theme);
        return;
      case 'language':
        for (const listener of this.#languages) listener(message.language);
        return;
      case 'navigate':
        for (const listener of this.#navigations) listener(message.to);
    }
  }

  #dress(theme: Theme): void {
    const { style } = document.documentElement;
    for (const name of this.#theme.keys()) style.removeProperty(name);
    for (const [name, value] of theme) style.setProperty(name, value);
    this.#theme = theme;
  }

  #measure(): void {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === this.#height) return;
    this.#height = height;
    this.#say({ type: 'height', height });
  }
}

/** The origin of the window around this one, where the browser tells. */
function aroundThis(): string | undefined {
  const { ancestorOrigins } = location as Location & { readonly ancestorOrigins?: DOMStringList };
  if (ancestorOrigins !== undefined) return ancestorOrigins[0];
  return document.referrer === '' ? undefined : new URL(document.referrer).origin;
}
