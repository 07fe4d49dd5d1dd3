import { Call } from './call'
import type { Core } from './core'
import type { Operation } from './operation'
import { createTask, type Task } from './task'

/** Sends one operation; the promise in here is the only one that a plain request makes. */
export function send<R, V>(core: Core, operation: Operation<R, V>, epoch: number): Task<V> {
  const call = new Call(core, operation, epoch)
  return createTask(new Promise<V>((resolve, reject) => call.start(resolve, reject)), call)
}
