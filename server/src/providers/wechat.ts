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
const HOSTS = ['api', 'sh.api', 'sz.api', 'hk.api', 'api2'].map((name) => `${name}.weixin.qq.com`)
const DEFAULT_API = 'https://api.weixin.qq.com'

/** A mini-program of WeChat's. */
export function wechat(options: WeChatOptions): Provider {
  const { api = DEFAULT_API, fake = false } = options
  const mistakes = findMistakes(options)
  if (fake && mistakes.length === 0) {
    process.emitWarning(`${options.appid} is served by a fake WeChat: it lets anybody in as anybody.`)
  }
  const id = `wechat:${fake ? 'fake:' : ''}${options.appid}`
  return {
    id,
    mistakes,
    connect: (inside) => new WeChatApp({ id, appid: options.appid, secret: options.secret, api }, inside),
    async exchange(code, { signal }) {
      const query = new URLSearchParams({
        appid: options.appid,
        secret: options.secret,
        js_code: code,
        grant_type: 'authorization_code',
      })
      const answer = await ask(`${api}/sns/jscode2session?${query.toString()}`, signal)
      return identity(id, answer)
    },
  }
}

const NAMES = ['appid', 'secret', 'api', 'fake']

function findMistakes(options: WeChatOptions): string[] {
  const { appid, secret, api = DEFAULT_API, fake = false } = options
  const mistakes: string[] = []
  // JavaScript users have no types to stop them: an environment variable that is not set is undefined.
  if (Object.keys(options).some((name) => !NAMES.includes(name))) {
    mistakes.push(`wechat has an option that is not known: there are ${NAMES.join(', ')}.`)
  }
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

function identity(app: string, { openid, session_key: sessionKey, unionid }: Answer): Identity {
  if (typeof openid !== 'string' || openid === '') throw new Refused('unavailable', 'WeChat gave no openid')
  return {
    app,
    openid,
    ...(typeof sessionKey === 'string' && sessionKey !== '' ? { sessionKey } : {}),
    ...(typeof unionid === 'string' && unionid !== '' ? { unionid } : {}),
  }
}
