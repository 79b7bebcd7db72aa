// Where the page keeps texts. Owns: the shape of such places, one in memory. Never touches: the browser's (shell/browser-stores.ts).

/** Texts by key. */
export interface Store {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
  remove(key: string): void;
  keys(): readonly string[];
}

/** Answers by key, with the time they came. */
export interface AnswerStore {
  get(key: string): Promise<KeptAnswer | undefined>;
  set(key: string, kept: KeptAnswer): Promise<void>;
  clear(): Promise<void>;
}

export interface KeptAnswer {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answer: unknown;
}

/** Gone with the page. */
export function memoryStore(): Store {
  const texts = new Map<string, string>();
  return {
    get: (key) => texts.get(key),
    set: (key, text) => {
      texts.set(key, text);
    },
    remove: (key) => {
      texts.delete(key);
    },
    keys: () => [...texts.keys()],
  };
}

/** The same for answers. */
export function memoryAnswers(): AnswerStore {
  const kept = new Map<string, KeptAnswer>();
  return {
    get: async (key) => kept.get(key),
    set: async (key, answer) => {
      kept.set(key, answer);
    },
    clear: async () => kept.clear(),
  };
}

/** The part of a store whose keys begin so: pages of one origin share the browser's. */
export const within = (store: Store, prefix: string): Store => ({
  get: (key) => store.get(prefix + key),
  set: (key, text) => store.set(prefix + key, text),
  remove: (key) => store.remove(prefix + key),
  keys: () =>
    store
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length)),
});

/** Where nothing is to be read offline: it keeps nothing. */
export const noAnswers: AnswerStore = {
  get: async () => undefined,
  set: async () => undefined,
  clear: async () => undefined,
};
