import { callSafely } from '../app-code'
import { ConfigError } from '../errors'
import type { Platform } from '../platforms/wechat'
import { LANES, Lanes } from './lanes'
import type { Place } from './line'

/** What all clients of this copy on one platform object have in common. */
export class Phone {
  /** Those that WeChat counts. */
  sockets = 0
  private shown: Place<undefined>[] = []
  /** Each is called within a hide (`true`) and a show of the app. */
  readonly moves = new Set<(isHidden: boolean) => void>()
  /** Storage keys in use, and whose sessions lie there. */
  private readonly keys: Record<string, readonly string[]> = Object.create(null) as Record<
    string,
    readonly string[]
  >

  constructor(
    platform: Platform,
    readonly lanes: Lanes,
  ) {
    // Plugins have neither (wx.onAppShow page): then the app counts as in front. Some platforms throw at what they lack.
    callSafely(() => {
      if (!platform.onAppHide || !platform.onAppShow) return
      platform.onAppHide(() => {
        this.lanes.isHidden = true
        this.moves.forEach((move) => move(true))
      })
      platform.onAppShow(() => this.show())
    }, undefined)
  }

  get isHidden(): boolean {
    return this.lanes.isHidden
  }

  /** Calls back once, when the app is in front again. */
  whenShown(run: () => void): Place<undefined> {
    const place = { run }
    this.shown.push(place)
    return place
  }

  /** Tokens of different back ends under one key would go to each other's servers. */
  claim(key: string, origins: readonly string[]): void {
    const others = this.keys[key]
    if (others && origins.length && others.length && !origins.some((origin) => others.indexOf(origin) >= 0))
      throw new ConfigError(
        `storage.key: "${key}" holds the session of ${others.join(', ')} already, and this client is of ${origins.join(', ')}. Give one of them a key of its own: storage: { key: 'orders-session' }.`,
      )
    this.keys[key] = origins.concat((others || []).filter((origin) => origins.indexOf(origin) < 0))
  }

  private show(): void {
    const { shown } = this
    this.shown = []
    this.lanes.isHidden = false
    for (const { run } of shown) if (run) run(undefined)
    this.moves.forEach((move) => move(false))
    this.lanes.drain()
  }
}

const phones = new WeakMap<object, Phone>()

export function phoneOf(platform: Platform): Phone {
  const { native, concurrency } = platform.traits || { native: platform, concurrency: LANES }
  let phone = phones.get(native)
  if (!phone) phones.set(native, (phone = new Phone(platform, new Lanes(concurrency))))
  return phone
}
