/** A host of pages has one storage for all that lie on it. */
const KEY = 'miniprogram-session:server'

/** What the server in the page still knows after a restart of the mini-program; another tab has a server of its own. */
export interface Saved {
  tokens: string[]
  nickname: string
  /** A data URL. */
  avatar: string
  orders: { id: string; title: string; amount: number; createdAt: number; key?: string }[]
  refreshTokens: string[]
  /** Whether somebody has logged in: before that WeChat has nothing to encrypt with. */
  hasUser: boolean
}

const NOTHING: Saved = {
  tokens: [],
  nickname: '微信用户',
  avatar: '',
  orders: [],
  refreshTokens: [],
  hasUser: false,
}

export function restore(): Saved {
  try {
    return { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Saved>) }
  } catch {
    return { ...NOTHING }
  }
}

/** A browser that keeps nothing has a server that forgets at each restart, no more. */
export function save(saved: Saved): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(saved))
  } catch {
    // Full, or forbidden.
  }
}
