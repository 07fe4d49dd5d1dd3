import { ignore } from '../app-code'
import type { Response } from '../options/response'
import type { Lane } from './lanes'
import type { HeadersReceived, Hearing } from './task-events'

/** Whoever has sent an attempt and waits for it. */
export interface Sender<R = Response> {
  /** Whom the user knows: the call itself, or the one around its middleware. */
  readonly root: { listeners: Hearing | undefined; attempts: number }
  /** Comes once, unless the attempt was aborted. Without an error the result counts, whatever it is. */
  answered(error: unknown, result: R | undefined): void
  /** Comes once, when the lane is free again: after the answer, or when an aborted attempt has really ended. */
  released(lane: Lane | undefined): void
  /** A piece of an answer has been heard. */
  heard(): void
  /** Whether pieces of an answer with this head may be heard before it is whole. Its status may not be known yet. */
  mayOpen(head: HeadersReceived): boolean
}

/** Hears nothing of what is over, though WeChat may keep its callbacks for long. */
export const NOBODY: Sender = {
  root: { listeners: undefined, attempts: 0 },
  answered: ignore,
  released: ignore,
  heard: ignore,
  mayOpen: () => false,
}
