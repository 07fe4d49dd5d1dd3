import { Line, type Entry } from './line'

/** WeChat sends 10 requests at a time and queues the rest itself (network guide, base library 1.4.0 and later). */
export const LANES = 10

/** Which lane somebody has, to give it back. `lent`: the one kept for a login, which is not of its client's share. */
export type Lane = 'share' | 'lent' | 'login'

/**
 * The phone's lanes, ten on WeChat, which all clients on it share. We queue before WeChat does, so that a login never stands behind
 * stalled requests, and so that a request that has to go again does not go behind all that came after it.
 */
export class Lanes {
  isHidden = false
  /** Clients whose login may use the phone past these lanes. */
  keepers = 0
  /** Clients with a login under way. */
  loginsUnderWay = 0
  busy = 0
  private isLent = false
  private loginsOnWire = 0
  private logins: ((lane: Lane) => void)[] = []
  /** Those of whom somebody waits. */
  private shares: Share[] = []
  private isDraining = false

  constructor(readonly total: number) {}

  /** For the login's own request: the next lane that is free, ahead of everybody. */
  takeForLogin(run: (lane: Lane) => void): void {
    this.logins.push(run)
    this.drain()
  }

  /** Which lane somebody of this share may have. */
  laneFor(share: Share, id: number, isOpen: boolean): Lane | undefined {
    const idle = this.total - this.busy
    if (idle > 0 && share.used < share.limit && (idle > 1 || !this.keepsOne(share))) return 'share'
    return idle > 0 && isOpen && !this.isLent && id > share.lendsAfter ? 'lent' : undefined
  }

  /** Whether the last lane has to stay free for a login that may come. */
  private keepsOne(asker: Share): boolean {
    if (this.keepers > 0) return !this.isLent
    if (this.loginsOnWire > 0) return false
    return this.loginsUnderWay > 0 || !asker.isLoggedIn() || this.shares.some((share) => !share.isLoggedIn())
  }

  begin(lane: Lane, share?: Share): void {
    this.busy++
    if (lane === 'share' && share) share.used++
    else if (lane === 'lent') this.isLent = true
    else if (lane === 'login') this.loginsOnWire++
  }

  end(lane: Lane): void {
    this.busy--
    if (lane === 'lent') this.isLent = false
    else if (lane === 'login') this.loginsOnWire--
    if (this.shares.length + this.logins.length > 0) this.drain()
  }

  join(share: Share): void {
    if (this.shares.indexOf(share) < 0) this.shares.push(share)
    this.drain()
  }

  /** A loop, not recursion: an API that answers within the call would otherwise nest as deep as the queue. */
  drain(): void {
    if (this.isDraining) return
    this.isDraining = true
    while (this.runNext());
    this.isDraining = false
  }

  /** Lets the oldest go who may. What waits for a lane waits for the foreground: WeChat would stop it. */
  private runNext(): boolean {
    if (this.logins.length > 0) {
      const login = this.busy < this.total && this.logins.shift()
      if (!login) return false
      this.begin('login')
      login('login')
      return true
    }
    if (this.isHidden) return false
    let oldest: Share | undefined
    for (const share of this.shares) if (share.choose() < (oldest ? oldest.nextId : Infinity)) oldest = share
    if (oldest) oldest.runNext()
    this.shares = this.shares.filter(({ isWaiting }) => isWaiting)
    return oldest !== undefined
  }
}

/** What one client may have of the lanes. */
export class Share {
  used = 0
  isWaiting = false
  /** The one of its own who may go next; `Infinity` where there is none. */
  nextId = Infinity
  /** While a login of the app's own runs: requests without token that are younger than this may be its own. */
  lendsAfter = Infinity
  private readonly withToken = new Line<Lane>()
  private readonly open = new Line<Lane>()
  private go: (() => void) | undefined

  constructor(
    private readonly lanes: Lanes,
    readonly limit: number,
    /** Whether it holds a token that was accepted and has not expired: no login is to be expected of it. */
    readonly isLoggedIn: () => boolean,
  ) {}

  /**
   * A lane at once, or nothing. In the background those who wait do not go, and whoever asks now goes ahead: WeChat gives a
   * request made in `onHide` five seconds (network guide).
   */
  take(id: number, isOpen: boolean): Lane | undefined {
    const { lanes } = this
    if (this.isWaiting && !lanes.isHidden) return undefined
    // Nearly always: there are more than the one that may have to be kept.
    if (this.used < this.limit && lanes.busy < lanes.total - 1) {
      this.used++
      lanes.busy++
      return 'share'
    }
    const lane = lanes.laneFor(this, id, isOpen)
    if (lane) lanes.begin(lane, this)
    return lane
  }

  /** Waits for a lane. Whoever is called owns one and must give it back once. */
  queue(entry: Entry<Lane>, isOpen: boolean): void {
    ;(isOpen ? this.open : this.withToken).add(entry)
    this.isWaiting = true
    this.lanes.join(this)
  }

  release(lane: Lane): void {
    if (lane === 'share') this.used--
    this.lanes.end(lane)
  }

  /** Looks who of its own may go next. */
  choose(): number {
    const { withToken, open, lendsAfter } = this
    this.nextId = Infinity
    this.consider(withToken, withToken.first, false)
    this.consider(open, open.first, true)
    // Older ones may stand in front of the one for which the kept lane is lent.
    if (lendsAfter < Infinity && this.nextId === Infinity)
      this.consider(open, open.firstAfter(lendsAfter), true)
    return this.nextId
  }

  runNext(): void {
    const { go } = this
    this.go = undefined
    if (go) go()
  }

  private consider(line: Line<Lane>, entry: Entry<Lane> | undefined, isOpen: boolean): void {
    if (!entry || entry.id > this.nextId) return
    const lane = this.lanes.laneFor(this, entry.id, isOpen)
    if (!lane) return
    this.nextId = entry.id
    this.go = () => {
      line.take(entry)
      this.isWaiting = Boolean(this.withToken.first || this.open.first)
      this.lanes.begin(lane, this)
      if (entry.run) entry.run(lane)
      else this.release(lane)
    }
  }
}
