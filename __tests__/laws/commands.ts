import fc from 'fast-check'
import type { AbortMode } from '../../src/testing'
import type {
  CallKind,
  CheckMood,
  Copy,
  Deed,
  ExchangeMood,
  LoginMood,
  RequestMood,
  Setting,
  World,
} from './model'

/** One thing that happens: something the user does, WeChat, the server, the phone, or time. */
export type Step =
  | { do: 'send'; kind: CallKind; copy: number; viaClone: boolean; count: number }
  | { do: 'ensureLogin'; force: boolean; copy: number }
  | { do: 'logout'; copy: number }
  | { do: 'abort'; which: number }
  | { do: 'answers'; count: number }
  | { do: 'time'; ms: number }
  | { do: 'kill tokens' }
  | { do: 'kill session_key' }
  | { do: 'lives'; seconds: number | undefined }
  | { do: 'login mood'; mood: LoginMood }
  | { do: 'check mood'; mood: CheckMood }
  | { do: 'request mood'; mood: RequestMood }
  | { do: 'exchange mood'; mood: ExchangeMood; count: number }
  | { do: 'outage'; isOn: boolean }
  | { do: 'abort mode'; mode: AbortMode }
  | { do: 'store'; isWell: boolean }
  | { do: 'network'; isOn: boolean }
  | { do: 'background'; isBack: boolean }
  | { do: 'listener'; hears: string; deed: Deed }

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const copy = oneOf(0, 0, 1)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: oneOf('send' as const),
      kind: oneOf<CallKind>(
        'get',
        'get',
        'get',
        'post',
        'verified',
        'optional',
        'open',
        'foreign',
        'upload',
        'limited',
        'forbidden',
        'authorize',
      ),
      copy,
      viaClone: oneOf(false, false, true),
      count: oneOf(1, 1, 2, 4),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: oneOf('answers' as const), count: oneOf(1, 1, 2, 3, 8) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: oneOf('time' as const), ms: oneOf(1, 300, 999, 1000, 2000, 5000, 61_000) }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'kill tokens' }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('ensureLogin' as const), force: fc.boolean(), copy }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('logout' as const), copy }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('abort' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'kill session_key' }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('lives' as const), seconds: oneOf(undefined, 1, 3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: oneOf('login mood' as const),
      mood: oneOf<LoginMood>(
        'hang',
        'fail',
        'cached',
        'throw',
        'twice',
        'both',
        'same-tick',
        'blocked',
        'empty',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: oneOf('check mood' as const),
      mood: oneOf<CheckMood>('hang', 'fail', 'throw', 'same-tick', 'fail at once', 'twice', 'both'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: oneOf('request mood' as const),
      mood: oneOf<RequestMood>(
        'hang',
        'fail',
        'twice',
        'both',
        'same-tick',
        'throw',
        'undefined-task',
        'empty',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: oneOf('exchange mood' as const),
      mood: oneOf<ExchangeMood>('broken', 'refused', 'html', 'no token', 'line break'),
      // With two tries each, six are the three failed logins in a row that a pause follows.
      count: oneOf(1, 1, 6),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: oneOf('abort mode' as const),
      mode: oneOf<AbortMode>('normal', 'same-tick', 'late', 'silent', 'ignored'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: oneOf('store' as const), isWell: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('network' as const), isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('outage' as const), isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('background' as const), isBack: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: oneOf('listener' as const),
      hears: oneOf(
        'request send',
        'request wait',
        'request replay',
        'request retry',
        'request success',
        'request fail',
        'login start',
        'login success',
        'login fail',
        'check start',
        'check failed',
        'logout',
        'storage-error',
      ),
      deed: oneOf<Deed>('logout', 'abort', 'ensureLogin', 'force', 'get'),
    }),
  },
)

export const setting: fc.Arbitrary<Setting> = fc
  .record({
    store: oneOf<Setting['store']>('sync', 'sync', 'async'),
    copies: oneOf<Setting['copies']>(1, 1, 2),
    stored: oneOf<Setting['stored']>('nothing', 'live', 'dead', 'expired', 'brief'),
    check: oneOf<Setting['check']>('background', 'background', 'blocking', false),
    hasCheck: oneOf(true, true, true, false),
    hasRefresh: oneOf(false, false, true),
    concurrency: oneOf(9, 2, 1),
  })
  // An asynchronous store cannot look and remove in one go, so two copies may take each other's token out of it.
  .map((given) => (given.copies === 2 ? { ...given, store: 'sync' as const } : given))

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

export async function perform(world: World, one: Step): Promise<void> {
  const { fake, scheduler } = world
  const at = (index: number): Copy => world.copies[index % world.copies.length] as Copy
  switch (one.do) {
    case 'send':
      for (let n = 0; n < one.count; n++) at(one.copy).send(one.kind, one.viaClone)
      return
    case 'ensureLogin':
      at(one.copy).ensureLogin(one.force)
      return
    case 'logout':
      world.isPeaceful = false
      at(one.copy).logout()
      return
    case 'abort': {
      world.isPeaceful = false
      const pending = world.calls.filter(({ code }) => code === undefined)
      const call = pending[one.which % pending.length]
      if (call) world.say(`${call.name} is aborted`)
      call?.abort()
      return
    }
    case 'answers':
      for (let n = 0; n < one.count && scheduler.count() > 0; n++) {
        await scheduler.waitNext(1)
        await world.clock.advance(0)
      }
      return
    case 'time':
      if (one.ms > 1) world.isPeaceful = false
      world.say(`${one.ms} ms pass`)
      return world.clock.advance(one.ms)
    case 'kill tokens':
      world.say('the server forgets all tokens')
      fake.server.expire()
      return
    case 'kill session_key':
      world.say('the session_key expires: checkSession will fail')
      fake.account.expireKey()
      return
    case 'lives':
      world.say(`from now on tokens live ${one.seconds === undefined ? 'for ever' : `${one.seconds} s`}`)
      fake.server.expiresIn = one.seconds
      return
    default:
      world.isPeaceful = false
      disturb(world, one)
  }
}

type Disturbance = Exclude<
  Step,
  {
    do:
      | 'send'
      | 'ensureLogin'
      | 'logout'
      | 'abort'
      | 'answers'
      | 'time'
      | 'kill tokens'
      | 'kill session_key'
      | 'lives'
  }
>

function disturb(world: World, one: Disturbance): void {
  const { fake } = world
  switch (one.do) {
    case 'login mood':
      world.say(`the next wx.login will do this: ${one.mood}`)
      world.loginMoods.push(one.mood)
      return
    case 'check mood':
      world.say(`wx.checkSession will do this: ${one.mood}`)
      world.checkMoods.push(one.mood)
      return
    case 'request mood':
      world.say(`the next wx.request will do this: ${one.mood}`)
      fake.misbehave('request', one.mood)
      return
    case 'exchange mood':
      world.say(
        `the next login answer${one.count > 1 ? `s, ${one.count} of them,` : ''} will be: ${one.mood}`,
      )
      for (let n = 0; n < one.count; n++) world.exchangeMoods.push(one.mood)
      return
    case 'outage':
      world.say(
        `behind the gateway ${one.isOn ? 'nobody answers: 503 to all but logins' : 'all is well again'}`,
      )
      world.isOut = one.isOn
      return
    case 'abort mode':
      world.say(`from now on abort() is ${one.mode}`)
      fake.abort = one.mode
      return
    case 'store':
      world.say(`the storage ${one.isWell ? 'works' : 'fails from now on'}`)
      world.isStoreWell = one.isWell
      if (!one.isWell) world.hasStoreFailed = true
      if (one.isWell) fake.storage.repair()
      else for (const operation of ['get', 'set', 'remove'] as const) fake.storage.fail(operation)
      return
    case 'network':
      world.say(`the network is ${one.isOn ? 'there' : 'gone'}`)
      if (one.isOn) fake.network.online()
      else fake.network.offline()
      return
    case 'background':
      world.say(`the app goes to the ${one.isBack ? 'background' : 'foreground'}`)
      if (one.isBack) fake.app.toBackground()
      else fake.app.toForeground()
      return
    case 'listener':
      world.say(`a listener waits for "${one.hears}", and will do this: ${one.deed}`)
      world.deeds.push({ hears: one.hears, deed: one.deed })
  }
}
