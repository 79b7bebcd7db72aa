// What notices say where nobody has said anything else. Owns: these texts, in each language. Never touches: how they are filled in.

import type { NoticeLanguage, NoticeName, NoticeWords } from '../../../engine/index.js';

type Texts = Readonly<Record<NoticeName, NoticeWords>>;

const of = (subject: string, text: string, short = text): NoticeWords => ({
  subject,
  text,
  short,
});

const EN: Texts = {
  'points.expiring': of(
    'Your points will expire soon',
    '{points} {asset} points of yours will expire on {date}.',
  ),
  'tier.changed': of('Your tier has changed', 'Your tier is {tier} now.'),
  'referral.joined': of('Welcome', 'Welcome. You got {points} {asset} points for joining.'),
  'referral.rewarded': of(
    'Your code was used',
    'Somebody joined by your code. You got {points} {asset} points. Thank you.',
  ),
  'coupon.issued': of('You got a coupon', 'You got a coupon: {coupon}. It is in your wallet.'),
  'order.created': of(
    'Order {number}',
    'You ordered {quantity} x {goods} for {points} {asset} points. The number of your order is {number}.',
  ),
  'order.shipped': of(
    'Order {number} is on its way',
    '{quantity} x {goods} of your order {number} are on their way. {tracking}',
  ),
  'order.completed': of('Order {number} is complete', 'You have all of your order {number}.'),
  'order.cancelled': of(
    'Order {number} was cancelled',
    '{quantity} x {goods} of your order {number} were cancelled. You have {points} {asset} points back.',
  ),
  'goods.back': of('{goods} is back', 'You waited for {goods}: it can be had again.'),
  'sign-in.invitation': of(
    'Your points account',
    'You can see and use your points. Choose a password by this link, until {date}: {link}',
    'See and use your points: {link}',
  ),
  'sign-in.confirmation': of(
    'Confirm your address',
    'Somebody has registered with this address. If it was you, choose a password by this link, until {date}: {link} If not, do nothing.',
    'Confirm your registration: {link}',
  ),
  'sign-in.reset': of(
    'Choose a new password',
    'Somebody wants a new password for your points account. If it was you, choose one by this link, until {date}: {link} If not, do nothing: your password stays.',
    'Choose a new password: {link}',
  ),
  'campaign.started': of('{campaign} has begun', '{campaign} has begun. It ends on {date}.'),
  'campaign.ended': of('{campaign} has ended', '{campaign} has ended. Thank you for taking part.'),
};

const ZH: Texts = {
  'points.expiring': of('您的积分即将到期', '您有 {points} {asset} 积分将于 {date} 到期。'),
  'tier.changed': of('您的等级有变化', '您现在的等级是 {tier}。'),
  'referral.joined': of('欢迎加入', '欢迎加入，您获得了 {points} {asset} 积分。'),
  'referral.rewarded': of(
    '您的邀请码已被使用',
    '有人使用了您的邀请码，您获得了 {points} {asset} 积分，感谢您的推荐。',
  ),
  'coupon.issued': of('您获得了一张优惠券', '您获得了优惠券 {coupon}，已放入您的卡包。'),
  'order.created': of(
    '订单 {number} 已提交',
    '您已用 {points} {asset} 积分兑换 {goods} x {quantity}，订单号 {number}。',
  ),
  'order.shipped': of(
    '订单 {number} 已发货',
    '您的订单 {number} 中的 {goods} x {quantity} 已发货。{tracking}',
  ),
  'order.completed': of('订单 {number} 已完成', '您的订单 {number} 已完成。'),
  'order.cancelled': of(
    '订单 {number} 已取消',
    '您的订单 {number} 中的 {goods} x {quantity} 已取消，退回 {points} {asset} 积分。',
  ),
  'goods.back': of('{goods} 到货了', '您关注的 {goods} 已到货。'),
  'sign-in.invitation': of(
    '您的积分账户',
    '您现在可以查看和使用积分。请在 {date} 前点击链接设置密码：{link}',
    '查看和使用您的积分：{link}',
  ),
  'sign-in.confirmation': of(
    '请确认您的邮箱地址',
    '有人使用此地址注册。如果是您本人，请在 {date} 前点击链接设置密码：{link} 如果不是，请忽略此信息。',
    '确认您的注册：{link}',
  ),
  'sign-in.reset': of(
    '设置新密码',
    '有人要求为您的积分账户设置新密码。如果是您本人，请在 {date} 前点击链接：{link} 如果不是，请忽略此信息，您的密码不会改变。',
    '设置新密码：{link}',
  ),
  'campaign.started': of('{campaign} 开始了', '{campaign} 已开始，将于 {date} 结束。'),
  'campaign.ended': of('{campaign} 已结束', '{campaign} 已结束，感谢您的参与。'),
};

/** By language and notice. */
export const DEFAULT_TEXTS: Readonly<Record<NoticeLanguage, Texts>> = { zh: ZH, en: EN };
