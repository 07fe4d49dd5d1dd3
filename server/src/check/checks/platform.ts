import { Failed, say, type Answer, type Backend } from '../backend.ts'
import type { Check } from '../check.ts'

function mustWait(answer: Answer, what: string, statuses: number[]): void {
  if (!statuses.includes(answer.status)) {
    throw new Failed(`${what} got ${say(answer.status)}, not ${statuses.join(' or ')}`, answer.exchange)
  }
  if (answer.retryAfter === undefined) {
    throw new Failed(`${what} got ${say(answer.status)} without Retry-After in seconds`, answer.exchange)
  }
}

async function mustBeUnavailable(backend: Backend, outcome: 'html' | 'http-500' | 'half-json', what: string) {
  const answer = await backend.exchange(backend.mint(backend.newUser(), outcome))
  if (answer.status === 503) return
  throw new Failed(`the platform ${what}, and the login got ${say(answer.status)}, not 503`, answer.exchange)
}

/** Those that leave the platform, or the back end's trust in it, in a bad state: they come last. */
export const platformChecks: Check[] = [
  {
    id: 'L7',
    level: 'must',
    title: 'a busy platform (-1) is 503 with Retry-After',
    paragraph: 2,
    mend: 'errcode -1 is 503 PLATFORM_BUSY with Retry-After: 1. Do not send the code again.',
    async run({ backend }) {
      const outcome = { errcode: -1, errmsg: 'system error' }
      mustWait(
        await backend.exchange(backend.mint(backend.newUser(), outcome)),
        'a login at a busy platform',
        [503],
      )
    },
  },
  {
    id: 'L9',
    level: 'must',
    title: 'a platform that answers HTML, 500 or half a JSON makes a 503',
    paragraph: 2,
    mend: 'Parse what the platform answers inside a try, ask for status 200 and an openid; else 503.',
    async run({ backend }) {
      await mustBeUnavailable(backend, 'html', 'answered HTML')
      await mustBeUnavailable(backend, 'http-500', 'answered 500')
      await mustBeUnavailable(backend, 'half-json', 'answered half a JSON')
    },
  },
  {
    id: 'L8',
    level: 'must',
    title: 'a platform that hangs makes a 503 within 10 s',
    paragraph: 2,
    mend: "Give the call to the platform a deadline of 5 s: the client's login gives up after 10.",
    async run({ backend }) {
      const { status, exchange } = await backend.exchange(backend.mint(backend.newUser(), 'hang'))
      if (status !== 503) throw new Failed(`the platform hung, and the login got ${say(status)}`, exchange)
      if (exchange.ms > 10_000) throw new Failed(`503 only after ${exchange.ms} ms`, exchange)
    },
  },
  {
    id: 'L6',
    level: 'must',
    title: 'too many logins (45011) are 429 or 503 with Retry-After',
    paragraph: 2,
    mend: 'errcode 45011 is 429 TOO_MANY_LOGINS with Retry-After: 60.',
    async run({ backend }) {
      const outcome = { errcode: 45011, errmsg: 'api minute-quota reach limit' }
      const answer = await backend.exchange(backend.mint(backend.newUser(), outcome))
      mustWait(answer, "a login beyond the platform's limit", [429, 503])
    },
  },
  {
    id: 'L10',
    level: 'must',
    title: 'each code went to the platform at most once, in all of the above',
    paragraph: 1,
    mend: 'Never send a code again, whatever happened to it: the client brings another.',
    run({ backend }) {
      for (const [code, asked] of backend.platform.asked) {
        const sent = backend.sent.get(code) ?? 0
        if (sent > 0 && asked > sent) {
          const exchange = backend.http.exchanges.find(({ requestBody }) => requestBody.includes(code))
          return Promise.reject(new Failed(`a code was sent to the platform ${asked} times`, exchange))
        }
      }
      return Promise.resolve()
    },
  },
]
