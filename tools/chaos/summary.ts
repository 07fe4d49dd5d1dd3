import { isPlaced } from './judge.ts'
import type { Record as History } from './run.ts'

/** What happened, in a few lines. */
export function summary(history: History): string {
  const { plan, phones, proxy, outcomes, troubles, ms } = history
  const sum = (read: (phone: (typeof phones)[number]) => number) =>
    phones.reduce((all, one) => all + read(one), 0)
  const sent = plan.requests.map(({ kind }, n) => ({ kind, outcome: outcomes[n] }))
  const repeatable = sent.filter(({ kind }) => kind !== 'order')
  const orders = sent.filter(({ kind }) => kind === 'order')
  const asked = new Map<string, number>()
  for (const { askedAgain } of phones)
    for (const [why, count] of askedAgain) asked.set(why, (asked.get(why) ?? 0) + count)
  const arrivals = proxy.arrivals.filter(({ code, id }) => code === undefined && id.startsWith('request-'))
  const logins = proxy.arrivals.filter(({ code }) => code !== undefined)

  return [
    `${sent.length} requests of ${phones.length} phones in ${Math.round(ms / 1000)} s, seed ${plan.seed}`,
    `  troubles     ${list(count(troubles.map(({ trouble }) => trouble.kind)))}; away for ${away(troubles)} s in all`,
    `  on the way   ${arrivals.length} arrivals: ${list(count(arrivals.map(({ fault }) => fault)))}`,
    `  repeatable   ${repeatable.length}: ${list(count(repeatable.map(endOf)))}`,
    `               asked again by the app after ${list(asked)}; all else the SDK did by itself`,
    `  orders       ${orders.length}: ${list(count(orders.map(endOf)))}; ${history.kept.flat().length} in the server's book`,
    `  logins       ${sum(({ goodExchanges }) => goodExchanges)} of ${phones.length} first ones and ${history.expiries.reduce((a, b) => a + b, 0)} for sessions that expired; ${logins.length} codes arrived of ${sum(({ codes }) => codes)}: ${list(count(logins.map(({ fault }) => fault)))}`,
  ].join('\n')
}

function endOf({
  kind,
  outcome,
}: {
  kind: string
  outcome: History['outcomes'][number] | undefined
}): string {
  if (!outcome) return 'never settled'
  if (outcome.code !== undefined) return outcome.code
  return kind !== 'order' || isPlaced(outcome) ? 'ended with their data' : 'a page of HTML'
}

function count(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const list = (counts: Map<string, number>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, n]) => `${word} ${n}`)
    .join(', ') || 'nothing'

const away = (troubles: History['troubles']): string =>
  (
    troubles
      .filter(({ trouble }) => !trouble.kind.startsWith('expire'))
      .reduce((all, { ms }) => all + ms, 0) / 1000
  ).toFixed(1)
