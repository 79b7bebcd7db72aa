// What the screens of this area are called in the navigation.

import { table } from '../../../../web/page/words/words.js';

export const AREA = table({
  en: {
    points: 'Points',
    definitions: 'Definitions',
    campaigns: 'Campaigns',
    budgets: 'Budgets',
    leaderboards: 'Leaderboards',
    simulations: 'Simulations',
    corrections: 'Corrections',
    orders: 'Orders',
    fulfilment: 'Fulfilment',
    goods: 'Goods',
    coupons: 'Coupons',
    cards: 'Gift cards',
  },
  zh: {
    points: '积分类型',
    definitions: '定义',
    campaigns: '活动',
    budgets: '预算',
    leaderboards: '排行榜',
    simulations: '模拟',
    corrections: '更正',
    orders: '订单',
    fulfilment: '发货清单',
    goods: '商品',
    coupons: '优惠券',
    cards: '礼品卡',
  },
});
