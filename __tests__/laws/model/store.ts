import type { Session, SessionInit } from '../../../src'
import type { World } from './world'

export type StoreOperation = 'get' | 'set' | 'remove'
const OPERATIONS = ['get', 'set', 'remove'] as const

/** Where copies keep the session: WeChat's storage, or one of the app's own that answers when the scheduler says. */
export class StoreModel {
  /** What it fails to do now. */
  private readonly failing = new Set<StoreOperation>()
  /** True once it has failed: what should be gone may still be in it. */
  hasFailed = false
  /** What the app's own holds. */
  private kept: unknown

  constructor(
    private readonly world: World,
    private readonly key: string,
    first: SessionInit | undefined,
  ) {
    if (first) world.fake.storage.set(key, first)
    this.kept = first
  }

  /** What is stored; an empty text stands for what could not be removed. */
  get session(): Session | undefined {
    const { setting, fake } = this.world
    const stored = setting.store === 'sync' ? fake.storage.get(this.key) : this.kept
    return (stored === '' ? undefined : stored) as Session | undefined
  }

  get token(): string | undefined {
    return this.session?.token
  }

  get isWell(): boolean {
    return this.failing.size === 0
  }

  /** Whether it does what it is told, at once. */
  get isPrompt(): boolean {
    return this.world.setting.store === 'sync' && this.isWell
  }

  /** Whether WeChat's storage writes, but fails to remove. */
  get onlyWrites(): boolean {
    return this.world.setting.store === 'sync' && this.failing.has('remove') && !this.failing.has('set')
  }

  /** Whether a store that has always done what it is told, at once, still has it. */
  isLeft(token: string): boolean {
    return this.world.setting.store === 'sync' && !this.hasFailed && this.token === token
  }

  /** From now on it works, or fails at one thing or at all. */
  turn(isWell: boolean, what: StoreOperation | 'all'): void {
    const { storage } = this.world.fake
    if (isWell) this.failing.clear()
    else this.hasFailed = true
    for (const operation of OPERATIONS) {
      if (isWell) storage.repair(operation)
      else if (what === 'all' || what === operation) {
        this.failing.add(operation)
        storage.fail(operation)
      }
    }
  }

  /** Does what it is told at once, and answers when the scheduler says. */
  ofTheApp() {
    const answer = <T>(name: StoreOperation, act: () => T) => {
      if (this.failing.has(name))
        return this.world.later(`the store fails to ${name}`, () => {
          throw new Error('out of order')
        })
      const result = act()
      return this.world.later(`the store has answered: ${name}`, () => result)
    }
    return {
      get: () => answer('get', () => this.kept),
      set: (session: Session) => answer('set', () => void (this.kept = session)),
      remove: () => answer('remove', () => void (this.kept = undefined)),
    }
  }
}
