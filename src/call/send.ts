import { Call } from './call'
import type { Core } from '../client/core'
import type { Errand } from './operation'
import { createTask, TaskListeners, type Task } from './task'

/** Sends one errand; the promise in here is the only one that a plain request makes. */
export function launch<R, V>(
  core: Core,
  errand: Errand<R, V>,
  epoch: number,
  listeners = new TaskListeners(),
): Task<V> {
  const call = new Call(core, errand, epoch, listeners)
  return createTask(new Promise<V>((resolve, reject) => call.start(resolve, reject)), call)
}
