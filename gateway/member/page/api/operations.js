// Made from the OpenAPI document by `npm run build` (gateway/member/api-source.ts): not to be changed by hand.
export const postV1Transfers = { method: 'POST', path: '/v1/transfers', takesKey: true };
export const getV1AccountsByOwnerTransfersById = {
  method: 'GET',
  path: '/v1/accounts/{owner}/transfers/{id}',
};
export const postV1AccountsByOwnerTransfersByIdReverse = {
  method: 'POST',
  path: '/v1/accounts/{owner}/transfers/{id}/reverse',
  takesKey: true,
};
export const postV1AccountsByOwnerTransfersByIdConfirm = {
  method: 'POST',
  path: '/v1/accounts/{owner}/transfers/{id}/confirm',
  takesKey: true,
};
export const postV1Commands = { method: 'POST', path: '/v1/commands' };
export const postV1Holds = { method: 'POST', path: '/v1/holds', takesKey: true };
export const getV1AccountsByOwnerHoldsById = {
  method: 'GET',
  path: '/v1/accounts/{owner}/holds/{id}',
};
export const postV1AccountsByOwnerHoldsByIdCapture = {
  method: 'POST',
  path: '/v1/accounts/{owner}/holds/{id}/capture',
  takesKey: true,
};
export const postV1AccountsByOwnerHoldsByIdRelease = {
  method: 'POST',
  path: '/v1/accounts/{owner}/holds/{id}/release',
  takesKey: true,
};
export const getV1AccountsByOwner = { method: 'GET', path: '/v1/accounts/{owner}' };
export const getV1AccountsByOwnerEntries = { method: 'GET', path: '/v1/accounts/{owner}/entries' };
export const postV1AccountsByOwnerAssetsByAssetOpen = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/open',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetFreeze = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/freeze',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetUnfreeze = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/unfreeze',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetClose = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/close',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetReopen = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/reopen',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetExtendLots = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/extend-lots',
  takesKey: true,
};
export const postV1AccountsByOwnerAssetsByAssetCreditLimit = {
  method: 'POST',
  path: '/v1/accounts/{owner}/assets/{asset}/credit-limit',
  takesKey: true,
};
export const postV1Balances = { method: 'POST', path: '/v1/balances' };
export const getV1ShardsByShardLog = { method: 'GET', path: '/v1/shards/{shard}/log' };
export const getV1Assets = { method: 'GET', path: '/v1/assets' };
export const getV1AssetsByAsset = { method: 'GET', path: '/v1/assets/{asset}' };
export const putV1AssetsByAsset = { method: 'PUT', path: '/v1/assets/{asset}' };
export const postV1Definitions = { method: 'POST', path: '/v1/definitions' };
export const getV1SchemasByFile = { method: 'GET', path: '/v1/schemas/{file}' };
export const getV1DefinitionsByKind = { method: 'GET', path: '/v1/definitions/{kind}' };
export const getV1DefinitionsByKindByKey = { method: 'GET', path: '/v1/definitions/{kind}/{key}' };
export const putV1DefinitionsByKindByKey = { method: 'PUT', path: '/v1/definitions/{kind}/{key}' };
export const getV1ProgrammesByProgramme = { method: 'GET', path: '/v1/programmes/{programme}' };
export const putV1ProgrammesByProgramme = { method: 'PUT', path: '/v1/programmes/{programme}' };
export const getV1BudgetsByBudgetAssetsByAsset = {
  method: 'GET',
  path: '/v1/budgets/{budget}/assets/{asset}',
};
export const postV1BudgetsByBudgetAssetsByAssetFund = {
  method: 'POST',
  path: '/v1/budgets/{budget}/assets/{asset}/fund',
  takesKey: true,
};
export const postV1Simulations = { method: 'POST', path: '/v1/simulations' };
export const getV1SimulationsByJob = { method: 'GET', path: '/v1/simulations/{job}' };
export const deleteV1SimulationsByJob = { method: 'DELETE', path: '/v1/simulations/{job}' };
export const postV1Corrections = { method: 'POST', path: '/v1/corrections' };
export const getV1CorrectionsByJob = { method: 'GET', path: '/v1/corrections/{job}' };
export const deleteV1CorrectionsByJob = { method: 'DELETE', path: '/v1/corrections/{job}' };
export const postV1Events = { method: 'POST', path: '/v1/events', takesKey: true };
export const postV1EventsByEventReturns = {
  method: 'POST',
  path: '/v1/events/{event}/returns',
  takesKey: true,
};
export const getV1MembersByOwnerEventsByEvent = {
  method: 'GET',
  path: '/v1/members/{owner}/events/{event}',
};
export const getV1MembersByOwnerEventsByEventWhy = {
  method: 'GET',
  path: '/v1/members/{owner}/events/{event}/why',
};
export const getV1MembersByOwner = { method: 'GET', path: '/v1/members/{owner}' };
export const putV1MembersByOwnerProfile = {
  method: 'PUT',
  path: '/v1/members/{owner}/profile',
  takesKey: true,
};
export const putV1MembersByOwnerTier = {
  method: 'PUT',
  path: '/v1/members/{owner}/tier',
  takesKey: true,
};
export const deleteV1MembersByOwnerTier = { method: 'DELETE', path: '/v1/members/{owner}/tier' };
export const getV1MembersByOwnerProgrammes = {
  method: 'GET',
  path: '/v1/members/{owner}/programmes',
};
export const getUserProfile = { method: 'GET', path: '/user/profile' };
export const getV1MembersByOwnerExport = { method: 'GET', path: '/v1/members/{owner}/export' };
export const getV1MembersByOwnerMerge = { method: 'GET', path: '/v1/members/{owner}/merge' };
export const postV1MembersByOwnerMerge = {
  method: 'POST',
  path: '/v1/members/{owner}/merge',
  takesKey: true,
};
export const postV1MembersByOwnerUnmerge = {
  method: 'POST',
  path: '/v1/members/{owner}/unmerge',
  takesKey: true,
};
export const getV1ReferralCodesByCode = { method: 'GET', path: '/v1/referral-codes/{code}' };
export const getV1LeaderboardsByBoard = { method: 'GET', path: '/v1/leaderboards/{board}' };
export const getV1LeaderboardsByBoardMembersByOwner = {
  method: 'GET',
  path: '/v1/leaderboards/{board}/members/{owner}',
};
export const postV1LotteriesByLotteryDraws = {
  method: 'POST',
  path: '/v1/lotteries/{lottery}/draws',
  takesKey: true,
};
export const postV1LotteriesByLotteryWords = {
  method: 'POST',
  path: '/v1/lotteries/{lottery}/words',
  takesKey: true,
};
export const getV1MembersByOwnerDraws = { method: 'GET', path: '/v1/members/{owner}/draws' };
export const getV1MembersByOwnerDrawsByDraw = {
  method: 'GET',
  path: '/v1/members/{owner}/draws/{draw}',
};
export const getV1DrawsSeeds = { method: 'GET', path: '/v1/draws/seeds' };
export const getV1MembersByOwnerCoupons = { method: 'GET', path: '/v1/members/{owner}/coupons' };
export const getV1CouponsByCode = { method: 'GET', path: '/v1/coupons/{code}' };
export const putV1CouponsByCouponCodes = { method: 'PUT', path: '/v1/coupons/{coupon}/codes' };
export const getV1CouponsByCouponCodes = { method: 'GET', path: '/v1/coupons/{coupon}/codes' };
export const postV1Orders = { method: 'POST', path: '/v1/orders', takesKey: true };
export const getV1Orders = { method: 'GET', path: '/v1/orders' };
export const postV1Quotes = { method: 'POST', path: '/v1/quotes' };
export const postV1OrdersByNumberShip = {
  method: 'POST',
  path: '/v1/orders/{number}/ship',
  takesKey: true,
};
export const postV1OrdersByNumberComplete = {
  method: 'POST',
  path: '/v1/orders/{number}/complete',
  takesKey: true,
};
export const postV1OrdersByNumberCancel = {
  method: 'POST',
  path: '/v1/orders/{number}/cancel',
  takesKey: true,
};
export const postV1OrdersByNumberConfirm = {
  method: 'POST',
  path: '/v1/orders/{number}/confirm',
  takesKey: true,
};
export const getV1OrdersByNumber = { method: 'GET', path: '/v1/orders/{number}' };
export const getV1GoodsByGoodsStock = { method: 'GET', path: '/v1/goods/{goods}/stock' };
export const postV1GoodsByGoodsStock = {
  method: 'POST',
  path: '/v1/goods/{goods}/stock',
  takesKey: true,
};
export const postV1Exchanges = { method: 'POST', path: '/v1/exchanges', takesKey: true };
export const postV1ExchangesByExchangeReturns = {
  method: 'POST',
  path: '/v1/exchanges/{exchange}/returns',
  takesKey: true,
};
export const postV1ExchangeQuotes = { method: 'POST', path: '/v1/exchange-quotes' };
export const getV1WaitingRates = { method: 'GET', path: '/v1/waiting-rates' };
export const getV1ExchangeRatesByFromByTo = {
  method: 'GET',
  path: '/v1/exchange-rates/{from}/{to}',
};
export const putV1ExchangeRatesByFromByTo = {
  method: 'PUT',
  path: '/v1/exchange-rates/{from}/{to}',
};
export const getV1ExchangeRatesByFrom = { method: 'GET', path: '/v1/exchange-rates/{from}' };
export const getV1ReservesByPlatformAssetsByAsset = {
  method: 'GET',
  path: '/v1/reserves/{platform}/assets/{asset}',
};
export const postV1ReservesByPlatformAssetsByAssetFund = {
  method: 'POST',
  path: '/v1/reserves/{platform}/assets/{asset}/fund',
  takesKey: true,
};
export const postV1ExchangeSubmissions = {
  method: 'POST',
  path: '/v1/exchange-submissions',
  takesKey: true,
};
export const postV1ExchangeSubmissionsBySubmissionWithdraw = {
  method: 'POST',
  path: '/v1/exchange-submissions/{submission}/withdraw',
  takesKey: true,
};
export const getV1AccountsByOwnerExchangeSubmissionsBySubmission = {
  method: 'GET',
  path: '/v1/accounts/{owner}/exchange-submissions/{submission}',
};
export const getV1PendingExchanges = { method: 'GET', path: '/v1/pending-exchanges' };
export const getV1PendingExchangesByAsset = {
  method: 'GET',
  path: '/v1/pending-exchanges/{asset}',
};
export const postV1PartnerExchanges = {
  method: 'POST',
  path: '/v1/partner-exchanges',
  takesKey: true,
};
export const getV1PartnerExchanges = { method: 'GET', path: '/v1/partner-exchanges' };
export const postV1PartnerExchangesByExchangeApprove = {
  method: 'POST',
  path: '/v1/partner-exchanges/{exchange}/approve',
  takesKey: true,
};
export const postV1PartnerExchangesByExchangeCancel = {
  method: 'POST',
  path: '/v1/partner-exchanges/{exchange}/cancel',
  takesKey: true,
};
export const postV1PartnerExchangesByExchangeVerdict = {
  method: 'POST',
  path: '/v1/partner-exchanges/{exchange}/verdict',
  takesKey: true,
};
export const getV1PartnerExchangesByExchange = {
  method: 'GET',
  path: '/v1/partner-exchanges/{exchange}',
};
export const getV1MembersByOwnerPartnerExchanges = {
  method: 'GET',
  path: '/v1/members/{owner}/partner-exchanges',
};
export const getV1ClearingByCoalition = { method: 'GET', path: '/v1/clearing/{coalition}' };
export const getV1ClearingByCoalitionStatementCsv = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/statement.csv',
};
export const postV1ClearingByCoalitionCycles = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/cycles',
};
export const getV1ClearingByCoalitionCycles = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles',
};
export const getV1ClearingByCoalitionCyclesByCycle = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles/{cycle}',
};
export const getV1ClearingByCoalitionCyclesByCycleStatementJson = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles/{cycle}/statement.json',
};
export const getV1ClearingByCoalitionCyclesByCycleStatementJsonJws = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles/{cycle}/statement.json.jws',
};
export const getV1ClearingByCoalitionCyclesByCycleStatementCsv = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles/{cycle}/statement.csv',
};
export const getV1ClearingByCoalitionCyclesByCycleStatementCsvJws = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/cycles/{cycle}/statement.csv.jws',
};
export const postV1StatementKeys = { method: 'POST', path: '/v1/statement-keys' };
export const getWellKnownJwksJson = { method: 'GET', path: '/.well-known/jwks.json' };
export const postV1ClearingByCoalitionDisputes = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes',
  takesKey: true,
};
export const getV1ClearingByCoalitionDisputes = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/disputes',
};
export const getV1ClearingByCoalitionDisputesByDispute = {
  method: 'GET',
  path: '/v1/clearing/{coalition}/disputes/{dispute}',
};
export const postV1ClearingByCoalitionDisputesByDisputeAnswer = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes/{dispute}/answer',
  takesKey: true,
};
export const postV1ClearingByCoalitionDisputesByDisputeWithdraw = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes/{dispute}/withdraw',
  takesKey: true,
};
export const postV1ClearingByCoalitionDisputesByDisputeReject = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes/{dispute}/reject',
  takesKey: true,
};
export const postV1ClearingByCoalitionDisputesByDisputeSettle = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes/{dispute}/settle',
  takesKey: true,
};
export const postV1ClearingByCoalitionDisputesByDisputeReopen = {
  method: 'POST',
  path: '/v1/clearing/{coalition}/disputes/{dispute}/reopen',
  takesKey: true,
};
export const getV1Goods = { method: 'GET', path: '/v1/goods' };
export const getV1GoodsByGoods = { method: 'GET', path: '/v1/goods/{goods}' };
export const getV1MembersByOwnerOptions = { method: 'GET', path: '/v1/members/{owner}/options' };
export const getV1MembersByOwnerRecommendations = {
  method: 'GET',
  path: '/v1/members/{owner}/recommendations',
};
export const postV1GoodsByGoodsWaiting = {
  method: 'POST',
  path: '/v1/goods/{goods}/waiting',
  takesKey: true,
};
export const postV1GoodsByGoodsCodes = { method: 'POST', path: '/v1/goods/{goods}/codes' };
export const getV1GoodsByGoodsCodes = { method: 'GET', path: '/v1/goods/{goods}/codes' };
export const postV1GoodsByGoodsCodesWithdraw = {
  method: 'POST',
  path: '/v1/goods/{goods}/codes/withdraw',
};
export const postV1Cards = { method: 'POST', path: '/v1/cards', takesKey: true };
export const putV1CardsByCardExpiry = { method: 'PUT', path: '/v1/cards/{card}/expiry' };
export const postV1CardsLookUp = { method: 'POST', path: '/v1/cards/look-up' };
export const getV1CardsByCard = { method: 'GET', path: '/v1/cards/{card}' };
export const postV1ActsAdjust = { method: 'POST', path: '/v1/acts/adjust', takesKey: true };
export const postV1ActsClaim = { method: 'POST', path: '/v1/acts/claim', takesKey: true };
export const postV1ActsCorrectEvent = {
  method: 'POST',
  path: '/v1/acts/correct-event',
  takesKey: true,
};
export const postV1ActsDraw = { method: 'POST', path: '/v1/acts/draw', takesKey: true };
export const postV1ActsDrawWord = { method: 'POST', path: '/v1/acts/draw-word', takesKey: true };
export const postV1ActsCouponIssue = {
  method: 'POST',
  path: '/v1/acts/coupon-issue',
  takesKey: true,
};
export const postV1ActsCouponRedeem = {
  method: 'POST',
  path: '/v1/acts/coupon-redeem',
  takesKey: true,
};
export const postV1ActsCouponRelease = {
  method: 'POST',
  path: '/v1/acts/coupon-release',
  takesKey: true,
};
export const postV1ActsCouponReserve = {
  method: 'POST',
  path: '/v1/acts/coupon-reserve',
  takesKey: true,
};
export const postV1ActsEvent = { method: 'POST', path: '/v1/acts/event', takesKey: true };
export const postV1ActsExchange = { method: 'POST', path: '/v1/acts/exchange', takesKey: true };
export const postV1ActsExchangeQuote = {
  method: 'POST',
  path: '/v1/acts/exchange-quote',
  takesKey: true,
};
export const postV1ActsExchangeReturn = {
  method: 'POST',
  path: '/v1/acts/exchange-return',
  takesKey: true,
};
export const postV1ActsExchangeSubmit = {
  method: 'POST',
  path: '/v1/acts/exchange-submit',
  takesKey: true,
};
export const postV1ActsExchangeWithdraw = {
  method: 'POST',
  path: '/v1/acts/exchange-withdraw',
  takesKey: true,
};
export const postV1ActsGift = { method: 'POST', path: '/v1/acts/gift', takesKey: true };
export const postV1ActsGoodsWait = { method: 'POST', path: '/v1/acts/goods-wait', takesKey: true };
export const postV1ActsGrantTier = { method: 'POST', path: '/v1/acts/grant-tier', takesKey: true };
export const postV1ActsMerge = { method: 'POST', path: '/v1/acts/merge', takesKey: true };
export const postV1ActsOrder = { method: 'POST', path: '/v1/acts/order', takesKey: true };
export const postV1ActsOrderCancel = {
  method: 'POST',
  path: '/v1/acts/order-cancel',
  takesKey: true,
};
export const postV1ActsOrderComplete = {
  method: 'POST',
  path: '/v1/acts/order-complete',
  takesKey: true,
};
export const postV1ActsOrderConfirm = {
  method: 'POST',
  path: '/v1/acts/order-confirm',
  takesKey: true,
};
export const postV1ActsOrderQuote = {
  method: 'POST',
  path: '/v1/acts/order-quote',
  takesKey: true,
};
export const postV1ActsOrderShip = { method: 'POST', path: '/v1/acts/order-ship', takesKey: true };
export const postV1ActsPartnerExchange = {
  method: 'POST',
  path: '/v1/acts/partner-exchange',
  takesKey: true,
};
export const postV1ActsPartnerExchangeApprove = {
  method: 'POST',
  path: '/v1/acts/partner-exchange-approve',
  takesKey: true,
};
export const postV1ActsPartnerExchangeCancel = {
  method: 'POST',
  path: '/v1/acts/partner-exchange-cancel',
  takesKey: true,
};
export const postV1ActsRefer = { method: 'POST', path: '/v1/acts/refer', takesKey: true };
export const postV1ActsReferralCode = {
  method: 'POST',
  path: '/v1/acts/referral-code',
  takesKey: true,
};
export const postV1ActsReturnEvent = {
  method: 'POST',
  path: '/v1/acts/return-event',
  takesKey: true,
};
export const postV1ActsSetProfile = {
  method: 'POST',
  path: '/v1/acts/set-profile',
  takesKey: true,
};
export const postV1ActsUnmerge = { method: 'POST', path: '/v1/acts/unmerge', takesKey: true };
export const postV1Platforms = { method: 'POST', path: '/v1/platforms' };
export const getV1Platforms = { method: 'GET', path: '/v1/platforms' };
export const getV1PlatformsByPlatform = { method: 'GET', path: '/v1/platforms/{platform}' };
export const putV1PlatformsByPlatform = { method: 'PUT', path: '/v1/platforms/{platform}' };
export const postV1PlatformsByPlatformRotate = {
  method: 'POST',
  path: '/v1/platforms/{platform}/rotate',
};
export const postV1PlatformsByPlatformDisable = {
  method: 'POST',
  path: '/v1/platforms/{platform}/disable',
};
export const postV1PlatformsByPlatformEnable = {
  method: 'POST',
  path: '/v1/platforms/{platform}/enable',
};
export const postV1Keys = { method: 'POST', path: '/v1/keys' };
export const getV1Keys = { method: 'GET', path: '/v1/keys' };
export const postV1KeysByKeyRevoke = { method: 'POST', path: '/v1/keys/{key}/revoke' };
export const postV1PlatformsByPlatformUsersByUser = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}',
};
export const putV1PlatformsByPlatformUsersByUser = {
  method: 'PUT',
  path: '/v1/platforms/{platform}/users/{user}',
};
export const getV1PlatformsByPlatformUsersByUser = {
  method: 'GET',
  path: '/v1/platforms/{platform}/users/{user}',
};
export const postV1PlatformsByPlatformUsersByUserDeactivate = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/deactivate',
};
export const postV1PlatformsByPlatformUsersByUserActivate = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/activate',
};
export const postV1PlatformsByPlatformUsersByUserTargetsBySystem = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/targets/{system}',
};
export const putV1PlatformsByPlatformUsersByUserTargetsBySystem = {
  method: 'PUT',
  path: '/v1/platforms/{platform}/users/{user}/targets/{system}',
};
export const getV1PlatformsByPlatformUsersByUserTargetsBySystem = {
  method: 'GET',
  path: '/v1/platforms/{platform}/users/{user}/targets/{system}',
};
export const postV1PlatformsByPlatformUsersByUserTargetsBySystemDeactivate = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/targets/{system}/deactivate',
};
export const postV1PlatformsByPlatformUsersByUserTargetsBySystemActivate = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/targets/{system}/activate',
};
export const getV1UsersByOwner = { method: 'GET', path: '/v1/users/{owner}' };
export const getV1SystemsBySystemUsersByUser = {
  method: 'GET',
  path: '/v1/systems/{system}/users/{user}',
};
export const getV1PlatformsByPlatformUsersByUserAccountsByAsset = {
  method: 'GET',
  path: '/v1/platforms/{platform}/users/{user}/accounts/{asset}',
};
export const postSession = { method: 'POST', path: '/session' };
export const getSession = { method: 'GET', path: '/session' };
export const deleteSession = { method: 'DELETE', path: '/session' };
export const postSessionToken = { method: 'POST', path: '/session/token' };
export const postSessionRegister = { method: 'POST', path: '/session/register' };
export const postSessionLetters = { method: 'POST', path: '/session/letters' };
export const postSessionReset = { method: 'POST', path: '/session/reset' };
export const postV1MembersByOwnerInvitations = {
  method: 'POST',
  path: '/v1/members/{owner}/invitations',
};
export const postV1MembersByOwnerSignInTickets = {
  method: 'POST',
  path: '/v1/members/{owner}/sign-in-tickets',
};
export const postV1PlatformsByPlatformUsersByUserLinkTickets = {
  method: 'POST',
  path: '/v1/platforms/{platform}/users/{user}/link-tickets',
};
export const getV1MembersByOwnerSignIn = { method: 'GET', path: '/v1/members/{owner}/sign-in' };
export const postV1MembersByOwnerSignInClose = {
  method: 'POST',
  path: '/v1/members/{owner}/sign-in/close',
};
export const getV1MembersByOwnerSessions = { method: 'GET', path: '/v1/members/{owner}/sessions' };
export const deleteV1MembersByOwnerSessionsBySession = {
  method: 'DELETE',
  path: '/v1/members/{owner}/sessions/{session}',
};
export const getV1MembersByOwnerApplications = {
  method: 'GET',
  path: '/v1/members/{owner}/applications',
};
export const deleteV1MembersByOwnerApplicationsByClient = {
  method: 'DELETE',
  path: '/v1/members/{owner}/applications/{client}',
};
export const postV1MembersByOwnerPassword = {
  method: 'POST',
  path: '/v1/members/{owner}/password',
};
export const postV1MembersByOwnerLinks = { method: 'POST', path: '/v1/members/{owner}/links' };
export const postV1OauthClients = { method: 'POST', path: '/v1/oauth-clients' };
export const getV1OauthClients = { method: 'GET', path: '/v1/oauth-clients' };
export const getV1OauthClientsByClient = { method: 'GET', path: '/v1/oauth-clients/{client}' };
export const putV1OauthClientsByClient = { method: 'PUT', path: '/v1/oauth-clients/{client}' };
export const deleteV1OauthClientsByClient = {
  method: 'DELETE',
  path: '/v1/oauth-clients/{client}',
};
export const postV1OauthClientsByClientRotate = {
  method: 'POST',
  path: '/v1/oauth-clients/{client}/rotate',
};
export const postV1OauthClientsByClientDisable = {
  method: 'POST',
  path: '/v1/oauth-clients/{client}/disable',
};
export const postV1OauthClientsByClientEnable = {
  method: 'POST',
  path: '/v1/oauth-clients/{client}/enable',
};
export const postToken = { method: 'POST', path: '/token' };
export const postIntrospect = { method: 'POST', path: '/introspect' };
export const postRevoke = { method: 'POST', path: '/revoke' };
export const getWellKnownOauthAuthorizationServer = {
  method: 'GET',
  path: '/.well-known/oauth-authorization-server',
};
export const postV1Imports = { method: 'POST', path: '/v1/imports' };
export const getV1Imports = { method: 'GET', path: '/v1/imports' };
export const getV1ImportsByImport = { method: 'GET', path: '/v1/imports/{import}' };
export const postV1ImportsByImportMembers = {
  method: 'POST',
  path: '/v1/imports/{import}/members',
};
export const postV1ImportsByImportEnd = { method: 'POST', path: '/v1/imports/{import}/end' };
export const postV1Webhooks = { method: 'POST', path: '/v1/webhooks' };
export const getV1Webhooks = { method: 'GET', path: '/v1/webhooks' };
export const getV1WebhooksByWebhook = { method: 'GET', path: '/v1/webhooks/{webhook}' };
export const putV1WebhooksByWebhook = { method: 'PUT', path: '/v1/webhooks/{webhook}' };
export const deleteV1WebhooksByWebhook = { method: 'DELETE', path: '/v1/webhooks/{webhook}' };
export const postV1WebhooksByWebhookPause = {
  method: 'POST',
  path: '/v1/webhooks/{webhook}/pause',
};
export const postV1WebhooksByWebhookResume = {
  method: 'POST',
  path: '/v1/webhooks/{webhook}/resume',
};
export const postV1WebhooksByWebhookRotate = {
  method: 'POST',
  path: '/v1/webhooks/{webhook}/rotate',
};
export const postV1WebhooksByWebhookReplay = {
  method: 'POST',
  path: '/v1/webhooks/{webhook}/replay',
};
export const postV1WebhooksByWebhookTest = { method: 'POST', path: '/v1/webhooks/{webhook}/test' };
export const getV1WebhooksByWebhookDeadLetters = {
  method: 'GET',
  path: '/v1/webhooks/{webhook}/dead-letters',
};
export const postV1WebhooksByWebhookDeadLettersByLetterRetry = {
  method: 'POST',
  path: '/v1/webhooks/{webhook}/dead-letters/{letter}/retry',
};
export const deleteV1WebhooksByWebhookDeadLettersByLetter = {
  method: 'DELETE',
  path: '/v1/webhooks/{webhook}/dead-letters/{letter}',
};
export const postV1Channels = { method: 'POST', path: '/v1/channels' };
export const getV1Channels = { method: 'GET', path: '/v1/channels' };
export const getV1ChannelsByChannel = { method: 'GET', path: '/v1/channels/{channel}' };
export const putV1ChannelsByChannel = { method: 'PUT', path: '/v1/channels/{channel}' };
export const deleteV1ChannelsByChannel = { method: 'DELETE', path: '/v1/channels/{channel}' };
export const postV1ChannelsByChannelPause = {
  method: 'POST',
  path: '/v1/channels/{channel}/pause',
};
export const postV1ChannelsByChannelResume = {
  method: 'POST',
  path: '/v1/channels/{channel}/resume',
};
export const postV1ChannelsByChannelPreview = {
  method: 'POST',
  path: '/v1/channels/{channel}/preview',
};
export const postV1ChannelsByChannelTest = { method: 'POST', path: '/v1/channels/{channel}/test' };
export const getV1ChannelsByChannelDeadLetters = {
  method: 'GET',
  path: '/v1/channels/{channel}/dead-letters',
};
export const postV1ChannelsByChannelDeadLettersByLetterRetry = {
  method: 'POST',
  path: '/v1/channels/{channel}/dead-letters/{letter}/retry',
};
export const deleteV1ChannelsByChannelDeadLettersByLetter = {
  method: 'DELETE',
  path: '/v1/channels/{channel}/dead-letters/{letter}',
};
export const getV1MembersByOwnerContact = { method: 'GET', path: '/v1/members/{owner}/contact' };
export const putV1MembersByOwnerContact = { method: 'PUT', path: '/v1/members/{owner}/contact' };
export const deleteV1MembersByOwnerContact = {
  method: 'DELETE',
  path: '/v1/members/{owner}/contact',
};
export const putV1MembersByOwnerConsents = { method: 'PUT', path: '/v1/members/{owner}/consents' };
export const getV1MembersByOwnerNotices = { method: 'GET', path: '/v1/members/{owner}/notices' };
export const getV1Partners = { method: 'GET', path: '/v1/partners' };
export const getV1PartnersByPlatform = { method: 'GET', path: '/v1/partners/{platform}' };
export const putV1PartnersByPlatform = { method: 'PUT', path: '/v1/partners/{platform}' };
export const deleteV1PartnersByPlatform = { method: 'DELETE', path: '/v1/partners/{platform}' };
export const postV1PartnersByPlatformToken = {
  method: 'POST',
  path: '/v1/partners/{platform}/token',
};
export const postV1PartnersByPlatformMaintenance = {
  method: 'POST',
  path: '/v1/partners/{platform}/maintenance',
};
export const postV1PartnersByPlatformResume = {
  method: 'POST',
  path: '/v1/partners/{platform}/resume',
};
export const postV1PartnersByPlatformCheck = {
  method: 'POST',
  path: '/v1/partners/{platform}/check',
};
export const postV1Reconciliations = { method: 'POST', path: '/v1/reconciliations' };
export const getV1Reconciliations = { method: 'GET', path: '/v1/reconciliations' };
export const getV1ReconciliationsByReconciliation = {
  method: 'GET',
  path: '/v1/reconciliations/{reconciliation}',
};
export const getV1ReconciliationsByReconciliationLines = {
  method: 'GET',
  path: '/v1/reconciliations/{reconciliation}/lines',
};
export const getV1ReconciliationsByReconciliationLinesCsv = {
  method: 'GET',
  path: '/v1/reconciliations/{reconciliation}/lines.csv',
};
export const getV1Inconsistencies = { method: 'GET', path: '/v1/inconsistencies' };
export const getV1InconsistenciesByInconsistency = {
  method: 'GET',
  path: '/v1/inconsistencies/{inconsistency}',
};
export const postV1InconsistenciesByInconsistencyResolve = {
  method: 'POST',
  path: '/v1/inconsistencies/{inconsistency}/resolve',
};
export const postV1InconsistenciesByInconsistencyDispute = {
  method: 'POST',
  path: '/v1/inconsistencies/{inconsistency}/dispute',
};
export const getApiPointsBalance = { method: 'GET', path: '/api/points/balance' };
export const getApiPointsHistory = { method: 'GET', path: '/api/points/history' };
export const postApiPointsAdd = { method: 'POST', path: '/api/points/add', takesKey: true };
export const postApiPointsRedeem = { method: 'POST', path: '/api/points/redeem', takesKey: true };
export const postApiPointsRefund = { method: 'POST', path: '/api/points/refund', takesKey: true };
export const postApiPointsTransfer = {
  method: 'POST',
  path: '/api/points/transfer',
  takesKey: true,
};
export const postApiInternalAdd = { method: 'POST', path: '/api/internal/add' };
export const postApiInternalDeduct = { method: 'POST', path: '/api/internal/deduct' };
export const postApiInternalRollback = { method: 'POST', path: '/api/internal/rollback' };
export const getApiInternalOperationsByTransactionId = {
  method: 'GET',
  path: '/api/internal/operations/{transaction_id}',
};
export const getApiInternalOperations = { method: 'GET', path: '/api/internal/operations' };
export const postApiInternalUsers = { method: 'POST', path: '/api/internal/users' };
export const getApiInternalUsersByUser = { method: 'GET', path: '/api/internal/users/{user}' };
export const getApiInternalTotalPoints = { method: 'GET', path: '/api/internal/total_points' };
export const getV1Audit = { method: 'GET', path: '/v1/audit' };
export const postV1AdminBackup = { method: 'POST', path: '/v1/admin/backup' };
export const postV1AdminAcceptClock = { method: 'POST', path: '/v1/admin/accept-clock' };
export const getHealthz = { method: 'GET', path: '/healthz' };
export const getReadyz = { method: 'GET', path: '/readyz' };
export const getMetrics = { method: 'GET', path: '/metrics' };
export const getHealth = { method: 'GET', path: '/health' };
export const postV1StreamTickets = { method: 'POST', path: '/v1/stream/tickets' };
export const getLive = { method: 'GET', path: '/live' };
export const getDraws = { method: 'GET', path: '/draws' };
export const getMe = { method: 'GET', path: '/me' };
export const getAuthorize = { method: 'GET', path: '/authorize' };
export const postAuthorize = { method: 'POST', path: '/authorize' };
export const getSignIn = { method: 'GET', path: '/sign-in' };
export const postSignIn = { method: 'POST', path: '/sign-in' };
export const getSignOut = { method: 'GET', path: '/sign-out' };
export const postSignOut = { method: 'POST', path: '/sign-out' };
export const getSignInRegister = { method: 'GET', path: '/sign-in/register' };
export const postSignInRegister = { method: 'POST', path: '/sign-in/register' };
export const getSignInReset = { method: 'GET', path: '/sign-in/reset' };
export const postSignInReset = { method: 'POST', path: '/sign-in/reset' };
export const getLettersByPurpose = { method: 'GET', path: '/letters/{purpose}' };
export const postLettersByPurpose = { method: 'POST', path: '/letters/{purpose}' };
export const getMeEmbedByPlatform = { method: 'GET', path: '/me/embed/{platform}' };
export const getOpenapiJson = { method: 'GET', path: '/openapi.json' };
export const getDocs = { method: 'GET', path: '/docs' };
