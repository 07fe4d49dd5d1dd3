import { ConfigError } from '../errors.ts'
import type { Identity, Provider } from '../providers/provider.ts'
import type { StoredProfile, StoreFactory } from '../stores/store.ts'
import type { Answer } from './answers.ts'
import { readLimits, type LimitOptions } from './limits.ts'
import { isObject, parseDuration, readPlace, words } from './values.ts'

/** `'7d'`, `'90min'`, or ms */
export type Duration = number | `${number}${'ms' | 's' | 'min' | 'h' | 'd'}`

/** The app's user id, and what goes with the session. */
export type LoggedInAs<Data> = string | { user: string; data?: Data }

export interface LoginContext {
  app: string
  /** what the client sent beside the code */
  data: unknown
  address?: string | undefined
}

export interface AuthOptions<Data = undefined, Profile extends StoredProfile = StoredProfile> {
  /** which app this is, and where it runs, such as `shop-production`: part of every key, hash and seal */
  namespace: string
  /**
   * 64 hex digits each (`openssl rand -hex 32`). The first one seals, all of them open: put a new one first, and take
   * the old one out when the longest session is over.
   */
  secrets: readonly string[]
  store: StoreFactory<Profile>
  /** a login names one of them by `app` (its id, or the appid in it); by default it is the first */
  apps: readonly Provider[]
  /**
   * Look the user up or create one, and say its id. `throw refuse(403, 'BANNED', '…')` keeps somebody out. By default a
   * user is an opaque id made of app and openid.
   */
  onLogin?: (identity: Identity, context: LoginContext) => LoggedInAs<Data> | Promise<LoggedInAs<Data>>
  lifetime?: {
    /** after so long unused a session is over; 7 days */
    idle?: Duration
    /** after so long it is over however much it is used; 30 days */
    absolute?: Duration
    /** in the second half of its life a session offers a new token; true */
    rotate?: boolean
  }
  /** 20: one more, and the oldest ends. `'single'`: a new login ends all others, which are told so */
  sessionsPerUser?: number | 'single'
  /** for so long logins of one account get the same session; 5 s. 0: never */
  share?: Duration
  deadline?: {
    /** for one call of the store; 2 s */
    store?: Duration
    /** for one call of a platform; 5 s */
    provider?: Duration
    /** for a login, `onLogin` included; 8 s. The client gives up after 10 */
    login?: Duration
  }
  /** how often somebody may do what costs money or help; false: this server limits nobody */
  limits?: false | LimitOptions
  token?: { from?: TokenPlace }
  /** the house's style: 200 with `{ code, msg, data }`, other names */
  answers?: (answer: Answer) => Answer
  clock?: () => number
}

export type TokenPlace = 'bearer' | { header: string } | { cookie: string }

/** Checked, and with every default filled in. Times in ms. */
export interface Config<Data, Profile extends StoredProfile = StoredProfile> {
  namespace: string
  secrets: readonly string[]
  store: StoreFactory<Profile>
  apps: readonly Provider[]
  onLogin: AuthOptions<Data>['onLogin']
  idle: number
  absolute: number
  rotate: boolean
  limit: number
  single: boolean
  share: number
  deadline: { store: number; provider: number; login: number }
  limits: false | Required<Omit<LimitOptions, 'redis'>>
  limitsRedis: LimitOptions['redis']
  from: TokenPlace
  answers: (answer: Answer) => Answer
  clock: () => number
}

const DAY = 86_400_000
const NAMES = [
  'namespace',
  'secrets',
  'store',
  'apps',
  'onLogin',
  'lifetime',
  'sessionsPerUser',
  'share',
  'deadline',
  'limits',
  'token',
  'answers',
  'clock',
]

