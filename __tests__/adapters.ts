import type { Platform, RequestError } from '../src'
import { alipay } from '../src/platforms/alipay'
import { baidu } from '../src/platforms/baidu'
import { douyin } from '../src/platforms/douyin'
import { jdPlatform } from '../src/platforms/jd'
import { kuaishou } from '../src/platforms/kuaishou'
import { taroPlatform } from '../src/platforms/taro'
import { uniPlatform } from '../src/platforms/uni'
import {
  createFakeAlipay,
  createFakeBaidu,
  createFakeClock,
  createFakeDouyin,
  createFakeJd,
  createFakeKuaishou,
  createFakeTaro,
  createFakeUni,
  type FakeClock,
  type FakeServer,
  type FakeUi,
  type TaroTarget,
  type UniTarget,
} from '../src/testing'

/** What of a fake is needed, whichever platform it is. */
export interface Timed {
  readonly clock: FakeClock
}

/** What it resolves to once this much time has passed, or all of it. */
export async function result<T>({ clock }: Timed, promise: Promise<T>, ms?: number): Promise<T> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (ms === undefined) await clock.runAll()
  else await clock.advance(ms)
  const end = await Promise.race([settled, Promise.resolve({ error: new Error('it never settled') })])
  if ('error' in end) throw end.error
  return end.value
}

/** What it rejects with. */
export function failure(fake: Timed, promise: Promise<unknown>, ms?: number): Promise<RequestError> {
  return result(fake, promise, ms).then(
    (value) => {
      throw new Error(`it resolved to ${JSON.stringify(value)}`)
    },
    (error: unknown) => error as RequestError,
  )
}

/** A phone behind an adapter. */
export interface Adapted {
  readonly fake: Timed & { readonly server: FakeServer; readonly ui: FakeUi }
  /** Anew each time it is asked for: of the fake's object, or of one in which `calls` take the place of its own. */
  readonly platform: (calls?: object) => Platform
}

const withCalls = <T extends object>(native: T, calls: object | undefined): T =>
  calls ? Object.assign(Object.create(native) as T, calls) : native

const clock = createFakeClock
/** Every platform that has an adapter, by name; and what uni and Taro are built for. */
export const adapted = (
  taro: readonly TaroTarget[],
  uni: readonly UniTarget[],
): (readonly [string, () => Adapted])[] => [
  [
    'Alipay',
    () => {
      const fake = createFakeAlipay({ clock: clock() })
      return { fake, platform: (calls) => alipay(withCalls(fake.my, calls)) }
    },
  ],
  [
    'Douyin',
    () => {
      const fake = createFakeDouyin({ clock: clock() })
      return { fake, platform: (calls) => douyin(withCalls(fake.tt, calls)) }
    },
  ],
  [
    'Baidu',
    () => {
      const fake = createFakeBaidu({ clock: clock() })
      return { fake, platform: (calls) => baidu(withCalls(fake.swan, calls)) }
    },
  ],
  [
    'Kuaishou',
    () => {
      const fake = createFakeKuaishou({ clock: clock() })
      return { fake, platform: (calls) => kuaishou(withCalls(fake.ks, calls)) }
    },
  ],
  [
    'JD',
    () => {
      const fake = createFakeJd({ clock: clock() })
      return { fake, platform: (calls) => jdPlatform(withCalls(fake.jd, calls)) }
    },
  ],
  ...taro.map((target): [string, () => Adapted] => [
    `Taro on ${target}`,
    () => {
      const fake = createFakeTaro({ target, clock: clock() })
      return { fake, platform: (calls) => taroPlatform(withCalls(fake.Taro, calls)) }
    },
  ]),
  ...uni.map((target): [string, () => Adapted] => [
    `uni on ${target}`,
    () => {
      const fake = createFakeUni({ target, clock: clock() })
      return { fake, platform: (calls) => uniPlatform(withCalls(fake.uni, calls)) }
    },
  ]),
]
