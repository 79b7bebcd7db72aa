// What platforms of a coalition owe each other now, and its cycles. Owns: that a cycle is closed. Never touches: netting.

import type { JSX } from 'preact';
import {
  getV1ClearingByCoalition,
  getV1ClearingByCoalitionCycles,
  getV1ClearingByCoalitionStatementCsv,
  postV1ClearingByCoalitionCycles,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered, isMissing } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Statement } from './statement.js';
import { DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);

export default function Coalition({ params }: ScreenProps): JSX.Element {
  const path = { coalition: params.coalition ?? '' };
  const known = useAnswer(getV1ClearingByCoalition, { path });
  return (
    <>
      <Head
        title={path.coalition}
        crumbs={[{ title: t('coalitions'), href: href('clearing') }]}
        actions={
          may('settle') &&
          !isMissing(known.problem) && (
            <Doing
              label={t('cut')}
              kind="main"
              what={t('cutWhat')}
              operation={postV1ClearingByCoalitionCycles}
              asked={() => ({ path })}
              onDone={({ cycle }) => go(href('clearing', path.coalition, String(cycle)))}
            />
          )
        }
      />
      <Answered known={known}>
        {(statement) => (
          <>
            <Card
              title={t('now')}
              action={
                <SaveFile
                  operation={getV1ClearingByCoalitionStatementCsv}
                  asked={{ path }}
                  name={`${path.coalition}.csv`}
                >
                  CSV
                </SaveFile>
              }
            >
              <Facts
                rows={[
                  [t('at'), date(statement.at, 'time')],
                  [
                    t('coalition'),
                    <a key="d" href={href('definitions', 'coalition', path.coalition)}>
                      {path.coalition}
                    </a>,
                  ],
                ]}
              />
            </Card>
            <Statement of={statement} />
            <Cycles path={path} />
          </>
        )}
      </Answered>
    </>
  );
}

function Cycles({ path }: { path: { coalition: string } }): JSX.Element {
  const known = useAnswer(getV1ClearingByCoalitionCycles, { path });
  return (
    <Card
      title={t('cycles')}
      action={
        <a href={`${href('disputes')}?coalition=${encodeURIComponent(path.coalition)}`}>
          {t('disputes')}
        </a>
      }
    >
      <Answered known={known}>
        {({ cycles }) => (
          <Table
            label={t('cycles')}
            rows={cycles}
            keyOf={({ cycle }) => String(cycle)}
            empty={t('cyclesNone')}
            columns={[
              {
                name: 'cycle',
                title: t('cycle'),
                cell: ({ cycle }) => (
                  <a href={href('clearing', path.coalition, String(cycle))}>{cycle}</a>
                ),
              },
              {
                name: 'statement',
                title: t('statement'),
                cell: ({ state }) => <DisputeTag of={state} />,
              },
              { name: 'at', title: t('at'), cell: ({ at }) => date(at, 'time') },
              { name: 'by', title: t('by'), cell: ({ by }) => by },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}
