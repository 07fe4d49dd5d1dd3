/**
 * A Promise in the language's own terms, its callbacks handed to `defer(job, turn)`. Each callback belongs to a turn:
 * one more than that in which its promise was settled or it was hung onto it, whichever came later. `turn()` is the
 * present one. Phones without promises of their own have such a one, on `setTimeout`.
 */
export function createPromise({ defer, turn = () => 0 }) {
  class TurnPromise {
    constructor(executor) {
      this.state = 'pending'
      this.value = undefined
      this.turn = 0
      this.reactions = undefined
      if (executor === BARE) return
      if (typeof executor !== 'function') throw new TypeError('Promise resolver is not a function')
      decide(this, executor)
    }

    then(onFulfilled, onRejected) {
      const child = new TurnPromise(BARE)
      const reaction = { child, onFulfilled, onRejected, turn: turn() }
      if (this.state !== 'pending') run(this, reaction)
      else if (this.reactions) this.reactions.push(reaction)
      else this.reactions = [reaction]
      return child
    }

    catch(onRejected) {
      return this.then(undefined, onRejected)
    }

    finally(onFinally) {
      return this.then(
        (value) => TurnPromise.resolve(onFinally()).then(() => value),
        (error) =>
          TurnPromise.resolve(onFinally()).then(() => {
            throw error
          }),
      )
    }

    static resolve(value) {
      if (value instanceof TurnPromise) return value
      return new this((resolve) => resolve(value))
    }

    static reject(error) {
      return new this((_, reject) => reject(error))
    }

    static all(values) {
      return gather(values, (value) => value)
    }

    static allSettled(values) {
      return gather(
        values,
        (value) => ({ status: 'fulfilled', value }),
        (reason) => ({ status: 'rejected', reason }),
      )
    }

    static race(values) {
      return new this((resolve, reject) => {
        for (const value of values) this.resolve(value).then(resolve, reject)
      })
    }

    get [Symbol.toStringTag]() {
      return 'Promise'
    }
  }
  return TurnPromise

  /** A list of what the values came to; with `refused` in place of an end at the first rejection. */
  function gather(values, fulfilled, refused) {
    return new TurnPromise((resolve, reject) => {
      const results = []
      let open = 1
      const close = () => void (--open === 0 && resolve(results))
      Array.from(values).forEach((value, place) => {
        const take = (make) => (end) => {
          results[place] = make(end)
          close()
        }
        open++
        TurnPromise.resolve(value).then(take(fulfilled), refused ? take(refused) : reject)
      })
      close()
    })
  }

  /** Calls `executor` with the two functions that decide a promise, of which the first call counts. */
  function decide(promise, executor) {
    let isDecided = false
    const once = (end) => (value) => {
      if (isDecided) return
      isDecided = true
      end(promise, value)
    }
    const reject = once(refuse)
    try {
      executor(once(resolve), reject)
    } catch (error) {
      reject(error)
    }
  }

  function resolve(promise, value) {
    let then
    try {
      if (value === promise) throw new TypeError('A promise cannot be resolved with itself')
      then = isObject(value) ? value.then : undefined
    } catch (error) {
      return refuse(promise, error)
    }
    if (typeof then !== 'function') settle(promise, 'fulfilled', value)
    else defer(() => decide(promise, (yes, no) => then.call(value, yes, no)), turn() + 1)
  }

  function refuse(promise, error) {
    settle(promise, 'rejected', error)
  }

  function settle(promise, state, value) {
    promise.state = state
    promise.value = value
    promise.turn = turn()
    const { reactions } = promise
    promise.reactions = undefined
    if (reactions) for (const reaction of reactions) run(promise, reaction)
  }

  function run(promise, reaction) {
    defer(() => react(promise, reaction), Math.max(promise.turn, reaction.turn) + 1)
  }

  function react({ state, value }, { child, onFulfilled, onRejected }) {
    const handler = state === 'fulfilled' ? onFulfilled : onRejected
    if (typeof handler !== 'function') return settle(child, state, value)
    let result
    try {
      result = handler(value)
    } catch (error) {
      return refuse(child, error)
    }
    resolve(child, result)
  }
}

/** For a promise that is decided from within. */
const BARE = () => undefined

function isObject(value) {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}
