import { sha256, type Seal } from './seal.ts'
import type { Store, Table } from './store/store.ts'
import type { WeChatLogin } from './wechat/wechat.ts'

export interface User {
  openid: string
  unionid?: string
  nickname: string
  avatar?: string
  /** Sealed, as everything that could harm somebody when a copy of the store gets out. */
  phone?: string
  /** Sealed. One per user and not per session: WeChat keeps exactly one valid key per user (wx.checkSession page). */
  sessionKey: string
}

/** Users by openid. Keys are hashed: openids differ by case only, and not every store tells case apart. */
export class Users {
  private readonly table: Table<User>

  constructor(
    private readonly store: Store,
    private readonly seal: Seal,
  ) {
    this.table = store.table('user')
  }

  async get(openid: string): Promise<User | undefined> {
    return this.table.get(sha256(openid))
  }

  /** Called at each login: the newest session_key replaces the one before, which WeChat has dropped by now. */
  async remember({ openid, unionid, sessionKey }: WeChatLogin): Promise<void> {
    await this.change(openid, (user) => ({
      // What getUserProfile has returned for everybody since 2022; the real name comes from the nickname input.
      nickname: '微信用户',
      ...user,
      openid,
      ...(unionid === undefined ? {} : { unionid }),
      sessionKey: this.seal.close(sessionKey, openid),
    }))
  }

  async update(openid: string, profile: Partial<Pick<User, 'nickname' | 'avatar' | 'phone'>>): Promise<void> {
    const { phone } = profile
    const sealed = phone === undefined ? {} : { phone: this.seal.close(phone, openid) }
    await this.change(openid, (user) => user && { ...user, ...profile, ...sealed })
  }

  /** The user's session_key in the clear; for use on this server only, never for an answer or a log. */
  async sessionKey(openid: string): Promise<string | undefined> {
    const user = await this.get(openid)
    return user && this.seal.open(user.sessionKey, openid)
  }

  /** Read, change and write under a lock, so that a login and a new nickname do not undo each other. */
  private async change(openid: string, change: (user: User | undefined) => User | undefined): Promise<void> {
    await this.store.exclusive(`user:${sha256(openid)}`, async () => {
      const changed = change(await this.get(openid))
      if (changed) await this.table.set(sha256(openid), changed)
    })
  }
}
