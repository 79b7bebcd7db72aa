// A simulation: how far it is, what it came to.

import type { JSX } from 'preact';
import {
  deleteV1SimulationsByJob,
  getV1SimulationsByJob,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button } from '../../../../../web/page/ui/parts.js';
import { Head } from '../../../ui/head.js';
import { JobShown, useJob } from './job.js';
import { Result } from './result.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

export default function One({ params }: ScreenProps): JSX.Element {
  const { job: id = '' } = params;
  const known = useJob(getV1SimulationsByJob, id);
  const end = useCall(deleteV1SimulationsByJob);
  return (
    <>
      <Head
        title={t('simulation')}
        crumbs={[{ title: t('simulations'), href: href('simulations') }]}
        actions={
          known.job?.state === 'running' && (
            <Button
              kind="danger"
              isBusy={end.isBusy}
              onClick={() => void end.run({ path: { job: id } })}
            >
              {t('end')}
            </Button>
          )
        }
      />
      <JobShown job={known}>{({ result }) => result && <Result result={result} />}</JobShown>
    </>
  );
}
