import fc from 'fast-check'
import { FEATURES, type Feature } from './features'
import { PHONE_LANES, type Setting } from './model/words'
import type { Step } from './steps'

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const copy = oneOf(0, 0, 1)

/** What is there only with this feature. */
const withFeature = <T>(feature: Feature, ...values: T[]): T[] => (FEATURES[feature] ? values : [])

/** Steps of one kind: how often, and with which particulars. */
type Steps<K extends Step['do']> = {
  [field in keyof Omit<Extract<Step, { do: K }>, 'do'>]: fc.Arbitrary<Extract<Step, { do: K }>[field]>
}
const steps = <K extends Step['do']>(weight: number, what: K, particulars: Steps<K>) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(what), ...particulars }) as unknown as fc.Arbitrary<Step>,
})

const step: fc.Arbitrary<Step> = fc.oneof(
  steps(10, 'send', {
    kind: oneOf(
      ...(['get', 'get', 'get', 'post', 'verified', 'optional', 'open', 'foreign'] as const),
      ...(['upload', 'limited', 'forbidden', 'authorize'] as const),
      ...withFeature('oneAddress', 'forbidden' as const),
      ...withFeature('plain401', 'plain401' as const),
      ...withFeature('chunks', 'stream' as const, 'stream' as const),
    ),
    copy,
    viaClone: oneOf(false, false, true),
    count: oneOf(1, 1, 2, 4, ...withFeature('twoClients', 7)),
  }),
  steps(10, 'answers', { count: oneOf(1, 1, 2, 3, 8) }),
  steps(4, 'time', { ms: oneOf(1, 300, 999, 1000, 2000, 5000, 61_000) }),
  steps(3, 'kill tokens', {}),
  steps(2, 'ensureLogin', {
    kind: oneOf('ensureLogin', 'force', ...withFeature('data', 'data' as const, 'data' as const)),
    data: oneOf('A', 'B'),
    copy,
  }),
  ...withFeature('setSession', steps(2, 'setSession', { isLive: oneOf(true, true, false), copy })),
  steps(2, 'logout', { copy }),
  steps(2, 'abort', { which: fc.nat(9) }),
  steps(1, 'kill session_key', {}),
  steps(1, 'lock', { isOn: fc.boolean() }),
  steps(1, 'lives', { seconds: oneOf(undefined, 1, 3) }),
  steps(2, 'login mood', {
    mood: oneOf(
      ...(['hang', 'fail', 'twice', 'both', 'same-tick', 'empty'] as const),
      ...withFeature('throwingCalls', 'throw' as const),
      ...withFeature('cachedLogins', 'cached' as const),
      ...withFeature('blockedUsers', 'blocked' as const),
    ),
  }),
  steps(2, 'check mood', {
    mood: oneOf(
      ...(['hang', 'fail', 'throw', 'same-tick', 'fail at once', 'twice', 'both'] as const),
      ...withFeature('cachedAnswers', 'cached' as const),
    ),
  }),
  steps(3, 'request mood', {
    mood: oneOf('hang', 'fail', 'twice', 'both', 'same-tick', 'throw', 'undefined-task', 'empty'),
  }),
  steps(2, 'exchange mood', {
    mood: oneOf(
      ...(['broken', 'refused', 'html', 'no token', 'line break'] as const),
      ...withFeature('refusalHeads', 'busy' as const),
      ...withFeature('cachedAnswers', 'cached' as const),
    ),
    // With two or three tries each, these are the three failed logins in a row that a pause follows.
    count: oneOf(1, 1, 9),
  }),
  ...withFeature(
    'refreshAnswers',
    steps(3, 'refresh mood', {
      mood: oneOf(
        ...(['session', 'same', 'nothing', 'network', 'hang', 'too many', 'refused', 'error'] as const),
        ...(['broken', 'broken'] as const),
      ),
      count: oneOf(1, 1, 4),
    }),
  ),
  ...withFeature(
    'chunks',
    steps(2, 'stream mood', { mood: oneOf('cut', 'cut at once', 'no head', 'broken') }),
  ),
  steps(1, 'abort mode', { mode: oneOf('normal', 'same-tick', 'late', 'silent', 'ignored') }),
  steps(1, 'store', {
    isWell: fc.boolean(),
    what: oneOf('all', ...withFeature('halfStores', 'get' as const, 'set' as const, 'remove' as const)),
  }),
  steps(1, 'network', { isOn: fc.boolean() }),
  ...withFeature('networkChange', steps(1, 'network change', {})),
  steps(1, 'outage', { isOn: fc.boolean() }),
  ...withFeature('bases', steps(1, 'host', { which: oneOf(0, 0, 1), isDown: oneOf(true, true, false) })),
  steps(1, 'background', { isBack: fc.boolean() }),
  ...withFeature(
    'clocks',
    steps(2, 'clock', { ms: oneOf(5000, 3_600_000, -5000, -3_600_000) }),
    steps(2, 'sleep', { ms: oneOf(5000, 60_000, 3_600_000) }),
  ),
  steps(2, 'listener', {
    hears: oneOf(
      ...[
        'request send',
        'request wait',
        'request replay',
        'request retry',
        'request success',
        'request fail',
      ],
      ...[
        'login start',
        'login success',
        'login fail',
        'check start',
        'check failed',
        'logout',
        'storage-error',
      ],
      ...withFeature('appCode', 'isUnauthorized', 'retry.delay', 'header', 'middleware', 'session'),
    ),
    deed: oneOf(
      ...(['logout', 'abort', 'ensureLogin', 'force', 'get'] as const),
      ...withFeature('setSession', 'setSession' as const),
    ),
  }),
)

export const setting: fc.Arbitrary<Setting> = fc
  .record({
    store: oneOf<Setting['store']>('sync', 'sync', 'async'),
    copies: oneOf<Setting['copies']>(1, 1, 2),
    clients: oneOf<Setting['clients']>(1, ...withFeature('twoClients', 1 as const, 2 as const)),
    stored: oneOf<Setting['stored']>(
      ...(['nothing', 'live', 'dead', 'expired', 'brief'] as const),
      ...withFeature('endedSession', 'ended' as const),
    ),
    check: oneOf<Setting['check']>('background', 'background', 'blocking', false),
    hasCheck: oneOf(true, true, true, false),
    hasRefresh: oneOf(false, false, true),
    concurrency: oneOf(PHONE_LANES, 2, 1),
    autoLogin: oneOf(true, ...withFeature('autoLogin', true, false)),
    rotate: oneOf<Setting['rotate']>(
      false,
      ...withFeature<Setting['rotate']>('rotate', false, 'dies at once', 'dies later'),
    ),
    login: oneOf<Setting['login']>(
      'url',
      ...withFeature<Setting['login']>('loginKinds', 'url', 'no code', 'exchange'),
    ),
    bases: oneOf<Setting['bases']>(1, ...withFeature('bases', 1 as const, 2 as const)),
    middleware: oneOf(false, ...withFeature('middleware', false, true)),
  })
  .map(({ copies, clients, store, ...rest }) => ({
    ...rest,
    copies: clients === 2 ? 1 : copies,
    clients,
    // Such a store cannot look and remove in one go: two copies may take each other's token out of it.
    store: copies === 2 && clients === 1 && !FEATURES.slowTogether ? 'sync' : store,
  }))

export interface Scenario {
  setting: Setting
  steps: Step[]
  /** Whether, at the end, nothing ever answers any more, or everything does. */
  endsInSilence: boolean
}

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  setting,
  steps: fc.array(step, { minLength: 1, maxLength: 30 }),
  endsInSilence: oneOf(false, false, true),
})
