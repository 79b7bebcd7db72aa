// A cycle of a coalition. Owns: its statement as it is shown and downloaded, signed. Never touches: netting.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing } from '../parts/doing.js';
import { Statement } from './statement.js';
import { DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const FILES = [
  ['json', api.getV1ClearingByCoalitionCyclesByCycleStatementJson],
  ['json.jws', api.getV1ClearingByCoalitionCyclesByCycleStatementJsonJws],
  ['csv', api.getV1ClearingByCoalitionCyclesByCycleStatementCsv],
  ['csv.jws', api.getV1ClearingByCoalitionCyclesByCycleStatementCsvJws],
] as const;

export default function Cycle({ params }: ScreenProps): JSX.Element {
  const path = { coalition: params.coalition ?? '', cycle: params.cycle ?? '' };
  const known = useAnswer(api.getV1ClearingByCoalitionCyclesByCycle, { path });
  return (
    <>
      <Head
        title={`${t('cycle')} ${path.cycle}`}
        crumbs={[
          { title: t('coalitions'), href: href('clearing') },
          { title: path.coalition, href: href('clearing', path.coalition) },
        ]}
      />
      <Answered known={known}>
        {(cycle) => (
          <>
            <Card title={t('statement')} action={<DisputeTag of={cycle.state} />}>
              <Facts
                rows={[
                  [
                    t('coalition'),
                    <a key="c" href={href('clearing', path.coalition)}>
                      {path.coalition}
                    </a>,
                  ],
                  [t('at'), date(cycle.at, 'time')],
                  [t('by'), cycle.by ?? undefined],
                  [t('ended'), cycle.closedAt === null ? undefined : date(cycle.closedAt, 'time')],
                  [
                    t('disputes'),
                    <a
                      key="d"
                      href={`${href('disputes')}?coalition=${encodeURIComponent(path.coalition)}&cycle=${cycle.cycle}`}
                    >
                      {t('disputes')}
                    </a>,
                  ],
                ]}
              />
              <div class="buttons">
                {cycle.state === 'closed' &&
                  FILES.map(([form, operation]) => (
                    <SaveFile
                      key={form}
                      operation={operation}
                      asked={{ path }}
                      name={`${path.coalition}-${path.cycle}.${form}`}
                      type="*/*"
                    >
                      {form}
                    </SaveFile>
                  ))}
                {cycle.state === 'closing' && may('settle') && (
                  <Doing
                    label={t('cut')}
                    kind="main"
                    operation={api.postV1ClearingByCoalitionCycles}
                    asked={() => ({ path: { coalition: path.coalition } })}
                  />
                )}
              </div>
            </Card>
            <Statement of={cycle} />
          </>
        )}
      </Answered>
    </>
  );
}
