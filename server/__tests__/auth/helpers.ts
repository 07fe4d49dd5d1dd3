import {
  createAuth,
  memoryStore,
  type Auth,
  type AuthOptions,
  type Identity,
  type Provider,
} from '../../src/index.ts'

export const SECRET = '0123456789abcdef'.repeat(4)
export const OTHER_SECRET = 'fedcba9876543210'.repeat(4)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A clock that stands still until told otherwise. */
export function createClock(start = Date.UTC(2026, 5, 1)) {
  let now = start
  return Object.assign(() => now, { advance: (ms: number) => void (now += ms) })
}

/** A platform on which a code is the user's name and a number: `alice-1`. */
export function fakeProvider(
  exchange?: (code: string) => Promise<Partial<Identity>>,
): Provider & { asked: string[] } {
  const asked: string[] = []
  return {
    id: 'fake:wx1',
    asked,
    async exchange(code) {
      asked.push(code)
      return { app: 'fake:wx1', openid: code.split('-')[0] ?? '', ...(await exchange?.(code)) }
    },
  }
}

export function setUp<Data = undefined>(options: Partial<AuthOptions<Data>> = {}) {
  const clock = createClock()
  const provider = fakeProvider()
  const auth = createAuth<Data>({
    namespace: 'tests',
    secrets: [SECRET],
    store: memoryStore(),
    apps: [provider],
    onLogin: ({ openid }) => openid,
    clock,
    ...options,
  })
  let codes = 0
  const login = async (user: string) => (await auth.login({ code: `${user}-${(codes += 1)}` })).token
  return { auth, clock, provider, login }
}

/** What a client sees of a token. */
export async function stateOf(auth: Auth<unknown>, token: string): Promise<string> {
  return auth.authenticate(token).then(
    (session) => session?.user ?? 'nobody',
    (error: unknown) => (error as { code: string }).code,
  )
}