/** Says everything that is wrong at once, and never a value: what was taken for a name may be a secret. */
export function readOptions<Data, Profile extends StoredProfile>(
  given: AuthOptions<Data, Profile>,
): Config<Data, Profile> {
  const mistakes: string[] = []
  // JavaScript's users have no types, and environment variables that are not set are undefined.
  const options: Partial<Record<string, unknown>> = isObject(given) ? given : {}
  const mistake = (wrong: boolean, text: string): void => {
    if (wrong) mistakes.push(text)
  }

  function part(name: string, keys: string[]): Partial<Record<string, unknown>> {
    const value = options[name] ?? {}
    if (!isObject(value)) {
      mistakes.push(`${name} must be an object.`)
      return {}
    }
    for (const key of Object.keys(value)) {
      mistake(!keys.includes(key), `${name} has an option that is not known: there are ${keys.join(', ')}.`)
    }
    return value
  }

  function duration(value: unknown, name: string, fallback: number, least: number, most: number): number {
    const ms = value === undefined ? fallback : parseDuration(value)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    mistakes.push(
      `${name} must be a time from ${words(least)} to ${words(most)}, such as "${words(fallback)}" or ${fallback} (ms).`,
    )
    return fallback
  }

  const { namespace, secrets, store, apps, onLogin, answers, clock, sessionsPerUser = 20 } = options
  for (const name of Object.keys(options)) {
    mistake(
      !NAMES.includes(name),
      `"${/^[a-z]{1,20}$/i.test(name) ? name : '…'}" is not known: there are ${NAMES.join(', ')}.`,
    )
  }
  mistake(
    typeof namespace !== 'string' || !/^[a-z0-9-]{1,40}$/.test(namespace),
    'namespace must be 1 to 40 of a-z, 0-9 and "-", such as "shop-production": it keeps apps that share a database apart.',
  )
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : []
  mistake(
    list.length === 0 || list.length > 10,
    'secrets must be a list of 1 to 10. Make one: openssl rand -hex 32',
  )
  list.forEach((secret, index) =>
    mistake(
      typeof secret !== 'string' || !/^[0-9a-f]{64}$/i.test(secret),
      `secrets[${index}] must be 64 hex digits (32 bytes). Make one: openssl rand -hex 32`,
    ),
  )
  mistake(new Set(list).size !== list.length, 'secrets has one of them twice.')
  mistake(
    !isObject(store) || typeof store['create'] !== 'function',
    'store is missing: memoryStore(), or redisStore(client) of miniprogram-session-server/redis.',
  )
  if (isObject(store) && Array.isArray(store['mistakes'])) mistakes.push(...(store['mistakes'] as string[]))
  const providers: readonly unknown[] = Array.isArray(apps) ? apps : []
  mistake(providers.length === 0, 'apps must be a list of one or more, such as [wechat({ appid, secret })].')
  providers.forEach((provider, index) => {
    if (
      !isObject(provider) ||
      typeof provider['exchange'] !== 'function' ||
      typeof provider['id'] !== 'string'
    ) {
      mistakes.push(`apps[${index}] must be a provider: an id and exchange(code).`)
    } else if (Array.isArray(provider['mistakes'])) mistakes.push(...(provider['mistakes'] as string[]))
  })
  const ids = providers.map((provider) => (isObject(provider) ? provider['id'] : undefined))
  mistake(new Set(ids).size !== ids.length, 'apps has one of them twice.')
  for (const [name, value] of Object.entries({ onLogin, answers, clock })) {
    mistake(value !== undefined && typeof value !== 'function', `${name} must be a function.`)
  }
  const single = sessionsPerUser === 'single'
  const limit = single ? 1 : Number(sessionsPerUser)
  mistake(
    !single && !(Number.isInteger(sessionsPerUser) && limit >= 2 && limit <= 1000),
    `sessionsPerUser must be "single", or a whole number from 2 to 1000. With one of them two phones would throw each other out for ever; "single" tells them.`,
  )

  const lifetime = part('lifetime', ['idle', 'absolute', 'rotate'])
  const deadline = part('deadline', ['store', 'provider', 'login'])
  const token = part('token', ['from'])
  const absolute = duration(lifetime['absolute'], 'lifetime.absolute', 30 * DAY, 1000, 400 * DAY)
  const idle = duration(lifetime['idle'], 'lifetime.idle', Math.min(7 * DAY, absolute), 1000, 400 * DAY)
  mistake(idle > absolute, 'lifetime.idle is longer than lifetime.absolute, and would never come.')
  const { rotate = true } = lifetime
  mistake(typeof rotate !== 'boolean', 'lifetime.rotate must be true or false.')
  const deadlines = {
    store: duration(deadline['store'], 'deadline.store', 2000, 10, 60_000),
    provider: duration(deadline['provider'], 'deadline.provider', 5000, 10, 60_000),
    login: duration(deadline['login'], 'deadline.login', 8000, 10, 60_000),
  }
  const limits = readLimits(options['limits'], mistakes)
  const share = duration(options['share'], 'share', 5000, 0, 60_000)
  const from = readPlace(token['from'])
  mistake(from === undefined, 'token.from must be "bearer", { header: name } or { cookie: name }.')

  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return {
    namespace: given.namespace,
    secrets: given.secrets,
    store: given.store,
    apps: given.apps,
    onLogin: given.onLogin,
    idle,
    absolute,
    rotate: rotate === true,
    limit,
    single,
    share,
    deadline: deadlines,
    limits,
    limitsRedis: given.limits === false ? undefined : given.limits?.redis,
    from: from ?? 'bearer',
    answers: given.answers ?? ((answer) => answer),
    clock: given.clock ?? Date.now,
  }
}
