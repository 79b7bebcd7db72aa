// The service worker as the page sees it. Owns: when it is registered, that a new one takes over. Never touches: what it keeps (worker/sw.ts).

/** What is used of trusted types, which not all browsers have. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (text: string) => string },
  ): { createScriptURL(text: string): unknown };
}

const FILE = '/me/sw.js';

/** The one address of a script that the page names itself: no other text becomes one. */
function address(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const made = trustedTypes?.createPolicy('jifen', {
    createScriptURL: (text) => {
      if (text !== FILE) throw new Error('this is no script of the page');
      return text;
    },
  });
  return (made?.createScriptURL(FILE) ?? FILE) as string;
}

/** Not in a frame: there the page is somebody else's guest, and leaves nothing behind. */
export function work(): void {
  if (!('serviceWorker' in navigator) || window.top !== window) return;
  const register = async (): Promise<void> => {
    try {
      const registration = await navigator.serviceWorker.register(address(), { scope: '/me' });
      // One that waited for this load: this page was loaded with the files that it knows.
      registration.waiting?.postMessage('take over');
    } catch {
      // Without one the page works while there is a network.
    }
  };
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register());
}
