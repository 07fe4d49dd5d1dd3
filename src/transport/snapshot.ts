/**
 * What was given is what is sent, whatever the app does with the objects afterwards (law 15): a copy of all that is written as
 * JSON or a form in the end. Strings and buffers are not copied.
 */
export function snapshot<T>(value: T): T {
  try {
    return copy(value) as T
  } catch {
    // One that holds itself, or throws when it is read: whoever writes it will tell.
    return value
  }
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof Date) return new Date(value.getTime())
  if (ArrayBuffer.isView(value)) return value
  const { toJSON, constructor } = value as { toJSON?: unknown; constructor: unknown }
  if (typeof toJSON === 'function') return copy((value as { toJSON(): unknown }).toJSON())
  // Whatever else there is, a buffer among it, has no fields that anybody writes. To ask for a tag costs as much as the copy.
  if (constructor !== Object && !isRecord(value)) return value
  const result: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const inner = copy((value as Record<string, unknown>)[name])
    // A field like any other, and none that an assignment makes: `JSON.parse` makes it.
    if (name === '__proto__')
      Object.defineProperty(result, name, {
        value: inner,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    else result[name] = inner
  }
  return result
}

/** Whether there is anything in an object, or a letter in a text. */
export function hasFields(value: unknown): boolean {
  for (const _ in value as object) return true
  return false
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return tagOf(value) === '[object Object]'
}

/** DevTools hands out views, and some apps send them. */
export function bufferOf(value: unknown): unknown {
  return ArrayBuffer.isView(value)
    ? value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)
    : value
}

export function isBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === '[object ArrayBuffer]'
}

/** The same for values from another realm, as `instanceof` is not. */
function tagOf(value: unknown): unknown {
  return Object.prototype.toString.call(value)
}
