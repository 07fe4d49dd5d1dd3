import { sha256, type Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'

interface Options {
  store: Store
  seal: Seal
  clock: () => number
  appid: string
  /** asks WeChat; `expiresIn` in seconds */
  fetchToken: () => Promise<{ token: string; expiresIn: number }>
}

/** ms before its end at which a token is replaced: requests already on their way still find it good */
const MARGIN = 5 * 60_000

/**
 * The access token of WeChat's server APIs, fetched once and shared by every process. With the old `token`
 * endpoint each fetch killed the token of all others; `stable_token` returns the same one while it lives
 * (getStableAccessToken page), but its calls are limited, so it still lives in the store, sealed.
 */
export function createAccessToken({ store, seal, clock, appid, fetchToken }: Options) {
  const table = store.table<{ sealed: string; until: number }>('access-token')
  const key = sha256(appid)

  async function stored(): Promise<string | undefined> {
    const found = await table.get(key)
    return found && found.until > clock() ? seal.open(found.sealed, key) : undefined
  }

  return {
    async get(): Promise<string> {
      const known = await stored()
      if (known !== undefined) return known
      return store.exclusive(`access-token:${key}`, async () => {
        // Somebody else may have fetched it while we waited.
        const fetched = await stored()
        if (fetched !== undefined) return fetched
        const { token, expiresIn } = await fetchToken()
        const life = Math.max(expiresIn * 1000 - MARGIN, 1000)
        await table.set(key, { sealed: seal.close(token, key), until: clock() + life }, life)
        return token
      })
    },
    /** After WeChat refused `token`: forgets it, unless it has been replaced already. */
    async forget(token: string): Promise<void> {
      if ((await stored()) === token) await table.delete(key)
    },
  }
}

export type AccessToken = ReturnType<typeof createAccessToken>
