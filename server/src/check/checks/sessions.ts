import { Absent, Failed, say, type Answer, type Backend } from '../backend.ts'
import type { Check } from '../check.ts'
import { fill, at } from '../mapping.ts'
import { anotherLogin } from './requests.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Not there: the route is the app's to have or not. */
const isMissing = ({ status }: Answer): boolean => status === 404 || status === 405 || status === 501

export const sessionChecks: Check[] = [
  {
    id: 'S1',
    level: 'must',
    title: 'logout ends its own token and no other, and the next login gives a new one',
    paragraph: 8,
    mend: 'Delete the session of this token alone, and forget that it may be given again.',
    async run({ backend, first }) {
      const { token } = await backend.login(backend.newUser())
      await logout(backend, token)
      await mustBeDead(backend, token, 'after its logout a token')
      const other = await anotherLogin({ backend, first })
      // Where a user has one session only, there is no other to live on: T6 tells.
      if ((await backend.ask(first.token)).status === 401) return
      await logout(backend, other)
      const { status, exchange } = await backend.ask(first.token)
      if (status >= 300)
        throw new Failed(`another session of the user got ${say(status)} after a logout`, exchange)
      const { token: next, answer } = await backend.login(first.user)
      if (next === other)
        throw new Failed('a login gave the token again that was logged out', answer.exchange)
    },
  },
  {
    id: 'S2',
    level: 'must',
    title: 'logout with a dead token, or none, is no 5xx',
    paragraph: 8,
    mend: 'Answer 204 whether or not there was a session: the answer to the first may have been lost.',
    async run({ backend }) {
      const { token } = await backend.login(backend.newUser())
      await logout(backend, token)
      for (const again of [token, 'garbage', undefined]) {
        const { status, exchange } = await backend.ask(again, backend.mapping.logout)
        if (status >= 500 || status === 0) throw new Failed(`it got ${say(status)}`, exchange)
      }
    },
  },
  {
    id: 'S3',
    level: 'must',
    title: 'where tokens rotate, the new one is good and the old one stays so for 10 s',
    paragraph: 6,
    mend: 'Keep the old token for a minute after the new one was used: other requests are on their way with it.',
    async run({ backend, slow }) {
      const begun = performance.now()
      const { token, expiresIn } = await backend.login(backend.newUser())
      const life = typeof expiresIn === 'number' ? expiresIn * 1000 : Infinity
      const end = slow !== undefined && life <= slow ? begun + life : 0
      let rotated = await rotation(backend, token)
      while (rotated === undefined && performance.now() < end) {
        await pause(Math.min(500, life / 20))
        rotated = await rotation(backend, token)
      }
      if (rotated === undefined) throw new Absent('no answer brought a Session-Token')
      await mustWork(backend, rotated, 'the new token')
      await mustWork(backend, token, 'the old token, right after the new one was used,')
      // Its own end it need not outlive.
      const left = begun + life - performance.now() - 500
      if (slow === undefined || left <= 0) return
      await pause(Math.min(10_000, left))
      await mustWork(backend, token, 'the old token, 10 s after the new one was used or just before its end,')
    },
  },
  {
    id: 'S4',
    level: 'must',
    title: 'where there is a refresh, the same refresh token works twice within 10 s',
    paragraph: 7,
    mend: 'Give the same answer to the same refresh token for 30 s: the first one may have been lost on its way.',
    async run({ backend }) {
      const { refreshToken } = await backend.login(backend.newUser())
      if (typeof refreshToken !== 'string') throw new Absent('the login gives no refresh token')
      for (const which of ['first', 'second']) {
        const answer = await backend.send({ ...backend.mapping.refresh, body: { refreshToken } })
        const token = at(answer.json, backend.mapping.login.token)
        if (answer.status !== 200 || typeof token !== 'string') {
          throw new Failed(`the ${which} refresh got ${say(answer.status)} and no token`, answer.exchange)
        }
        await mustWork(backend, token, `the token of the ${which} refresh`)
      }
      const answer = await backend.send({ ...backend.mapping.refresh, body: { refreshToken: 'garbage' } })
      if (answer.status < 400 || answer.status >= 500) {
        throw new Failed(`a refresh token that nobody has got ${say(answer.status)}`, answer.exchange)
      }
    },
  },
  {
    id: 'S5',
    level: 'must',
    title: 'data sealed with another session_key is 409, not 401 and not 500',
    paragraph: 3,
    mend: 'A key that does not fit is 409 SESSION_KEY_STALE: log in, then ask the user for the data again.',
    async run({ backend }) {
      const { openData } = backend.mapping
      if (!openData) throw new Absent('no "openData" in session-check.json')
      const { user, token } = await backend.login(backend.newUser())
      const send = (key?: string) => {
        const sealed = backend.platform.seal(user, { stepInfoList: [{ step: 100 }] }, key)
        return backend.ask(token, { ...openData.request, body: fill(openData.body, sealed) })
      }
      const good = await send()
      if (isMissing(good)) throw new Absent(`there is no ${openData.request.path}`)
      if (good.status >= 300)
        throw new Failed(`data sealed with the right key got ${say(good.status)}`, good.exchange)
      // Several: now and then a wrong key gives a padding that looks right.
      for (let key = 0; key < 8; key += 1) {
        const stale = await send(Buffer.alloc(16, key + 1).toString('base64'))
        if (stale.status !== 409)
          throw new Failed(`data of another key got ${say(stale.status)}, not 409`, stale.exchange)
      }
    },
  },
  {
    id: 'S6',
    level: 'must',
    title: 'a token is good until expiresIn, and refused after it, however much it is used',
    paragraph: 1,
    mend: 'expiresIn is the absolute end. If use moves the end, say so by another name (idleTimeout).',
    async run({ backend, slow }) {
      if (slow === undefined) throw new Absent('only with --slow')
      const begun = performance.now()
      const { token, expiresIn } = await backend.login(backend.newUser())
      if (typeof expiresIn !== 'number') throw new Absent('the login tells no expiresIn')
      const end = begun + expiresIn * 1000
      if (expiresIn * 1000 > slow) throw new Absent(`a life of ${expiresIn} s is too long to wait for`)
      while (performance.now() < end - 600) {
        await mustWork(backend, token, 'a token before its end')
        await pause(250)
      }
      await pause(end - performance.now() + 1500)
      await mustBeDead(backend, token, 'a token after its end')
    },
  },
]

async function logout(backend: Backend, token: string): Promise<void> {
  const answer = await backend.ask(token, backend.mapping.logout)
  if (isMissing(answer)) throw new Absent(`there is no ${backend.mapping.logout.path}`)
  if (answer.status >= 300 || answer.status === 0)
    throw new Failed(`logout got ${say(answer.status)}`, answer.exchange)
}

async function mustWork(backend: Backend, token: string, what: string): Promise<void> {
  const { status, exchange } = await backend.ask(token)
  if (status >= 300 || status === 0) throw new Failed(`${what} got ${say(status)}`, exchange)
}

async function mustBeDead(backend: Backend, token: string, what: string): Promise<void> {
  const { status, exchange } = await backend.ask(token)
  if (status !== 401) throw new Failed(`${what} got ${say(status)}, not 401`, exchange)
}

async function rotation(backend: Backend, token: string): Promise<string | undefined> {
  const { exchange } = await backend.ask(token)
  const next = exchange.headers[backend.mapping.rotation.token]
  return typeof next === 'string' && next !== token ? next : undefined
}
