// A simulation: how far it is, what it came to.

import type { JSX } from 'preact';
import {
  deleteV1SimulationsByJob,
  getV1SimulationsByJob,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Head } from '../../../ui/head.js';
import { JobShown, useSimulation } from './job.js';
import { Result } from './result.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

export default function One({ params }: ScreenProps): JSX.Element {
  const { job: id = '' } = params;
  const known = useSimulation(getV1SimulationsByJob, id);
  return (
    <>
      <Head
        title={t('simulation')}
        crumbs={[{ title: t('simulations'), href: href('simulations') }]}
      />
      <JobShown job={known} end={deleteV1SimulationsByJob}>
        {({ result }) => result && <Result result={result} />}
      </JobShown>
    </>
  );
}
