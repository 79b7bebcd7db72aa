// Schemas of what the API takes, out of its own document. Owns: that document, fetched once. Never touches: schemas of definitions (GET /v1/schemas).

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { resolved, type Schema } from './schema.js';

type Components = Readonly<Record<string, unknown>>;

const components = signal<Components | undefined>(undefined);
let going: Promise<void> | undefined;

async function ask(): Promise<void> {
  try {
    const answer = await fetch('/openapi.json');
    const document = (await answer.json()) as {
      readonly components: { readonly schemas: Components };
    };
    components.value = document.components.schemas;
  } finally {
    // What did not come is asked for by whoever needs it next.
    going = undefined;
  }
}

const kept = new Map<string, Schema>();

/** The schema of this name (`NewPlatform`), without references; undefined: it is on its way, or there is none. */
export function useSchema(name: string): Schema | undefined {
  const all = components.value;
  useEffect(() => {
    if (components.peek() !== undefined) return;
    going ??= ask();
    going.catch(() => undefined);
  }, [name]);
  const known = kept.get(name);
  if (known !== undefined || all?.[name] === undefined) return known;
  const made = resolved(all[name], all);
  kept.set(name, made);
  return made;
}
