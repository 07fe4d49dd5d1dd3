import { ApiError } from '../errors.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import { createAccessToken } from './access-token.ts'
import { WeChatError, type WeChat } from './wechat.ts'

export interface WeChatAccount {
  appid: string
  secret: string
  /** `https://api.weixin.qq.com`; tests point it elsewhere */
  api: string
}

interface Options {
  store: Store
  seal: Seal
  clock: () => number
}

/** ms for one call; a login that waits longer is better tried again with a fresh code. */
const TIMEOUT = 5000
/** "The access token is wrong" and "has expired": the two answers that a new token mends. */
const TOKEN_REFUSED = [40001, 42001]

/** The real WeChat. */
export function createWeChat({ appid, secret, api }: WeChatAccount, options: Options): WeChat {
  const accessToken = createAccessToken({
    ...options,
    appid,
    fetchToken: async () => {
      const body = { grant_type: 'client_credential', appid, secret }
      const answer = await call(`${api}/cgi-bin/stable_token`, body)
      return { token: text(answer['access_token']), expiresIn: Number(answer['expires_in']) || 0 }
    },
  })

  /** POSTs to one of the APIs that want the access token; with a new one once, if this one is refused. */
  async function authorised(path: string, body: object, again = true): Promise<Answer> {
    const token = await accessToken.get()
    try {
      return await call(`${api}${path}?${new URLSearchParams({ access_token: token }).toString()}`, body)
    } catch (error) {
      if (!again || !(error instanceof WeChatError) || !TOKEN_REFUSED.includes(error.errcode)) throw error
      await accessToken.forget(token)
      return authorised(path, body, false)
    }
  }

  return {
    async code2Session(code) {
      const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' })
      const answer = await call(`${api}/sns/jscode2session?${query.toString()}`)
      const { unionid } = answer
      return {
        openid: text(answer['openid']),
        sessionKey: text(answer['session_key']),
        ...(typeof unionid === 'string' ? { unionid } : {}),
      }
    },
    async phoneNumber(code) {
      const { phone_info: info } = await authorised('/wxa/business/getuserphonenumber', { code })
      if (!isRecord(info)) throw unreachable()
      return { phoneNumber: text(info['purePhoneNumber']), countryCode: text(info['countryCode']) }
    },
  }
}

type Answer = Record<string, unknown>

/**
 * Never tried again from here: WeChat may have used a code up before the answer was lost, and a second try
 * with it only earns a 40163. A fresh code is the client's to bring.
 */
async function call(url: string, body?: object): Promise<Answer> {
  let answer: unknown
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT),
      redirect: 'error',
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    answer = await response.json()
  } catch {
    // The reason is dropped on purpose: an error of fetch may carry the URL, and that has the secret in it.
    throw unreachable()
  }
  if (!isRecord(answer)) throw unreachable()
  // On success errcode may be absent (code2Session page).
  const { errcode, errmsg } = answer
  if (typeof errcode === 'number' && errcode !== 0) {
    throw new WeChatError(errcode, typeof errmsg === 'string' ? errmsg : '')
  }
  return answer
}

const isRecord = (value: unknown): value is Answer => typeof value === 'object' && value !== null

function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw unreachable()
  return value
}

const unreachable = () =>
  new ApiError(503, 'WECHAT_UNAVAILABLE', 'WeChat gave no usable answer; try again with a fresh code.', 1)
