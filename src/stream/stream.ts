import { callSafely } from '../app-code'
import { SINK } from '../call/sink'
import { stopTask, type Task } from '../call/task'
import type { Client } from '../client/client'
import { inside } from '../entry/door'
import { AbortError, ConfigError, LoginError, RequestError } from '../errors'
import type { RequestOptions } from '../options/request'
import { Answer, type Head } from './answer'
import { checkStream, DEFAULTS, type StreamOptions } from './options'
import { Queue, type Result } from './queue'
import type { Format } from './readers'
import type { Stream } from './types'

/** Compilers to ES5 look for the name where the symbol is missing (Babel's asyncIterator helper). */
const ITERATOR = 'asyncIterator' in Symbol ? Symbol.asyncIterator : ('@@asyncIterator' as never)

type Failure = { readonly error: unknown } | undefined

/** Sends it, and hands out what comes of it. Mistakes are told as a rejection. */
export function openStream<T>(client: Client, options: StreamOptions, format: Format<T>): Stream<T> {
  const queue = new Queue<T>()
  let answer: Answer<T> | undefined
  let task: Task<unknown> | undefined
  /** What has ended it before there was a task to be ended. */
  let early: Failure
  let stopHearing: (() => void) | undefined
  let listener: ((item: T) => void) | undefined
  let isIterated = false
  /** Whoever iterated it has gone. */
  let isLeft = false
  /** What the listener threw, and what a logout has ended it with. */
  let thrown: Failure
  let loggedOut: LoginError | undefined
  let open!: (head: Head) => void
  let close!: (error: unknown) => void
  const opened = new Promise<Head>((resolve, reject) => {
    open = resolve
    close = reject
  })
  opened.catch(ignore)

  function start(): void {
    checkStream(options)
    const door = inside(client)
    const { idleTimeout = DEFAULTS.idleTimeout, maxLength = DEFAULTS.maxLength } = options
    const sink = new Answer(format, idleTimeout, maxLength, {
      item: put,
      opened: open,
      failed: stop,
      unwrap: (response) => door.config.unwrap(response),
    })
    answer = sink
    stopHearing = door.onEnd(() => {
      if (!sink.isAuthorized) return
      loggedOut = new LoginError('LOGGED_OUT', 'logout() was called while this was streaming.')
      stop(loggedOut)
    })
    const request = { enableChunked: true, responseType: 'arraybuffer', [SINK]: sink }
    task = client.request(Object.assign({}, options, request) as RequestOptions)
    task.then(
      () => end(undefined),
      (error: unknown) => end({ error }),
    )
    if (early) stopTask(task, early.error)
  }

  /** Runs within WeChat's own callback: what the listener throws ends the stream, and not that. */
  function put(item: T): void {
    if (!listener) return queue.put(item)
    try {
      listener(item)
    } catch (error) {
      thrown = { error }
      throw error
    }
  }

  /** Ends the request. What comes of it is told when its promise rejects. */
  function stop(error: unknown): void {
    if (answer) answer.isStopped = true
    if (task) stopTask(task, error)
    else if (!early) early = { error }
  }

  function end(failure: Failure): void {
    if (stopHearing) stopHearing()
    if (failure) {
      const { error } = failure
      close(error)
      if (isOfThis(error)) callSafely(() => (error.delivered = answer ? answer.delivered : 0), undefined)
      if (error instanceof AbortError) queue.drop()
    }
    if (!isLeft) queue.end(failure)
  }

  /** Not what many share, nor what is the app's own. */
  function isOfThis(error: unknown): error is RequestError {
    if (thrown && error === thrown.error) return false
    return error instanceof RequestError && (!(error instanceof LoginError) || error === loggedOut)
  }

  /** Says whether somebody iterates it already, and from now on somebody does. */
  function isTaken(): boolean {
    const was = isIterated
    isIterated = true
    return was
  }

  function forEach(each: (item: T) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      listener = each
      try {
        while (!queue.isEmpty) each(queue.take())
      } catch (error) {
        thrown = { error }
        queue.drop()
        if (queue.hasEnded) queue.end(thrown)
        else stop(error)
      }
      queue.wait({ resolve: () => resolve(), reject })
    })
  }

  function leave(): Promise<Result<T>> {
    isLeft = true
    if (!queue.hasEnded) stop(new AbortError())
    return queue.leave()
  }

  const stream = {
    next: () => (listener ? refused(TAKEN) : queue.next()),
    return: leave,
    [ITERATOR](): Stream<T> {
      if (!isTaken()) return stream
      const nothing = { next: () => refused(TAKEN), return: () => new Queue<T>().leave() }
      return nothing as unknown as Stream<T>
    },
    forEach(each) {
      if (typeof each !== 'function') return refused('forEach() takes a function.')
      return isTaken() ? refused(TAKEN) : forEach(each)
    },
    opened,
    get lastEventId() {
      return (answer && answer.reader.lastEventId) || ''
    },
    get retry() {
      return answer && answer.reader.retry
    },
    abort() {
      // Whoever has not taken all of it is still reading.
      if (queue.hasEnded && !queue.isEmpty) end({ error: new AbortError() })
      else stop(new AbortError())
    },
  } satisfies Partial<Stream<T>> as unknown as Stream<T>

  try {
    start()
  } catch (error) {
    end({ error })
  }
  return stream
}

const TAKEN = 'a stream is read once: keep its items, or ask for another one.'

function refused(message: string): Promise<never> {
  return Promise.reject(new ConfigError(message))
}

function ignore(): void {
  // It is told to whoever reads the stream.
}
