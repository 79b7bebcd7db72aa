// A definition that there is not yet.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Forbidden } from '../../../ui/forbidden.js';
import { Head } from '../../../ui/head.js';
import type { Schema } from '../../../ui/schema-form/schema.js';
import { Editor } from './editor.js';
import { kindName, mayDefine, operationOf } from './kinds.js';
import { type Around, useAround, useKindSchema } from './known.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

export default function New({ params }: ScreenProps): JSX.Element {
  const { kind = '' } = params;
  const schema = useKindSchema(kind);
  const around = useAround();
  const key = useSignal('');
  if (!mayDefine(kind))
    return <Forbidden title={t('newOf', { kind: kindName(kind) })} needs={[operationOf(kind)]} />;
  return (
    <>
      <Head
        title={t('newOf', { kind: kindName(kind) })}
        crumbs={[
          { title: t('definitions'), href: href('definitions') },
          { title: kindName(kind), href: href('definitions', kind) },
        ]}
      />
      <Card>
        <Field
          label={t('key')}
          hint={t('keyOfNew')}
          value={key.value}
          maxLength={64}
          isRequired
          onInput={(to) => {
            key.value = to.trim();
          }}
        />
      </Card>
      <Answered known={schema} lines={8}>
        {(of) => (
          <Editor
            {...{ kind, around }}
            key_={key.value}
            schema={of}
            newest={undefined}
            begin={beginOf(of, around)}
          />
        )}
      </Answered>
    </>
  );
}

/** Where there is one programme, it is of that. */
const beginOf = ({ properties }: Schema, { programmes }: Around) =>
  properties?.['programme'] !== undefined && programmes.length === 1
    ? { programme: programmes[0] }
    : {};
