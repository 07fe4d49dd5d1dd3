import { randomInt } from 'node:crypto'

export interface Encrypted {
  encryptedData: string
  iv: string
}

/** The fake WeChat that the server asks, as far as it is asked here. */
export interface FakePlatform {
  sessionKey(user: string): string | undefined
  /** as WeChat encrypts it, with a watermark */
  seal(user: string, data: object): Encrypted
}

/**
 * WeChat's third role in the preview. The pages' side is the test kit's, the server's side a fake of its own; data that
 * WeChat encrypts for the one so that the other can read it needs somebody who knows both.
 */
export class WeChatUserData {
  #platform: FakePlatform | undefined

  of(platform: FakePlatform): void {
    this.#platform = platform
  }

  /** What `wx.getWeRunData` gives for a user who has logged in. */
  steps(user: string, now = Date.now()): Encrypted | undefined {
    if (this.#platform?.sessionKey(user) === undefined) return undefined
    const timestamp = Math.floor(now / 1000)
    const stepInfoList = Array.from({ length: 30 }, (_, day) => ({
      timestamp: timestamp - (29 - day) * 86_400,
      step: randomInt(2_000, 14_000),
    }))
    const { encryptedData, iv } = this.#platform.seal(user, { stepInfoList })
    return { encryptedData, iv }
  }
}
