import type { Arrival } from './proxy.ts'
import type { Outcome } from './phone.ts'
import type { Planned } from './plan.ts'
import { idOf, type Record as History } from './run.ts'

/** What was promised and did not come true, a line each. */
export function judge(history: History): string[] {
  const { phones, unhandled } = history
  return [
    ...idempotentRequests(history),
    ...orders(history),
    ...phones.flatMap(({ violations }) => [...new Set(violations)]),
    ...logins(history),
    ...unhandled.map((reason) => `nobody could handle the rejection ${String(reason)}`),
  ]
}

/** Every request that may be sent again has ended with its own data. */
function idempotentRequests({ plan, outcomes }: History): string[] {
  return plan.requests.flatMap((request, n) => {
    if (request.kind === 'order') return []
    const outcome = outcomes[n]
    if (!outcome) return [`${idOf(n)} (${request.kind}) never settled`]
    if (outcome.code !== undefined) return [`${idOf(n)} (${request.kind}) ended with ${outcome.code}`]
    return isOwnData(request, outcome) ? [] : [`${idOf(n)} (${request.kind}) ended with something else`]
  })
}

function isOwnData({ kind, page }: Planned, { data }: Outcome): boolean {
  const answer = Object(data) as { page?: unknown; items?: unknown; id?: unknown; nickname?: unknown }
  if (kind === 'page') return answer.page === page && Array.isArray(answer.items)
  return typeof answer.id === 'string' && typeof answer.nickname === 'string'
}

/** No order was sent again unless a 401 had come back, and none is in the server's book twice. */
function orders({ plan, outcomes, proxy, kept }: History): string[] {
  const broken: string[] = []
  const byId = new Map<string, Arrival[]>()
  for (const arrival of proxy.arrivals) {
    if (arrival.method !== 'POST' || arrival.code !== undefined) continue
    byId.set(arrival.id, [...(byId.get(arrival.id) ?? []), arrival])
  }
  for (const [id, arrivals] of byId) {
    const again = arrivals.slice(0, -1).filter(({ status }) => status !== 401)
    for (const { status, fault } of again)
      broken.push(
        `${id} (an order) was sent again, though before it ${status === undefined ? `got no answer (${fault})` : `was answered with ${status}`}`,
      )
  }
  const count = new Map<string, number>()
  for (const title of kept.flat()) count.set(title, (count.get(title) ?? 0) + 1)
  for (const [id, times] of count) if (times > 1) broken.push(`${id} (an order) was placed ${times} times`)
  plan.requests.forEach(({ kind }, n) => {
    if (isPlaced(outcomes[n]) && kind === 'order' && !count.has(idOf(n)))
      broken.push(`${idOf(n)} (an order) was confirmed, and the server does not have it`)
  })
  return broken
}

/** Confirmed by the server, not by a page of HTML. */
export const isPlaced = (outcome: Outcome | undefined): boolean =>
  typeof (Object(outcome?.data) as { title?: unknown }).title === 'string'

/** Codes are used once; a login needs a reason: the first launch, sessions that expired, a login that failed. */
function logins({ phones, proxy, expiries }: History): string[] {
  const broken: string[] = []
  const codes = proxy.arrivals.flatMap(({ code }) => code ?? [])
  if (new Set(codes).size !== codes.length)
    broken.push(`${codes.length - new Set(codes).size} codes were sent twice`)
  phones.forEach(({ user, exchanges, goodExchanges, codes: issued, reported }, n) => {
    const allowed = 1 + (expiries[n] ?? 0)
    if (goodExchanges > allowed)
      broken.push(`${user} logged in ${goodExchanges} times, and had reason for ${allowed}`)
    if (issued !== exchanges) broken.push(`${user} got ${issued} codes and sent ${exchanges}`)
    if (reported.start !== reported.success + reported.fail)
      broken.push(
        `${user} reported ${reported.start} logins begun, ${reported.success + reported.fail} ended`,
      )
    if (reported.success !== goodExchanges)
      broken.push(`${user} reported ${reported.success} logins, and had ${goodExchanges}`)
  })
  return broken
}
