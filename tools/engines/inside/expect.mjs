/** The matchers that the tests of the laws use, with jest's own idea of what is equal. */
import { equals, getPath, iterableEquality, subsetEquality, typeEquality } from '@jest/expect-utils'

const isAlike = (one, other) => equals(one, other, [iterableEquality])
const contains = (all, part) => equals(all, part, [iterableEquality, subsetEquality])

const MATCHERS = {
  toBe: (value, wanted) => Object.is(value, wanted),
  toEqual: (value, wanted) => isAlike(value, wanted),
  toStrictEqual: (value, wanted) => equals(value, wanted, [iterableEquality, typeEquality], true),
  toMatchObject: (value, wanted) => contains(value, wanted),
  toBeDefined: (value) => value !== undefined,
  toBeUndefined: (value) => value === undefined,
  toBeNull: (value) => value === null,
  toBeTruthy: (value) => Boolean(value),
  toBeFalsy: (value) => !value,
  toBeGreaterThan: (value, bound) => value > bound,
  toBeGreaterThanOrEqual: (value, bound) => value >= bound,
  toBeLessThan: (value, bound) => value < bound,
  toBeLessThanOrEqual: (value, bound) => value <= bound,
  toBeCloseTo: (value, wanted, digits = 2) => Math.abs(value - wanted) < 10 ** -digits / 2,
  toBeInstanceOf: (value, Type) => value instanceof Type,
  toContain: (value, item) =>
    typeof value === 'string' ? value.includes(item) : Array.from(value).includes(item),
  toContainEqual: (value, item) => Array.from(value).some((one) => isAlike(one, item)),
  toHaveLength: (value, length) => value.length === length,
  toMatch: (value, pattern) => (typeof pattern === 'string' ? value.includes(pattern) : pattern.test(value)),
  toHaveProperty(value, path, ...wanted) {
    const { endPropIsDefined, hasEndProp, value: found } = getPath(value, path)
    if (wanted.length === 0) return Boolean(hasEndProp || endPropIsDefined)
    return Boolean(hasEndProp || endPropIsDefined) && isAlike(found, wanted[0])
  },
  toThrow: (value, wanted) => throws(value, wanted),
  toHaveBeenCalled: (spy) => spy.mock.calls.length > 0,
  toHaveBeenCalledTimes: (spy, times) => spy.mock.calls.length === times,
  toHaveBeenCalledWith: (spy, ...args) => spy.mock.calls.some((call) => isAlike(call, args)),
  toHaveBeenLastCalledWith: (spy, ...args) => isAlike(spy.mock.calls.at(-1), args),
}

function throws(value, wanted) {
  let error
  try {
    // After `rejects` it is what was thrown.
    if (typeof value !== 'function') error = value
    else {
      value()
      return false
    }
  } catch (thrown) {
    error = thrown
  }
  if (wanted === undefined) return true
  if (typeof wanted === 'function') return error instanceof wanted
  const message = String(error?.message ?? error)
  if (wanted instanceof RegExp) return wanted.test(message)
  return typeof wanted === 'string' ? message.includes(wanted) : message === wanted.message
}

export function expect(value) {
  return {
    ...matchers((name, args) => judge(value, name, args, true)),
    not: matchers((name, args) => judge(value, name, args, false)),
    resolves: later(value, (promise) => promise),
    rejects: later(value, (promise) =>
      promise.then(
        (result) => {
          throw new Error(`it resolved to ${show(result)}`)
        },
        (error) => error,
      ),
    ),
  }
}

const later = (promise, come) => ({
  ...matchers(async (name, args) => judge(await come(promise), name, args, true)),
  not: matchers(async (name, args) => judge(await come(promise), name, args, false)),
})

const matchers = (judgeBy) =>
  Object.fromEntries(Object.keys(MATCHERS).map((name) => [name, (...args) => judgeBy(name, args)]))

function judge(value, name, args, isWanted) {
  if (Boolean(MATCHERS[name](value, ...args)) === isWanted) return
  const words = [isWanted ? name : `not.${name}`, ...args.map(show)]
  throw new Error(`expected ${words.join(' ')}, received ${show(value?.mock ? value.mock.calls : value)}`)
}

/** In a line, and not for ever. */
export function show(value) {
  const seen = new Set()
  const write = (_, one) => {
    if (typeof one === 'function') return `[function ${one.name}]`
    if (one instanceof RegExp || typeof one === 'symbol' || typeof one === 'bigint') return String(one)
    if (one instanceof Error) return { ...one, message: one.message }
    if (one instanceof Set) return [...one]
    if (typeof one !== 'object' || one === null) return one === undefined ? '[undefined]' : one
    if (seen.has(one)) return '[seen]'
    seen.add(one)
    return one
  }
  return String(JSON.stringify(value, write)).slice(0, 1500)
}

const asymmetric = (asymmetricMatch) => ({
  $$typeof: Symbol.for('jest.asymmetricMatcher'),
  asymmetricMatch,
  toAsymmetricMatcher: () => 'an asymmetric matcher',
})
const WRAPPERS = new Map([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Function, 'function'],
])

Object.assign(expect, {
  any: (Type) =>
    asymmetric((other) => other instanceof Type || typeof other === (WRAPPERS.get(Type) ?? 'never')),
  anything: () => asymmetric((other) => other !== undefined && other !== null),
  objectContaining: (part) => asymmetric((other) => contains(other, part)),
  arrayContaining: (items) =>
    asymmetric((other) => items.every((item) => MATCHERS.toContainEqual(other, item))),
  stringContaining: (text) => asymmetric((other) => typeof other === 'string' && other.includes(text)),
  stringMatching: (pattern) =>
    asymmetric((other) => typeof other === 'string' && new RegExp(pattern).test(other)),
})
