// A document tried on an event of the past. Owns: which event, what came of it then and what would by the document. Never touches: how it is decided (POST /v1/simulations).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1SimulationsByJob,
  getV1Events,
  getV1SimulationsByJob,
  postV1Simulations,
  type Simulation,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form } from '../../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../../web/page/ui/told.js';
import { Diff } from '../../../ui/diff/diff-table.js';
import type { Fields } from '../../../ui/schema-form/path.js';
import { JobShown, useSimulation } from '../simulations/job.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

/** Definitions as a simulation takes them. */
export interface Draft {
  readonly kind: string;
  readonly key: string;
  readonly document: Fields | null;
}

const RECENT = 20;

export function PastEvent({
  drafts,
  document,
}: {
  drafts: readonly Draft[];
  document: Fields;
}): JSX.Element {
  const owner = useSignal('');
  const event = useSignal('');
  const job = useSignal('');
  const begin = useCall(postV1Simulations, 1);
  const { programme, event: type } = document;
  const asked =
    typeof programme === 'string'
      ? { query: { programme, type: typeof type === 'string' ? type : undefined, limit: RECENT } }
      : undefined;
  const recent = useAnswer(getV1Events, asked).answer?.events ?? [];
  const run = async (): Promise<void> => {
    job.value = '';
    const came = await begin.run({
      body: {
        event: { owner: owner.value.trim(), event: event.value.trim() },
        definitions: drafts as never,
      },
    });
    if (came.ok) job.value = came.answer.id;
  };
  const known = useSimulation(getV1SimulationsByJob, job.value);
  const problem = begin.result?.ok === false ? begin.result.problem : undefined;
  return (
    <Card title={t('tryTitle')}>
      <p class="muted">{t('tryWhy')}</p>
      <Form class="inline-form" onSend={run}>
        {recent.length > 0 && (
          <Field
            label={t('recent')}
            value=""
            onInput={(chosen) => {
              const one = recent[Number(chosen)];
              if (one === undefined) return;
              owner.value = one.owner;
              event.value = one.event;
            }}
          >
            <option value="">–</option>
            {recent.map((one, n) => (
              <option key={`${one.owner} ${one.event}`} value={n}>
                {`${date(one.time, 'time')} · ${one.type} · ${one.owner} · ${one.event}`}
              </option>
            ))}
          </Field>
        )}
        <Field label={t('owner')} bound={owner} isRequired />
        <Field label={t('event')} bound={event} isRequired />
        <Button
          type="submit"
          kind="plain"
          isBusy={begin.isBusy}
          isOff={owner.value === '' || event.value === ''}
        >
          {t('tryIt')}
        </Button>
      </Form>
      {problem && <ProblemNote problem={problem} />}
      {job.value !== '' && (
        <JobShown job={known} end={deleteV1SimulationsByJob}>
          {({ result }) => <Decided of={result?.event} />}
        </JobShown>
      )}
    </Card>
  );
}

type Told = NonNullable<NonNullable<Simulation['result']>['event']>;

/** Both decisions as something that can be compared line by line. */
function tellingOf({ refusal, effects, why }: Told['before']): Readonly<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  if (refusal !== undefined) told[t('refusal')] = refusal;
  const earned = effects.reduce(
    (sum, { type, amount }) => (type === 'earn' ? sum + Number(amount) : sum),
    0,
  );
  told[t('earned')] = earned;
  for (const { type, ...rest } of effects) {
    const { rule, task, amount, ...more } = rest as Readonly<Record<string, unknown>>;
    const by = [type, rule ?? task].filter(Boolean).join(' · ');
    told[by] = Object.keys(more).length === 0 ? amount : { amount, ...more };
  }
  for (const [name, value] of Object.entries(why)) told[`why · ${name}`] = value;
  return told;
}

function Decided({ of }: { of: Told | undefined }): JSX.Element | null {
  if (of === undefined) return null;
  const { owner, event, type, time, before, after } = of;
  return (
    <>
      <p>
        <a href={href('members', owner)}>{owner}</a> · <code>{event}</code> · {type} ·{' '}
        {date(time, 'time')}
      </p>
      <Diff
        before={tellingOf(before)}
        after={tellingOf(after)}
        names={{ before: t('asItWas'), after: t('byDraft') }}
      />
    </>
  );
}
