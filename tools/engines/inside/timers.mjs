/**
 * A `Promise` on `setTimeout` in place of the engine's own, as on old iPhones; before anything is loaded that keeps
 * it. Shells have poor timers or none: here is a `setTimeout` whose tasks run one after the other, by their time.
 */
import { createPromise } from './promise.mjs'

const tasks = []
/** What runs when all has run that is due. */
const turns = []
let now = 0
let lastId = 0

globalThis.setTimeout = (run, ms = 0) => {
  const task = { run, due: now + Math.max(0, ms), id: ++lastId }
  let place = tasks.length
  while (place > 0 && tasks[place - 1].due > task.due) place--
  if (place === tasks.length) tasks.push(task)
  else tasks.splice(place, 0, task)
  return task.id
}
globalThis.clearTimeout = (id) => {
  const task = tasks.find((one) => one.id === id)
  if (task) task.run = () => undefined
}
globalThis.setImmediate = (run) => void turns.push(run)
globalThis.Promise = createPromise({ defer: (job) => void globalThis.setTimeout(job) })

/** Runs `main`, and then every task until none is left. */
export function start(main) {
  main()
  let next = 0
  while (next < tasks.length || turns.length > 0) {
    const task = tasks[next]
    if (turns.length > 0 && !(task?.due <= now)) {
      turns.shift()()
      continue
    }
    now = task.due
    next++
    task.run()
    // What has run is taken away in heaps: one by one would move all the others each time.
    if (next > 1000) {
      tasks.splice(0, next)
      next = 0
    }
  }
}
