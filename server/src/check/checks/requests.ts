import { Absent, Failed, say, type Answer, type Credentials } from '../backend.ts'
import type { Check, Scene } from '../check.ts'
import type { Mapping } from '../mapping.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Another last character, and not only in the bits that base64 leaves unused there. */
function otherEnd(token: string): string {
  const index = BASE64.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + (index < 0 ? 'A' : (BASE64[index ^ 0b100000] ?? 'A'))
}

function mustBe(answer: Answer, status: number, what: string): void {
  if (answer.status !== status)
    throw new Failed(`${what} got ${say(answer.status)}, not ${status}`, answer.exchange)
}

export const requestChecks: Check[] = [
  {
    id: 'T1',
    level: 'must',
    title: 'without a token: 401',
    paragraph: 3,
    mend: 'A route that needs a session answers 401 without one, not 403, 200 or a redirect.',
    async run({ backend }) {
      mustBe(await backend.ask(undefined), 401, 'a request without a token')
    },
  },
  {
    id: 'T2',
    level: 'must',
    title: 'a token that nobody has: 401, whatever it looks like',
    paragraph: 3,
    mend: 'Look a token up as it is; what does not parse is nobody’s, never a 400 or 500.',
    async run({ backend, first }) {
      const { token } = first
      const odd: [string, string][] = [
        ['garbage', 'garbage'],
        ['x', 'one letter'],
        [token.slice(0, -5), 'a token cut off'],
        [otherEnd(token), 'a token with another last character'],
        ['%00%ff%', 'percent signs'],
        ["' OR '1'='1", 'a quote'],
        ['a.b.c', 'what looks like a signed token'],
        ['A'.repeat(43), 'a token that was never given'],
      ]
      for (const [text, what] of odd) mustBe(await backend.ask(text), 401, what)
      const long = await backend.ask('A'.repeat(8192))
      // Servers and gateways have limits of their own for headers.
      if (![400, 401, 413, 414, 431].includes(long.status)) mustBe(long, 401, 'a token of 8 KB')
    },
  },
  {
    id: 'T3',
    level: 'must',
    title: 'scheme and header names count in any case',
    paragraph: 3,
    mend: 'Compare "Bearer" and the name of the header without regard to case: gateways lower-case them.',
    async run({ backend, first }) {
      const { attach } = backend.mapping
      const { token } = first
      const name = attach === 'bearer' ? 'Authorization' : 'header' in attach ? attach.header : 'Cookie'
      const forms: Exclude<Credentials, undefined>[] = [
        { token, name: name.toLowerCase() },
        { token, name: name.toUpperCase() },
      ]
      if (attach === 'bearer') forms.push({ token, scheme: 'bearer' }, { token, scheme: 'BEARER' })
      for (const form of forms) {
        const answer = await backend.ask(form)
        const what = `"${form.name ?? name}: ${form.scheme ?? (attach === 'bearer' ? 'Bearer' : '')}…"`
        if (answer.status >= 300)
          throw new Failed(`${what} with a good token got ${say(answer.status)}`, answer.exchange)
      }
    },
  },
  {
    id: 'T4',
    level: 'must',
    title: 'what a user may not do is 403, and 401 without a token',
    paragraph: 3,
    mend: '401 says "log in again": for a user who is logged in and may not, say 403.',
    async run({ backend, first }) {
      const { forbidden } = backend.mapping
      if (!forbidden) throw new Absent('no "forbidden" in session-check.json')
      mustBe(await backend.ask(first.token, forbidden), 403, 'a forbidden route with a good token')
      mustBe(await backend.ask(undefined, forbidden), 401, 'a forbidden route without a token')
    },
  },
  {
    id: 'T5',
    level: 'must',
    title: 'fifty requests at once with one token: none is refused',
    paragraph: 3,
    mend: 'Do not lock or renew a session for each request in a way that another request can see half of.',
    async run({ backend }) {
      const { token } = await backend.login(backend.newUser())
      const answers = await Promise.all(Array.from({ length: 50 }, () => backend.ask(token)))
      const bad = answers.filter(({ status }) => status >= 300 || status === 0)
      const [one] = bad
      if (one) throw new Failed(`${bad.length} of fifty got ${say(one.status)}`, one.exchange)
    },
  },
  {
    id: 'T6',
    level: 'should',
    title: 'a later login leaves the token of an earlier one good',
    paragraph: 5,
    mend: 'A user has a phone and a tablet: end older sessions only where the app wants one, and then with 403.',
    async run({ backend, first }) {
      await anotherLogin({ backend, first })
      const answer = await backend.ask(first.token)
      if (answer.status >= 300)
        throw new Failed(`after a second login the first token got ${say(answer.status)}`, answer.exchange)
    },
  },
  {
    id: 'T7',
    level: 'must',
    title: 'a write with a dead token is 401, and nothing was written',
    paragraph: 3,
    mend: 'Look at the token before the body is acted upon: the client sends the write again after its login.',
    async run({ backend }) {
      const write = writeOf(backend.mapping)
      const { token } = await backend.login(backend.newUser())
      const before = await backend.written(token)
      for (const dead of [undefined, otherEnd(token)]) {
        const answer = await backend.ask(dead, { ...write.request, body: write.body })
        mustBe(answer, 401, 'a write with a dead token')
      }
      if ((await backend.written(token)) !== before) throw new Failed('a write with a dead token was kept')
    },
  },
  {
    id: 'T8',
    level: 'must',
    title: 'POST with X-HTTP-Method-Override: PATCH is carried out as PATCH, or refused: never as POST',
    paragraph: 9,
    mend: 'Honour the header before routing, or answer 4xx to a POST that carries one.',
    async run({ backend }) {
      const write = writeOf(backend.mapping)
      const { token } = await backend.login(backend.newUser())
      const before = await backend.written(token)
      const message = { ...write.request, body: write.body, headers: { 'X-HTTP-Method-Override': 'PATCH' } }
      const { status, exchange } = await backend.ask(token, message)
      if (status >= 500 || status === 0) throw new Failed(`it got ${say(status)}`, exchange)
      if ((await backend.written(token)) !== before) {
        throw new Failed('the header was ignored, and the POST was carried out', exchange)
      }
    },
  },
]

function writeOf({ write }: Mapping): Exclude<Mapping['write'], undefined> {
  if (!write) throw new Absent('no "write" in session-check.json')
  return write
}

const PAUSE = 1000
const TRIES = 8

/**
 * Another session of the first user. Within some seconds a back end may give the same one again (paragraph 5),
 * so this asks until it gets another.
 */
export async function anotherLogin({ backend, first }: Pick<Scene, 'backend' | 'first'>): Promise<string> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { token } = await backend.login(first.user)
    if (token !== first.token) return token
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  throw new Absent(`every login of the last ${TRIES} s gave the same token`)
}
