import { Call } from './call'
import type { Core } from './core'
import type { Operation } from './operation'
import type { Sink } from './sink'
import { createTask, type Task } from './task'

/** Sends one operation; the promise in here is the only one that a plain request makes. */
export function send<R, V>(
  core: Core,
  operation: Operation<R, V>,
  epoch: number,
  /** It hears the request from its first moment, where a platform answers within the call. */
  sink?: Sink,
): Task<V> {
  const call = new Call(core, operation, epoch)
  if (sink) call.listeners = sink.listeners
  return createTask(new Promise<V>((resolve, reject) => call.start(resolve, reject)), call)
}
