import {
  createAuth,
  type Auth,
  type Identity,
  type LimitOptions,
  type Provider,
} from 'miniprogram-session-server'
import type { Config } from './config.ts'
import type { OpenStore } from './store.ts'
import type { Tables } from './tables/tables.ts'

interface Parts {
  store: OpenStore
  /** where logins come from; the first one is the default */
  apps: Provider[]
  onLogin?: (identity: Identity) => Promise<string>
  limits?: LimitOptions
  clock?: () => number
}

/** Everything about logins and sessions. Who somebody is in our own tables is all that we add. */
export function createSessions(config: Config, { store, apps, onLogin, limits, clock }: Parts): Auth {
  return createAuth({
    namespace: config.namespace,
    secrets: config.secrets,
    store: store.sessions,
    apps,
    onLogin: onLogin ?? userOf(store.tables, config.namespace),
    lifetime: { idle: config.sessionIdle, absolute: config.sessionMaxAge },
    limits: { loginsPerMinute: config.loginLimit, ...limits },
    ...(clock ? { clock } : {}),
  })
}

/** An openid is a name at one app of one platform: in our tables a user has an id of ours. */
export const userOf =
  ({ users }: Tables, namespace: string) =>
  ({ app, openid }: Pick<Identity, 'app' | 'openid'>): Promise<string> =>
    users.idFor(`${namespace} ${app} ${openid}`)
