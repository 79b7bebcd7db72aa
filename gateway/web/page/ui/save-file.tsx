// An answer that is saved as a file: CSV, XLSX, Parquet, lines. Owns: that a file is whole, or is none. Never touches: what is in it.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import {
  type AnyOperation,
  type Asked,
  type Problem,
  problemOf,
  questionOf,
} from '../calls/operation.js';
import { readProblem } from '../calls/send.js';
import { session } from '../shell/app.js';
import { save } from '../shell/download.js';
import { Button } from './parts.js';
import { ProblemNote } from './told.js';

/** Asks for a file, with the token, and saves it. What came of it, where it was refused or broke off. */
export async function saveFile<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op>,
  name: string,
  type: string,
): Promise<Problem | undefined> {
  const { method, path, body } = questionOf(operation, asked);
  const token = await session.token();
  if ('code' in token) return token;
  try {
    const response = await fetch(path, {
      method,
      headers: {
        Accept: type,
        Authorization: `Bearer ${token.text}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      credentials: 'omit',
      cache: 'no-store',
    });
    if (response.status === 401) session.refused(token.text);
    if (!response.ok) return await readProblem(response);
    save(await response.blob(), name);
    return undefined;
  } catch (error) {
    return problemOf('OFFLINE', 0, String(error));
  }
}

/** A button that saves a file. `type`: as it is asked for, `text/csv`. */
export function SaveFile<Op extends AnyOperation>({
  operation,
  asked,
  name,
  type = 'text/csv',
  children,
}: {
  operation: Op;
  asked: Asked<Op>;
  name: string;
  type?: string;
  children: ComponentChildren;
}): JSX.Element {
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const run = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = await saveFile(operation, asked, name, type);
    isBusy.value = false;
  };
  return (
    <>
      <Button kind="plain" icon="export" isBusy={isBusy.value} onClick={() => void run()}>
        {children}
      </Button>
      {problem.value && <ProblemNote problem={problem.value} onAgain={() => void run()} />}
    </>
  );
}
