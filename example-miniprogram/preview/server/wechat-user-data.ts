import { createCipheriv, randomBytes, randomInt } from 'node:crypto'

export interface Encrypted {
  encryptedData: string
  iv: string
}

/** What a server asks of WeChat; the part the preview listens in on. */
interface CodeExchange {
  code2Session(code: string): Promise<{ openid: string; sessionKey: string }>
}

/**
 * WeChat's third role in the preview. The pages' side is the test kit's, the server's side is the server's own
 * stub; data that WeChat encrypts for the one so that the other can read it needs somebody who knows both.
 */
export class WeChatUserData {
  readonly #keys = new Map<string, string>()
  /** What stands in the watermark: the server checks that data is meant for it. */
  appid = 'wx0000000000000000'

  /** The same WeChat for a server, whose session keys are from now on known here. */
  listen<WeChat extends CodeExchange>(wechat: WeChat): WeChat {
    const code2Session = async (code: string) => {
      const login = await wechat.code2Session(code)
      this.#keys.set(login.openid, login.sessionKey)
      return login
    }
    return { ...wechat, code2Session }
  }

  /** What `wx.getWeRunData` gives for a user: AES-128-CBC with the session_key (signature guide). */
  steps(openid: string, now = Date.now()): Encrypted | undefined {
    const key = this.#keys.get(openid)
    if (key === undefined) return undefined
    const timestamp = Math.floor(now / 1000)
    const days = Array.from({ length: 30 }, (_, day) => ({
      timestamp: timestamp - (29 - day) * 86_400,
      step: randomInt(2_000, 14_000),
    }))
    const iv = randomBytes(16)
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), iv)
    const plain = JSON.stringify({ stepInfoList: days, watermark: { appid: this.appid, timestamp } })
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
    return { encryptedData: encrypted.toString('base64'), iv: iv.toString('base64') }
  }
}
