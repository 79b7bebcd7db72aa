// SQL for analysts. Owns: the query while it is written, its rows. Never touches: what may be asked (the ledger judges), where it is kept: nowhere.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { postV1Sql, type SqlAnswer } from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Form } from '../../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { type WholeRow, wholeOf } from './whole.js';
import { REPORTS } from './words.js';

const t = speaker(REPORTS);

export default function Sql(): JSX.Element {
  const call = useCall(postV1Sql, 1);
  const sql = useSignal('');
  const id = useId();
  const send = (): void => {
    if (sql.peek().trim() !== '' && !call.isBusy) void call.run({ body: { sql: sql.peek() } });
  };
  return (
    <>
      <Head title={t('sql')} crumbs={[{ title: t('reports'), href: href('reports') }]}>
        <p class="muted">{t('queryHint')}</p>
      </Head>
      <Form class="card stack" onSend={send}>
        <div class="field">
          <label for={id}>{t('query')}</label>
          <textarea
            id={id}
            class="mono"
            rows={8}
            spellcheck={false}
            value={sql.value}
            onInput={({ currentTarget }) => {
              sql.value = currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              send();
            }}
          />
        </div>
        <div class="buttons">
          <Button type="submit" isBusy={call.isBusy} isOff={sql.value.trim() === ''}>
            {t('send')}
          </Button>
        </div>
      </Form>
      <div role="status">
        {call.result?.ok === false && <ProblemNote problem={call.result.problem} />}
        {call.result?.ok === true && (
          <p class="muted">
            {t('rowsN', { n: call.result.answer.rows.length })} ·{' '}
            {t('took', { n: call.result.answer.tookMs })} ·{' '}
            <code>{asOfText(call.result.answer)}</code>
          </p>
        )}
      </div>
      {call.result?.ok === true && <Rows answer={call.result.answer} />}
    </>
  );
}

function Rows({ answer: { columns, rows } }: { answer: SqlAnswer }): JSX.Element {
  const pages = useMemo(() => wholeOf(rows), [rows]);
  return (
    <Card title={t('rows')}>
      <PagedTable<WholeRow>
        label={t('rows')}
        pages={pages}
        keyOf={({ n }) => String(n)}
        empty={t('none')}
        columns={columns.map(({ name, type }, n) => ({
          name: `${n} ${name}`,
          title: name,
          isNumber: type === 'number' || type === 'decimal',
          cell: ({ row }) => textOf(row[n]),
        }))}
      />
    </Card>
  );
}

/** Up to which block of each shard it is exact. */
const asOfText = ({ asOf }: SqlAnswer): string =>
  asOf.map(({ shard, seq }) => `${shard}:${seq}`).join(',');

/** As it is, so that it can be copied; numbers of up to 2^53 as the language writes them. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'number' ? number(cell) : String(cell);
}
