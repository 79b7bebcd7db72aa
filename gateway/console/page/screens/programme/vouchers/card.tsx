// A gift card: what is left of it, until when.

import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type GiftCard,
  getV1CardsByCard,
  putV1CardsByCardExpiry,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, date, speaker, zone } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form, Note } from '../../../../../web/page/ui/parts.js';
import { Answered, isMissing, ProblemNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts, Id, Status } from '../../../ui/parts.js';
import { msOf, OWN_ZONE } from '../../../ui/schema-form/zoned.js';
import { useScale } from '../mall/scale.js';
import { VOUCHERS } from './words.js';

const t = speaker(VOUCHERS);

/** When a card ends, as it is typed. */
export const Ends = ({ at }: { at: Signal<string> }) => (
  <Field
    type="datetime-local"
    label={t('expiresAt')}
    hint={`${t('never')} (${zone.value || OWN_ZONE})`}
    bound={at}
  />
);

/** null: never; undefined: it is no time. */
export const endOf = (text: string): number | null | undefined =>
  text === '' ? null : msOf(text, zone.value || OWN_ZONE);

export function CardFacts({ card }: { card: GiftCard }): JSX.Element {
  const scale = useScale(card.asset);
  const points = (minor: number): string => `${amount(minor, scale)} ${card.asset}`;
  return (
    <Facts
      rows={[
        [t('card'), <Id id={card.card} label={t('card')} />],
        [
          t('state'),
          <Status kind={card.state === 'active' ? 'good' : 'plain'}>{t(card.state)}</Status>,
        ],
        [t('programme'), card.programme],
        [t('amount'), points(card.amount)],
        [t('balance'), points(card.balance)],
        [t('issuedAt'), date(card.issuedAt, 'time')],
        [t('until'), card.expiresAt && date(card.expiresAt, 'time')],
      ]}
    />
  );
}

export default function CardScreen({ params }: ScreenProps): JSX.Element {
  const { card = '' } = params;
  const known = useAnswer(getV1CardsByCard, { path: { card } }, { isKept: false });
  const extend = useCall(putV1CardsByCardExpiry);
  const ends = useSignal('');
  const { result } = extend;
  return (
    <>
      <Head title={card} crumbs={[{ title: t('cards'), href: href('cards') }]} />
      <Card>
        <Answered known={known}>{(one) => <CardFacts card={one} />}</Answered>
        {may('settle') && !isMissing(known.problem) && (
          <Form
            class="inline-form"
            onSend={() => {
              const end = endOf(ends.value);
              if (end !== undefined) void extend.run({ path: { card }, body: { expiresAt: end } });
            }}
          >
            <Ends at={ends} />
            <Button type="submit" kind="plain" isBusy={extend.isBusy}>
              {t('extend')}
            </Button>
          </Form>
        )}
        <div role="status">
          {result?.ok === true && (
            <Note kind="good" icon="check">
              {t('extended')}
            </Note>
          )}
          {result?.ok === false && <ProblemNote problem={result.problem} />}
        </div>
      </Card>
    </>
  );
}
