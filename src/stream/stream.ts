import { ignore } from '../app-code'
import type { Controlled, Task } from '../call/task'
import { inside } from '../entry/door'
import { INSIDE } from '../inside'
import { AbortError, ConfigError, LoginError, RequestError, type Client, type RequestOptions } from '../index'
import { createAnswer, type Answer, type Head } from './answer'
import { checkStream, IDLE_TIMEOUT, MAX_LENGTH, type StreamOptions } from './options'
import { createQueue, END, type Failure, type Result } from './queue'
import type { Format } from './readers'
import type { Stream } from './types'

/** Compilers to ES5 look for the name where the symbol is missing (Babel's asyncIterator helper). */
const ITERATOR = 'asyncIterator' in Symbol ? Symbol.asyncIterator : ('@@asyncIterator' as never)

/** Sends it, and hands out what comes of it. Mistakes are told as a rejection. */
export function openStream<T>(client: Client, options: StreamOptions, format: Format<T>): Stream<T> {
  const queue = createQueue<T>()
  let answer: Answer | undefined
  let task: Task<unknown> | undefined
  /** Why it was stopped, perhaps before there was a task. */
  let reason: unknown
  let stopHearing: () => unknown = ignore
  let listener: ((item: T) => void) | undefined
  let isIterated = false
  /** Whoever iterated it has gone. */
  let isLeft = false
  /** What the listener threw. */
  let thrown: Failure
  /** What a logout has ended it with. */
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
    const { config, ends } = inside(client)
    const { idleTimeout = IDLE_TIMEOUT, maxLength = MAX_LENGTH, header } = Object(options) as StreamOptions
    const sink = createAnswer(format, idleTimeout, maxLength, {
      item: put,
      opened: open,
      failed: stop,
      unwrap: config.unwrap,
    })
    answer = sink
    const onLogout = (): void => {
      if (sink.isAuthorized)
        stop((loggedOut = new LoginError('LOGGED_OUT', 'logout() was called while streaming.')))
    }
    ends.add(onLogout)
    stopHearing = () => ends.delete(onLogout)
    task = client.request(
      Object.assign({}, options, {
        header: Object.assign({ Accept: format.accept }, header),
        enableChunked: true,
        responseType: 'arraybuffer',
        [INSIDE]: sink,
      }) as RequestOptions,
    )
    task.then(
      () => end(undefined),
      (error: unknown) => end({ error }),
    )
    if (sink.isStopped) stop(reason)
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
    reason = error
    // Whoever wraps a client may have tasks of its own, which take no reason.
    const { [INSIDE]: controls = task } = Object(task) as Partial<Controlled>
    if (controls) controls.abort(error)
  }

  /** The same from outside, where nothing more is wanted: if all has come already nobody else will tell of it. */
  function halt(error: unknown): void {
    queue.drop()
    if (queue.hasEnded()) end({ error })
    else stop(error)
  }

  function end(failure: Failure): void {
    stopHearing()
    if (failure) {
      const { error } = failure
      close(error)
      if (isOfThis(error)) error.delivered = answer ? answer.delivered : 0
      if (error instanceof AbortError) queue.drop()
    }
    if (!isLeft) queue.end(failure)
  }

  /** Not what many share, nor what is the app's own. */
  function isOfThis(error: unknown): error is RequestError {
    if (thrown && error === thrown.error) return false
    return (
      error instanceof RequestError &&
      Object.isExtensible(error) &&
      (!(error instanceof LoginError) || error === loggedOut)
    )
  }

  /** From now on somebody iterates it. */
  function isTaken(): boolean {
    const was = isIterated
    isIterated = true
    return was
  }

  function hear(): void {
    try {
      while (!queue.isEmpty()) put(queue.take())
    } catch (error) {
      halt(error)
    }
  }

  const stream = {
    next: () => (listener ? refused() : queue.next()),

    return(): Promise<Result<T>> {
      isLeft = true
      halt(new AbortError())
      queue.end(undefined)
      return Promise.resolve(END)
    },

    [ITERATOR]: (): Partial<Stream<T>> =>
      isTaken() ? { next: refused, return: () => Promise.resolve(END) } : stream,

    forEach(each: (item: T) => void): Promise<void> {
      if (typeof each !== 'function' || isTaken()) return refused()
      listener = each
      hear()
      return new Promise((resolve, reject) => queue.wait(() => resolve(), reject))
    },

    opened,

    get lastEventId() {
      return (answer && answer.reader.lastEventId) || ''
    },

    get retry() {
      return answer && answer.reader.retry
    },

    abort(): void {
      if (queue.hasEnded() && queue.isEmpty()) return
      halt(new AbortError())
    },
  }

  try {
    start()
  } catch (error) {
    end({ error })
  }
  return stream as object as Stream<T>
}

function refused(): Promise<never> {
  return Promise.reject(new ConfigError('a stream is read once, by for await or by forEach(listener).'))
}
