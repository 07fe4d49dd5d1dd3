import type { ClientEvent } from 'miniprogram-session'
import type { Step } from '../../services/without-sdk'

/** `login`: of this request alone. With the SDK a login is everybody's, and no stretch of a request. */
export type SegmentKind = 'wait' | 'first' | 'replay' | 'again' | 'login'

/** A stretch in the life of one request, in ms since the burst began. Without an end it is going on. */
export interface Segment {
  kind: SegmentKind
  from: number
  to?: number
  /** How a stretch on the wire ended. */
  end?: 'ok' | 'refused' | 'failed'
  /** What the server answered, if it did. */
  statusCode?: number
}

export interface Track {
  id: number
  segments: Segment[]
}

export interface LoginSpan {
  from: number
  to?: number
  failed?: boolean
}

export interface Counts {
  total: number
  done: number
  failed: number
  refused: number
  replays: number
  logins: number
}

/** What the events of one burst draw: a track for each request, and the logins across all of them. */
export class Timeline {
  readonly tracks: Track[] = []
  readonly logins: LoginSpan[] = []
  readonly counts: Counts = { total: 0, done: 0, failed: 0, refused: 0, replays: 0, logins: 0 }
  readonly #byId = new Map<number, Track>()
  readonly #start: number
  /** The last moment at which something happened, in ms since the start. */
  end = 0

  /** `start` is the epoch time at which the first request was made. */
  constructor(start: number) {
    this.#start = start
  }

  get isLoggingIn(): boolean {
    const last = this.logins[this.logins.length - 1]
    return last !== undefined && last.to === undefined
  }

  get isOver(): boolean {
    const { total, done, failed } = this.counts
    return total > 0 && done + failed === total
  }

  add(event: ClientEvent): void {
    const at = event.at - this.#start
    if (event.type === 'login') this.#login(event, at)
    if (event.type === 'request') this.#request(event, at)
    this.end = Math.max(this.end, at)
  }

  /** Without the SDK there are no events: a request tells its own steps, at epoch time `now`. */
  step(id: number, step: Step, now: number, statusCode?: number): void {
    const at = now - this.#start
    this.end = Math.max(this.end, at)
    const track = this.#byId.get(id) ?? this.#newTrack(id)
    switch (step) {
      case 'send':
        return this.#begin(track, 'first', at)
      case 'refused':
        this.counts.refused++
        return this.#finish(track, at, 'refused', statusCode)
      case 'login':
        this.counts.logins++
        return this.#begin(track, 'login', at)
      case 'again':
        this.counts.replays++
        return this.#begin(track, 'replay', at)
      case 'done':
        this.counts.done++
        return this.#finish(track, at, 'ok', statusCode)
      case 'failed':
        this.counts.failed++
        return this.#finish(track, at, 'failed')
    }
  }

  #login({ phase }: Extract<ClientEvent, { type: 'login' }>, at: number): void {
    if (phase === 'start') {
      this.counts.logins++
      this.logins.push({ from: at })
      return
    }
    const span = this.logins[this.logins.length - 1]
    if (!span) return
    span.to = at
    if (phase === 'fail') span.failed = true
  }

  #request(event: Extract<ClientEvent, { type: 'request' }>, at: number): void {
    const track = this.#byId.get(event.id) ?? this.#newTrack(event.id)
    switch (event.phase) {
      case 'wait':
        return this.#begin(track, 'wait', at)
      case 'send':
        return this.#send(track, at)
      case 'replay':
        this.counts.refused++
        return this.#finish(track, at, 'refused', event.statusCode)
      case 'retry':
        return this.#finish(track, at, 'failed', event.statusCode)
      case 'success':
        this.counts.done++
        return this.#finish(track, at, 'ok', event.statusCode)
      case 'fail':
        this.counts.failed++
        return this.#finish(track, at, 'failed', event.statusCode)
    }
  }

  /** Sent for the first time, replayed after a 401, or once more after a failure: what came before tells. */
  #send(track: Track, at: number): void {
    const ends = track.segments.flatMap(({ end }) => (end === undefined ? [] : [end]))
    const before = ends[ends.length - 1]
    if (before === 'refused') this.counts.replays++
    this.#begin(track, before === undefined ? 'first' : before === 'refused' ? 'replay' : 'again', at)
  }

  #newTrack(id: number): Track {
    const track: Track = { id, segments: [] }
    this.#byId.set(id, track)
    this.tracks.push(track)
    this.counts.total++
    return track
  }

  #begin(track: Track, kind: SegmentKind, at: number): void {
    const last = track.segments[track.segments.length - 1]
    // It may be told to wait twice: for the login, then for a lane.
    if (last?.kind === kind && last.to === undefined) return
    if (last && last.to === undefined) last.to = at
    track.segments.push({ kind, from: at })
  }

  #finish(track: Track, at: number, end: NonNullable<Segment['end']>, statusCode?: number): void {
    const last = track.segments[track.segments.length - 1]
    if (!last || last.to !== undefined) return
    Object.assign(last, { to: at, end }, statusCode === undefined ? {} : { statusCode })
  }
}
