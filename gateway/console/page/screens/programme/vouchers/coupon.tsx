// A campaign of coupons: what one is worth, its codes.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1CouponsByCouponCodes,
  getV1DefinitionsByKindByKey,
  putV1CouponsByCouponCodes,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form, Note } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered, isMissing, ProblemNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { useAround, useKindSchema } from '../definitions/known.js';
import { DocumentShown, StandingBadge } from '../definitions/parts.js';
import { documentOf, nameOf, standingOf } from '../definitions/standing.js';
import { VOUCHERS } from './words.js';

const t = speaker(VOUCHERS);

export default function Coupon({ params }: ScreenProps): JSX.Element {
  const { coupon = '' } = params;
  const known = useAnswer(getV1DefinitionsByKindByKey, { path: { kind: 'coupon', key: coupon } });
  const schema = useKindSchema('coupon');
  const around = useAround();
  const { answer } = known;
  return (
    <>
      <Head
        title={(answer && nameOf(answer)) ?? coupon}
        crumbs={[{ title: t('coupons'), href: href('coupons') }]}
        actions={
          !isMissing(known.problem) && (
            <a class="button plain" href={href('definitions', 'coupon', coupon)}>
              {t('definition')}
            </a>
          )
        }
      >
        <p class="muted wrap">
          <code>{coupon}</code> {answer && <StandingBadge standing={standingOf(answer)} />}
        </p>
      </Head>
      <Answered known={known}>
        {(history) => {
          const document = documentOf(history);
          return (
            <>
              <Card title={t('made')}>
                {document['codes'] === 'shared' ? (
                  <p class="muted">{t('sharedNote')}</p>
                ) : (
                  <Codes coupon={coupon} count={Number(document['count'] ?? 0)} />
                )}
              </Card>
              <Card title={t('definition')}>
                <Answered known={schema}>
                  {(of) => (
                    <DocumentShown
                      kind="coupon"
                      schema={of}
                      document={document}
                      scale={around.scaleOf(document, coupon)}
                    />
                  )}
                </Answered>
              </Card>
            </>
          );
        }}
      </Answered>
    </>
  );
}

function Codes({ coupon, count }: { coupon: string; count: number }): JSX.Element {
  const make = useCall(putV1CouponsByCouponCodes);
  const wanted = useSignal('');
  const { result } = make;
  const many = /^\d{1,9}$/.test(wanted.value.trim()) ? Number(wanted.value) : 0;
  return (
    <>
      <p>{t('madeNote', { n: number(count) })}</p>
      {may('configure') && (
        <Form
          class="inline-form"
          onSend={() => {
            if (many > 0) void make.run({ path: { coupon }, body: { count: many } });
          }}
        >
          <Field label={t('howMany')} hint={t('howManyWhy')} inputMode="numeric" bound={wanted} />
          <Button type="submit" isBusy={make.isBusy} isOff={many === 0}>
            {t('make')}
          </Button>
          {count > 0 && (
            <SaveFile
              operation={getV1CouponsByCouponCodes}
              asked={{ path: { coupon }, query: { limit: count } }}
              name={`${coupon}.ndjson`}
              type="application/x-ndjson"
            >
              {t('download')}
            </SaveFile>
          )}
        </Form>
      )}
      <div role="status">
        {result?.ok === true && (
          <Note kind="good" icon="check">
            {t('madeNote', { n: number(result.answer.count) })}
          </Note>
        )}
        {result?.ok === false && <ProblemNote problem={result.problem} />}
      </div>
    </>
  );
}
