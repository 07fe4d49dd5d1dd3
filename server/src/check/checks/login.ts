import { Failed, say, type Answer, type Backend } from '../backend.ts'
import type { Check } from '../check.ts'

const LONG = 10_240

/** A refusal that makes the client take a fresh code, and neither wait nor give up. */
function mustRefuse(answer: Answer, what: string): void {
  const { status, exchange } = answer
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return
  throw new Failed(`${what} got ${say(status)}: it must be a 4xx but not 408 or 429; 400 is best`, exchange)
}

export const loginChecks: Check[] = [
  {
    id: 'L1',
    level: 'must',
    title: 'a fresh code gives a token that works; expiresIn is seconds',
    paragraph: 1,
    mend: 'Answer 200 { token, expiresIn }, expiresIn in seconds from now (not ms, not a date), or leave it out.',
    async run({ backend, first }) {
      const { expiresIn, answer } = first
      const seconds = typeof expiresIn === 'number' && expiresIn > 0
      if (expiresIn !== undefined && !(seconds && expiresIn <= backend.mapping.longestLife)) {
        throw new Failed(`expiresIn is ${JSON.stringify(expiresIn)}: not seconds from now`, answer.exchange)
      }
      const asked = await backend.ask(first.token)
      if (asked.status < 300) return
      throw new Failed(`the new token got ${say(asked.status)}`, asked.exchange)
    },
  },
  {
    id: 'L2',
    level: 'must',
    title: 'a used code is refused with a 4xx',
    paragraph: 2,
    mend: 'errcode 40163 is 400 CODE_INVALID: the client brings a fresh code.',
    async run({ backend }) {
      const code = backend.mint(backend.newUser())
      const good = await backend.exchange(code)
      const { token } = backend.loggedIn('', good)
      // A back end may give the same answer for a few seconds to a phone whose transport sends twice; what it may
      // not do is make another session of it.
      const again = await backend.exchange(code)
      if (again.status === 200 && backend.loggedIn('', again).token === token) return
      mustRefuse(again, 'a used code')
    },
  },
  {
    id: 'L3',
    level: 'must',
    title: 'a code that the platform does not know is refused with a 4xx',
    paragraph: 2,
    mend: 'errcode 40029 is 400 CODE_INVALID.',
    async run({ backend }) {
      mustRefuse(await backend.exchange('0f1e2d3c4b5a69788796a5b4c3d2e1f0'), 'an unknown code')
    },
  },
  {
    id: 'L4',
    level: 'must',
    title: 'a code of six minutes ago is refused with a 4xx',
    paragraph: 2,
    mend: 'errcode 40029 is 400 CODE_INVALID.',
    async run({ backend }) {
      mustRefuse(await backend.exchange(backend.mint(backend.newUser(), 'ok', 6 * 60_000)), 'an old code')
    },
  },
  {
    id: 'L5',
    level: 'must',
    title: 'a user whom the platform blocks gets 403, without Retry-After',
    paragraph: 2,
    mend: 'errcode 40226 is 403 LOGIN_BLOCKED: no code and no waiting helps.',
    async run({ backend }) {
      const outcome = { errcode: 40226, errmsg: 'code blocked' }
      const answer = await backend.exchange(backend.mint(backend.newUser(), outcome))
      if (answer.status !== 403)
        throw new Failed(`a blocked user got ${say(answer.status)}, not 403`, answer.exchange)
      if (answer.retryAfter !== undefined)
        throw new Failed('403 with Retry-After: nothing helps', answer.exchange)
    },
  },
  {
    id: 'L11',
    level: 'must',
    title: 'no code, a number, 10 KB: 400, and the platform is not asked',
    paragraph: 1,
    mend: 'Look at the code before it is sent on: a string of 1 to 256 characters.',
    async run({ backend }) {
      const asked = () => [...backend.platform.asked.values()].reduce((sum, count) => sum + count, 0)
      const before = asked()
      const odd: [unknown, string][] = [
        [undefined, 'no code'],
        [1234, 'a number'],
        ['x'.repeat(LONG), 'a code of 10 KB'],
      ]
      for (const [code, what] of odd) {
        const { status, exchange } = await backend.exchange(code)
        // 413 and 422 are how frameworks say it by themselves.
        if (![400, 413, 422].includes(status))
          throw new Failed(`${what} got ${say(status)}, not 400`, exchange)
        if (asked() !== before)
          throw new Failed(`${what} was sent to the platform as if it were one`, exchange)
      }
    },
  },
  {
    id: 'L12',
    level: 'must',
    title: 'every way in which the platform writes a success is one: with errcode 0, with unionid, with more',
    paragraph: 1,
    mend: 'Success is an openid without an errcode other than 0, whatever else is there.',
    async run({ backend }) {
      for (const outcome of ['ok', 'ok-errcode-0', 'ok-unionid', 'ok-more'] as const) {
        await backend.login(backend.newUser(), outcome)
      }
    },
  },
  {
    id: 'L13',
    level: 'must',
    title: 'five logins of one user at once: every token works',
    paragraph: 5,
    mend: 'A login must not end a session that another login has just been given.',
    async run({ backend }) {
      for (const token of await five(backend)) {
        const { status, exchange } = await backend.ask(token)
        if (status >= 300) throw new Failed(`one of five tokens got ${say(status)}`, exchange)
      }
    },
  },
  {
    id: 'L14',
    level: 'should',
    title: 'five logins of one user at once are one session',
    paragraph: 5,
    mend: 'Keep the token just made for some seconds (sealed), and give it to the next login of the same user.',
    async run({ backend }) {
      const different = new Set(await five(backend)).size
      if (different > 1) throw new Failed(`five logins at once made ${different} sessions`)
    },
  },
  {
    id: 'L15',
    level: 'must',
    title: "fifty logins of 25 users at once: each token is its own user's",
    paragraph: 1,
    mend: 'Nothing of a login may live in a variable that two requests share.',
    async run({ backend }) {
      const users = Array.from({ length: 25 }, () => backend.newUser())
      const logins = await Promise.all([...users, ...users].map((user) => backend.login(user)))
      const identities = await Promise.all(logins.map(({ token }) => backend.identity(token)))
      const owner = new Map<string, string>()
      logins.forEach(({ user, answer }, index) => {
        const identity = identities[index] ?? ''
        const known = owner.get(identity)
        if (known !== undefined && known !== user) {
          throw new Failed('two users got tokens of the same one', answer.exchange)
        }
        owner.set(identity, user)
      })
      if (owner.size !== users.length)
        throw new Failed(`one user's logins gave different identities: ${owner.size} of 25`)
    },
  },
  {
    id: 'L16',
    level: 'must',
    title: 'openids that differ by case only are two users',
    paragraph: 1,
    mend: 'Give the column of the openid a binary collation (utf8mb4_bin); do not lower-case it.',
    async run({ backend }) {
      const name = `Case-${backend.newUser()}`
      const upper = await backend.login(name)
      const lower = await backend.login(name.toLowerCase())
      if ((await backend.identity(upper.token)) === (await backend.identity(lower.token))) {
        throw new Failed('both openids are the same user', lower.answer.exchange)
      }
    },
  },
]

async function five(backend: Backend): Promise<string[]> {
  const user = backend.newUser()
  const logins = await Promise.all(Array.from({ length: 5 }, () => backend.login(user)))
  return logins.map(({ token }) => token)
}
