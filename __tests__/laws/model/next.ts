import { createClient, type Client, type ClientOptions, type Platform, type Session } from '../../../src'
import { EDITION } from '../features'

/** True where the laws are read as in the second edition. */
export const isSecond = EDITION === 2

export type PlatformRequest = Parameters<Platform['request']>[0]
export type PlatformResponse = Parameters<NonNullable<PlatformRequest['success']>>[0]
export type PlatformFailure = Parameters<NonNullable<PlatformRequest['fail']>>[0]

/** What a login of the app's is told. */
export interface LoginContext {
  data?: { invite?: string }
}

/** The client of the second edition, of which the types of the first do not tell. */
export type NextClient = Omit<Client, 'ensureLogin' | 'extend'> & {
  ensureLogin(options?: { force?: boolean; data?: unknown }): Promise<Session>
  setSession(session: Session | string): Session
  extend(options: Parameters<Client['extend']>[0]): NextClient
}

/** The options of a `Client`, and those that only the second edition has. */
export type NextOptions = Omit<ClientOptions, 'login'> & {
  login: Record<string, unknown>
  autoLogin?: boolean
  rotate?: { header: string }
}

export function createNextClient(options: NextOptions): NextClient {
  return createClient(options)
}
