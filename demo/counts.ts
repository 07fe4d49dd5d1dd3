import type { Calls } from '../src/testing'
import type { Stats } from '../example-server/src/dev/stats.ts'

/** One thing that was counted, by everybody who could count it. */
export interface Count {
  what: string
  /** What the laws say it must be. Without it, only those who counted have to agree. */
  promised?: number
  /** By the example server. */
  server?: number
  /** By the fake WeChat, of what was asked of it. */
  phone?: number
  /** By the pages that made the requests. */
  pages?: number
}

/** What a scenario says beforehand. */
export interface Promised {
  requests: number
  unauthorized: number
  codes: number
  replays: number
  /** How many requests end with an error. */
  failed: number
}

/** What the fake WeChat has seen. Nothing in here comes from the SDK. */
export interface PhoneCounts {
  /** Different requests, the login's not included. */
  requests: number
  /** `wx.login` calls: each gives one code. */
  codes: number
  /** Requests that got through to the server, the login's included. */
  arrived: number
  unauthorized: number
  /** Sent again after a 401. */
  replays: number
  /** Sent again after an answer that never came. */
  retries: number
}

/** Reads the fake's own records. Requests are told apart by method and whole URL, so each needs a URL of its own. */
export function countCalls({ logins, requests }: Calls): PhoneCounts {
  const counts = { requests: 0, codes: logins, arrived: 0, unauthorized: 0, replays: 0, retries: 0 }
  const previous = new Map<string, 'refused' | 'lost' | 'answered'>()
  for (const { method, url, statusCode, errMsg = '' } of requests) {
    const before = previous.get(`${method} ${url}`)
    if (before === undefined && !url.endsWith('/login')) counts.requests++
    if (before === 'refused') counts.replays++
    if (before === 'lost') counts.retries++
    if (!/CONNECTION_REFUSED/.test(errMsg)) counts.arrived++
    if (statusCode === 401) counts.unauthorized++
    const end = statusCode === 401 ? 'refused' : statusCode === undefined ? 'lost' : 'answered'
    previous.set(`${method} ${url}`, end)
  }
  return counts
}

/** Puts the promise beside what the server and the phone have counted, each on its own. */
export function compare(promised: Promised, server: Stats, phone: PhoneCounts, answered: number): Count[] {
  const { requests, failed, unauthorized, codes, replays } = promised
  return [
    { what: 'requests made', promised: requests, phone: phone.requests },
    { what: 'requests answered', promised: requests - failed, pages: answered },
    { what: 'requests on the wire', server: server.requests, phone: phone.arrived },
    { what: '401s', promised: unauthorized, server: server.unauthorized, phone: phone.unauthorized },
    { what: 'codes used', promised: codes, server: server.codes, phone: phone.codes },
    { what: 'codes refused', promised: 0, server: server.codesRefused },
    { what: 'sessions opened', promised: codes, server: server.logins },
    { what: 'replays', promised: replays, phone: phone.replays },
  ]
}

/** A line for each count that is not what was promised, or on which those who counted disagree. */
export function judge(counts: readonly Count[]): string[] {
  return counts
    .filter((count) => new Set(valuesOf(count).map(([, value]) => value)).size > 1)
    .map(
      (count) =>
        `${count.what}: ${valuesOf(count)
          .map(([who, value]) => `${who} ${value}`)
          .join(', ')}`,
    )
}

function valuesOf({ promised, server, phone, pages }: Count): [who: string, value: number][] {
  const told: [string, number | undefined][] = [
    ['promised', promised],
    ['the server counted', server],
    ['the phone counted', phone],
    ['the pages counted', pages],
  ]
  return told.filter((each): each is [string, number] => each[1] !== undefined)
}
