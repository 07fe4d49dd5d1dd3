import { ApiError } from '../errors.ts'
import { WeChatError, type WeChat } from './wechat.ts'

export interface WeChatAccount {
  appid: string
  secret: string
  /** `https://api.weixin.qq.com`; tests point it elsewhere */
  api: string
}

/** ms for one call; a login that waits longer is better tried again with a fresh code. */
const TIMEOUT = 5000

/** The real WeChat. */
export function createWeChat({ appid, secret, api }: WeChatAccount): WeChat {
  return {
    async code2Session(code) {
      const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' })
      const answer = await call(`${api}/sns/jscode2session?${query.toString()}`)
      const { openid, session_key: sessionKey, unionid } = answer
      if (typeof openid !== 'string' || typeof sessionKey !== 'string') throw unreachable()
      return { openid, sessionKey, ...(typeof unionid === 'string' ? { unionid } : {}) }
    },
  }
}

/**
 * Never tried again from here: WeChat may have used the code up before the answer was lost, and a second try
 * with it only earns a 40163. A fresh code is the client's to bring.
 */
async function call(url: string): Promise<Record<string, unknown>> {
  let answer: unknown
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT), redirect: 'error' })
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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const unreachable = () =>
  new ApiError(503, 'WECHAT_UNAVAILABLE', 'WeChat did not answer; try again with a fresh code.', 1)
