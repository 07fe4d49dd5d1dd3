import { Refused, type Identity, type Provider, type RefusalKind } from './provider.ts'

export interface WeChatOptions {
  appid: string
  secret: string
  /** another of WeChat's own hosts, such as `https://api2.weixin.qq.com` */
  api?: string
  /** `api` is the fake WeChat: anybody is let in as anybody */
  fake?: boolean
}

/** General, Shanghai, Shenzhen, Hong Kong, disaster recovery (WeChat's domain list). */
const HOSTS = ['api', 'sh.api', 'sz.api', 'hk.api', 'api2'].map((name) => `${name}.weixin.qq.com`)
const DEFAULT_API = 'https://api.weixin.qq.com'

/** code2Session page; 40163 is on no current page but is what a used code gets. */
const KINDS: Record<number, RefusalKind> = {
  40029: 'code',
  40163: 'code',
  41008: 'code',
  40226: 'blocked',
  // Of one user, says the page; of an app for a day.
  45011: 'user-limit',
  45009: 'limit',
  [-1]: 'busy',
}

/** A mini-program of WeChat's. */
export function wechat(options: WeChatOptions): Provider {
  const { api = DEFAULT_API, fake = false } = options
  const mistakes = findMistakes(options)
  if (fake && mistakes.length === 0) {
    process.emitWarning(`${options.appid} is served by a fake WeChat: it lets anybody in as anybody.`)
  }
  return {
    id: `wechat:${fake ? 'fake:' : ''}${options.appid}`,
    mistakes,
    async exchange(code, { signal }) {
      const query = new URLSearchParams({
        appid: options.appid,
        secret: options.secret,
        js_code: code,
        grant_type: 'authorization_code',
      })
      const answer = await ask(`${api}/sns/jscode2session?${query.toString()}`, signal)
      return identity(this.id, answer)
    },
  }
}

function findMistakes({ appid, secret, api = DEFAULT_API, fake = false }: WeChatOptions): string[] {
  const mistakes: string[] = []
  // JavaScript users have no types to stop them: an environment variable that is not set is undefined.
  if (typeof appid !== 'string' || !/^\w{1,64}$/.test(appid)) {
    mistakes.push('wechat: appid is missing or no appid (wx and 16 more): see the mini-program’s settings.')
  }
  if (typeof secret !== 'string' || secret.trim() === '') {
    mistakes.push('wechat: secret is missing: see the mini-program’s settings.')
  }
  const url = URL.canParse(api) ? new URL(api) : undefined
  if (!url || url.pathname !== '/' || url.search !== '' || !/^https?:$/.test(url.protocol)) {
    mistakes.push(`wechat: api must be an origin such as ${DEFAULT_API}.`)
  } else if (fake === (url.protocol === 'https:' && HOSTS.includes(url.host))) {
    mistakes.push(
      fake
        ? 'wechat: fake is true, and api is WeChat itself: leave one of them out.'
        : 'wechat: api is none of WeChat’s own hosts over https: say fake: true if that is meant.',
    )
  }
  return mistakes
}

type Answer = Record<string, unknown>

/**
 * Never tried again from here: WeChat may have used a code up before the answer was lost, and a second try with it only
 * earns a 40163. The reason is told without the address, which has the secret in it.
 */
async function ask(url: string, signal: AbortSignal): Promise<Answer> {
  let answer: unknown
  try {
    const response = await fetch(url, { signal, redirect: 'error' })
    if (response.status !== 200) throw new Refused('unavailable', `WeChat answered ${response.status}`)
    answer = await response.json()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused('unavailable', `WeChat gave no usable answer: ${reason(error)}`)
  }
  if (typeof answer === 'object' && answer !== null) return { ...answer }
  throw new Refused('unavailable', 'WeChat gave no usable answer: no object')
}

function identity(app: string, answer: Answer): Identity {
  const { errcode, errmsg, openid, session_key: sessionKey, unionid } = answer
  // On success errcode may be absent (code2Session page).
  if (typeof errcode === 'number' && errcode !== 0) {
    const said = typeof errmsg === 'string' ? errmsg : ''
    const rid = /rid: ([\w-]+)/.exec(said)?.[1]
    throw new Refused(KINDS[errcode] ?? 'config', `WeChat answered ${errcode}`, { errcode, rid })
  }
  if (typeof openid !== 'string' || openid === '') throw new Refused('unavailable', 'WeChat gave no openid')
  return {
    app,
    openid,
    ...(typeof sessionKey === 'string' && sessionKey !== '' ? { sessionKey } : {}),
    ...(typeof unionid === 'string' && unionid !== '' ? { unionid } : {}),
  }
}

/** Name, code and system call of what fetch threw; its own words may have the address in them. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error as { cause?: { code?: unknown; syscall?: unknown } }
  const words = [error.name, cause?.code, cause?.syscall].filter((word) => typeof word === 'string')
  return words.join(' ')
}
