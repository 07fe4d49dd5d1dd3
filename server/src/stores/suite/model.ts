import assert from 'node:assert/strict'
import { memoryStore } from '../memory.ts'
import type { Opened, SessionStore } from '../store.ts'
import { DAY, following, MINUTE, newUser, NOW, opening, stateOf, type It } from './given.ts'

const SEQUENCES = 15
const STEPS = 30
/** Everything is compared after so many steps: what went wrong stays wrong. */
const COMPARED = 5

/** Numbers below `below`, the same ones for each seed (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** What both say of the same step, in words that can be compared. */
const told = (opened: Opened): string =>
  opened.blocked
    ? `blocked: ${opened.blocked.reason}`
    : `${opened.won ? 'won' : 'shared'} ${opened.sealed} until ${opened.absoluteEnds}`

class Story {
  private readonly users = [newUser(), newUser()]
  private readonly made: ReturnType<typeof opening>[] = []
  private readonly steps: string[] = []

  constructor(
    private readonly roll: (below: number) => number,
    private readonly stores: [SessionStore, SessionStore],
    public now: number,
  ) {}

  async step(): Promise<void> {
    this.now += [1, 3000, MINUTE, DAY / 4][this.roll(4)] ?? 0
    const what = ['login', 'login', 'login', 'touch', 'rotate', 'end', 'block'][this.roll(7)] ?? 'login'
    this.steps.push(`${what} at +${this.now - NOW}`)
    await this[what as 'login']()
    if (this.steps.length % COMPARED === 0) await this.compare()
  }

  async login(): Promise<void> {
    const single = this.roll(8) === 0
    const made = opening({
      user: this.user(),
      account: `account ${this.roll(2)}`,
      now: this.now,
      share: this.roll(2) * 5000,
      limit: single ? 1 : 2 + this.roll(3),
      single,
      absolute: (1 + this.roll(3)) * DAY,
    })
    this.made.push(made)
    await this.same(async (store) => told(await store.open(made)))
  }

  async touch(): Promise<void> {
    const made = this.any()
    if (!made) return
    await this.same(async (store) => {
      const seen = (await store.find(made.hash))?.seenAt ?? 0
      await store.touch(made.hash, seen, { seenAt: this.now, idleEnds: this.now + DAY })
    })
  }

  async rotate(): Promise<void> {
    const made = this.any()
    if (!made || (await this.isDead(made.hash))) return
    const next = following(made, this.now)
    const offered = await this.same((store) => store.rotate(made.hash, next))
    if (offered?.sealed !== next.sealed) return
    this.made.push({ ...made, hash: next.hash, session: next.session })
    if (this.roll(2) === 0) return
    await this.same((store) => store.retire(next.hash, made.hash, this.now + MINUTE, this.now))
  }

  async end(): Promise<void> {
    const as = (['gone', 'replaced', 'revoked'] as const)[this.roll(3)] ?? 'gone'
    const id = this.any()?.session.id
    const which = [{}, { id }, { except: id }][this.roll(3)] ?? {}
    const user = this.user()
    await this.same((store) => store.end({ user, ...which }, as, this.now))
  }

  async block(): Promise<void> {
    const user = this.user()
    const block = [null, null, { reason: 'ever' }, { reason: 'a while', until: this.now + 5000 }][
      this.roll(4)
    ]
    await this.same((store) => store.block(user, block ?? null, this.now))
  }

  private async compare(): Promise<void> {
    await this.same(async (store) => {
      const states = await Promise.all(this.made.map(({ hash }) => stateOf(store, hash, this.now)))
      const lists: string[][] = []
      for (const user of this.users) {
        const living = (await store.list(user)).filter(
          ({ session }) => !session.ended && Math.min(session.idleEnds, session.absoluteEnds) > this.now,
        )
        lists.push(living.map(({ hash }) => hash).sort())
      }
      return { states, lists }
    })
  }

  private async same<T>(work: (store: SessionStore) => Promise<T>): Promise<T> {
    const [one, other] = [await work(this.stores[0]), await work(this.stores[1])]
    assert.deepEqual(one, other, `after ${this.steps.join(', ')}`)
    return one
  }

  private async isDead(hash: string): Promise<boolean> {
    return (await stateOf(this.stores[1], hash, this.now)) === 'dead'
  }

  private user(): string {
    return this.users[this.roll(2)] ?? ''
  }

  private any(): ReturnType<typeof opening> | undefined {
    return this.made[this.roll(Math.max(1, this.made.length))]
  }
}

/** Sequences at random: whatever comes after whatever, each store says the same as the one in memory. */
export function modelTests(it: It): void {
  it('any sequence of operations comes to the same as in memory', async (store) => {
    const model = memoryStore().create('model')
    // Each after the one before: what a store sweeps away by and by, as long ended, must not be of the next.
    let now = NOW
    for (let seed = 1; seed <= SEQUENCES; seed += 1) {
      const story = new Story(dice(seed), [store, model], now)
      for (let step = 0; step < STEPS; step += 1) await story.step()
      now = story.now
    }
    await model.close()
  })
}
