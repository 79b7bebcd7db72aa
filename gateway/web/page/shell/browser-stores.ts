// Where a browser keeps things. Owns: that the page works where it may keep nothing (private windows, full disks). Never touches: what is kept.

import { type AnswerStore, type KeptAnswer, memoryStore, type Store } from '../calls/stores.js';

/** `session`: of this tab; `local`: of this browser. */
export function browserStore(kind: 'session' | 'local'): Store {
  const spare = memoryStore();
  const attempt = <Found>(use: (storage: Storage) => Found, otherwise: () => Found): Found => {
    try {
      return use(kind === 'session' ? sessionStorage : localStorage);
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) =>
      attempt(
        (all) => all.getItem(key) ?? undefined,
        () => undefined,
      ) ?? spare.get(key),
    set: (key, text) =>
      attempt(
        (all) => all.setItem(key, text),
        () => spare.set(key, text),
      ),
    remove: (key) => {
      spare.remove(key);
      attempt(
        (all) => all.removeItem(key),
        () => undefined,
      );
    },
    keys: () => [
      ...new Set([
        ...attempt(
          (all) => Object.keys(all),
          () => [],
        ),
        ...spare.keys(),
      ]),
    ],
  };
}

const DATABASE = 'jifen';
const ANSWERS = 'answers';

const answered = <Found>(request: IDBRequest<Found>): Promise<Found> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** In IndexedDB; rejects where there is none. */
export function browserAnswers(): AnswerStore {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(ANSWERS);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  };
  const within = async (mode: IDBTransactionMode): Promise<IDBObjectStore> =>
    (await open()).transaction(ANSWERS, mode).objectStore(ANSWERS);
  return {
    get: async (key) =>
      (await answered((await within('readonly')).get(key))) as KeptAnswer | undefined,
    set: async (key, kept) => {
      await answered((await within('readwrite')).put(kept, key));
    },
    clear: async () => {
      await answered((await within('readwrite')).clear());
    },
  };
}
