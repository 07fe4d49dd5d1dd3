export { TextDecoder, TextEncoder } from '@exodus/bytes/encoding-lite.js'

/** `inspect` of node:util, for tests that look for secrets: all that an object holds, down to `depth`, in words. */
export function inspect(value, { depth = 2 } = {}) {
  const seen = new Set()
  const write = (one, level) => {
    if (typeof one === 'string') return JSON.stringify(one)
    if (typeof one !== 'object' && typeof one !== 'function') return String(one)
    if (one === null) return 'null'
    if (seen.has(one)) return '[Circular]'
    if (level > depth) return '[Object]'
    seen.add(one)
    const items = one instanceof Map || one instanceof Set ? Array.from(one) : []
    const fields = Object.getOwnPropertyNames(one).map((key) => `${key}: ${write(read(one, key), level + 1)}`)
    const text = `${kindOf(one)} { ${[...items.map((item) => write(item, level + 1)), ...fields].join(', ')} }`
    seen.delete(one)
    return text
  }
  return write(value, 0)
}

function read(object, key) {
  try {
    return object[key]
  } catch (error) {
    return `[it throws ${error}]`
  }
}

function kindOf(object) {
  if (typeof object === 'function') return `[Function ${object.name}]`
  return object instanceof Error
    ? String(object)
    : (Object.getPrototypeOf(object)?.constructor?.name ?? 'Object')
}
