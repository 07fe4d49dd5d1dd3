/**
 * A `Promise` that counts turns, in place of the engine's own: how many callbacks of promises had to run in a row
 * before this one could. On old iPhones each of them is a timer. What WeChat answers belongs to the turn of the call.
 */
import { createPromise } from '../../tools/engines/inside/promise.mjs'

const jobs = []
const answers = []
const timers = []
let present = 0

/** The turn that it is. */
export const turn = () => present

/** An answer of the platform's to a call that is made now. */
export const answer = (run) => void answers.push({ run, turn: present })

globalThis.Promise = createPromise({ defer: (run, turn) => void jobs.push({ run, turn }), turn })
// A timer on the way to the data is a turn like any other. Deadlines are far off, and none is reached here.
globalThis.setTimeout = (run, ms = 0) => void (ms < 100 && timers.push({ run, turn: present + 1 }))
globalThis.clearTimeout = () => undefined

export function start(main) {
  main()
  for (let next = take(); next; next = take()) {
    present = next.turn
    next.run()
  }
}

const take = () => jobs.shift() ?? answers.shift() ?? timers.shift()
