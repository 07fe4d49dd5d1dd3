import type { Inside, WeChatApp } from '../wechat/app.ts'

/** Whom a platform says a code belongs to. */
export interface Identity {
  /** the provider's id */
  app: string
  openid: string
  unionid?: string
  anonymous?: boolean
  /** decrypts this user's data and proves its origin; it never leaves the server */
  sessionKey?: string
  claims?: Record<string, string>
}

/** A platform that turns codes into identities: WeChat, or any other. */
export interface Provider {
  /** `wechat:wx12…`; part of every key, so that two apps never mix */
  readonly id: string
  /** what is wrong with its options; `createAuth` tells it together with all other mistakes */
  readonly mistakes?: readonly string[]
  /** asks once, and never again with the same code; throws `Refused` */
  exchange(code: string, context: { signal: AbortSignal; data: unknown }): Promise<Identity>
  /** for `auth.app()`: what else a server asks WeChat */
  connect?(inside: Inside): WeChatApp
}

/**
 * `code`: a fresh one helps. `blocked`: nothing does. `limit`: waiting does, for everybody. `user-limit`: for this user.
 * `busy`: waiting a moment. `unavailable`: no usable answer. `config`: a mistake of ours, such as a wrong secret.
 */
export type RefusalKind = 'code' | 'blocked' | 'limit' | 'user-limit' | 'busy' | 'unavailable' | 'config'

/** The platform gave no identity. What it said is for the log, not for the client. */
export class Refused extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    readonly details: { errcode?: number | undefined; rid?: string | undefined } = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'Refused'
  }
}
