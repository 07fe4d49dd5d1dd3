import type { FakeWeChatOptions } from 'miniprogram-session/testing'

/** What lies beyond the phone: the preview's server, or, in a page of files alone, the page itself. */
export interface Outside {
  /** Who takes requests, and what else of the phone is theirs. */
  phone: Omit<FakeWeChatOptions, 'clock'>
  /** What `wx.getWeRunData` gives; `undefined` to a user who has not logged in. */
  steps(user: string): Promise<object | undefined>
  /** What an `<img>` can show for an address of the server. */
  picture(url: string): string
}
