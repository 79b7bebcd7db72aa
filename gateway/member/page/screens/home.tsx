// The first screen: what the member has.

import type { JSX } from 'preact';
import { getV1AccountsByOwner } from '../api/operations.js';
import { useAnswer } from '../shell/answers.js';
import { owner } from '../shell/app.js';
import { Amount, Card } from '../ui/parts.js';
import { Answered } from '../ui/told.js';

export default function Home(): JSX.Element {
  const known = useAnswer(getV1AccountsByOwner, { path: { owner: owner.value } });
  return (
    <Answered known={known}>
      {({ accounts }) =>
        accounts.map(({ asset, available }) => (
          <Card key={asset} title={asset}>
            <Amount minor={available} scale={0} />
          </Card>
        ))
      }
    </Answered>
  );
}
