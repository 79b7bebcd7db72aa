// Schemas of what the API takes. Owns: that they are loaded when a form is first opened. Never touches: how a form is made of one (ui/schema-form/).

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { resolved, type Schema } from '../../../ui/schema-form/schema.js';

let coming: Promise<Readonly<Record<string, unknown>>> | undefined;

/** All of them by name, as the page was built with them. */
function load(): Promise<Readonly<Record<string, unknown>>> {
  coming ??= import('../../../../../web/page/api/schemas.js').then(({ SCHEMAS }) => SCHEMAS);
  // Where that failed, it is asked for again the next time.
  coming.catch(() => {
    coming = undefined;
  });
  return coming;
}

/** The schema of a body; undefined: it is on its way. */
export function useSchema(name: string): Schema | 'failed' | undefined {
  const known = useSignal<Schema | 'failed' | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    load().then(
      (all) => {
        if (isWanted) known.value = resolved(all[name], all);
      },
      () => {
        if (isWanted) known.value = 'failed';
      },
    );
    return () => {
      isWanted = false;
    };
  }, [name]);
  return known.value;
}
