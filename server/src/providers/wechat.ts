import { isObject } from '../auth/values.ts'
import { isProduction } from '../mode.ts'
import { ask, type Answer } from '../wechat/api.ts'
import { WeChatApp } from '../wechat/app.ts'
import { Refused, type Identity, type Provider } from './provider.ts'

export interface WeChatOptions {
  appid: string
  secret: string
  /** another of WeChat's own hosts, such as `https://api2.weixin.qq.com` */
  api?: string
  /** `api` is the fake WeChat: anybody is let in as anybody */
  fake?: boolean
}

/** General, Shanghai, Shenzhen, Hong Kong, disaster recovery (WeChat's domain list). */
const HOSTS = ['api', 'sh.api', 'sz.api', 'hk.api', 'api2'].map((name) => `https://${name}.weixin.qq.com`)
const DEFAULT_API = 'https://api.weixin.qq.com'

/** A mini-program of WeChat's. */
export function wechat(options: WeChatOptions): Provider {
  // JavaScript users have no types to stop them: an environment variable that is not set is undefined.
  const given: Partial<WeChatOptions> = isObject(options) ? options : {}
  const { appid = '', secret = '', fake = false } = given
  const mistakes = findMistakes(given)
  const api = originOf(given.api) ?? DEFAULT_API
  if (fake && mistakes.length === 0 && isProduction()) {
    process.emitWarning(`${appid} is served by a fake WeChat: it lets anybody in as anybody.`)
  }
  const id = `wechat:${fake ? 'fake:' : ''}${appid}`
  return {
    id,
    mistakes,
    connect: (inside) => new WeChatApp({ id, appid, secret, api }, inside),
    async exchange(code, { signal }) {
      const query = new URLSearchParams({
        appid,
        secret,
        js_code: code,
        grant_type: 'authorization_code',
      })
      const answer = await ask(`${api}/sns/jscode2session?${query.toString()}`, signal)
      return identity(id, answer)
    },
  }
}

/** Undefined: it is none. A slash at its end is nothing. */
function originOf(api: unknown = DEFAULT_API): string | undefined {
  if (typeof api !== 'string' || !URL.canParse(api)) return undefined
  const { origin, protocol, href } = new URL(api)
  return href === `${origin}/` && /^https?:$/.test(protocol) ? origin : undefined
}

const NAMES = ['appid', 'secret', 'api', 'fake']

function findMistakes(options: Partial<WeChatOptions>): string[] {
  const { appid, secret, api, fake = false } = options
  const mistakes: string[] = []
  if (Object.keys(options).some((name) => !NAMES.includes(name))) {
    mistakes.push(`wechat has an option that is not known: there are ${NAMES.join(', ')}.`)
  }
  if (typeof appid !== 'string' || !/^\w{1,64}$/.test(appid)) {
    mistakes.push('wechat: appid is missing or no appid (wx and 16 more): see the mini-program’s settings.')
  }
  if (typeof secret !== 'string' || secret.trim() === '') {
    mistakes.push('wechat: secret is missing: see the mini-program’s settings.')
  }
  const origin = originOf(api)
  if (typeof fake !== 'boolean') mistakes.push('wechat: fake must be true or false, and no text.')
  if (origin === undefined) {
    mistakes.push(`wechat: api must be an origin such as ${DEFAULT_API}.`)
  } else if (fake === HOSTS.includes(origin)) {
    mistakes.push(
      fake
        ? 'wechat: fake is true, and api is WeChat itself: leave one of them out.'
        : 'wechat: api is none of WeChat’s own hosts over https: say fake: true if that is meant.',
    )
  }
  return mistakes
}

function identity(app: string, { openid, session_key: sessionKey, unionid }: Answer): Identity {
  if (typeof openid !== 'string' || openid === '') throw new Refused('unavailable', 'WeChat gave no openid')
  return {
    app,
    openid,
    ...(typeof sessionKey === 'string' && sessionKey !== '' ? { sessionKey } : {}),
    ...(typeof unionid === 'string' && unionid !== '' ? { unionid } : {}),
  }
}
