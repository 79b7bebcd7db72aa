// What the ledger says of a document while it is typed: a dry run of saying it. Owns: when it is asked, which answer counts. Never touches: the form.
//   console.D1. An answer is shown beside the document that it was asked about, and no other one.
//   console.D2. Each question says which version was seen: that somebody else has said another one meanwhile is known while one types.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { putV1DefinitionsByKindByKey } from '../../../../../web/page/api/operations.js';
import type { Problem } from '../../../../../web/page/calls/operation.js';
import { caller } from '../../../../../web/page/shell/app.js';
import type { Fields } from '../../../ui/schema-form/path.js';

/** Nobody is asked while keys are pressed one after the other. */
const PAUSE_MS = 350;

/** What is to be said. */
export interface Saying {
  readonly kind: string;
  readonly key: string;
  /** The version that was seen; 0: there was none. */
  readonly ifVersion: number;
  readonly document: Fields;
}

export interface Said {
  readonly state: 'asking' | 'accepted' | 'refused';
  readonly problem?: Problem | undefined;
}

/** The answer to the document of now; undefined: there is nothing to ask. */
export function useSaid(saying: Saying | undefined): Said | undefined {
  const said = useSignal<{ readonly of: string; readonly said: Said } | undefined>(undefined);
  const of = saying === undefined ? '' : JSON.stringify(saying);
  useEffect(() => {
    if (of === '') return;
    let isLeft = false;
    const waiting = setTimeout(async () => {
      const { kind, key, ...body } = JSON.parse(of) as Saying;
      const result = await caller.ask(
        putV1DefinitionsByKindByKey,
        {
          path: { kind: kind as never, key },
          query: { dryRun: 'true' },
          body: { state: 'active', ...body },
        },
        2,
      );
      if (isLeft) return;
      said.value = {
        of,
        said: result.ok ? { state: 'accepted' } : { state: 'refused', problem: result.problem },
      };
    }, PAUSE_MS);
    return () => {
      isLeft = true;
      clearTimeout(waiting);
    };
  }, [of]);
  if (of === '') return undefined;
  return said.value?.of === of ? said.value.said : { state: 'asking' };
}
