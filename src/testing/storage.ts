import { utf8Length } from './utf8'

/** What is asked of the storage. */
export type StorageOperation = 'get' | 'set' | 'remove'

/** How the storage fails: `throw` (asynchronous calls call `fail`), `hang` (asynchronous calls only), `garbage` (reads only). */
export type StorageFailure = 'throw' | 'hang' | 'garbage'

/** How much a phone keeps (storage page of WeChat). */
export interface StorageLimit {
  /** Bytes of one key, default 1 MB. */
  perKey?: number
  /** Bytes of all keys, default 10 MB. */
  total?: number
}

/** The storage of one user and one mini-program on one phone (storage guide). */
export interface FakeStorage {
  /** The value of `key`, or `undefined`. Each read is a copy, as on a phone. For tests: never fails, counts nothing. */
  get(key: string): unknown
  /** Seeds `key`. For tests: never fails, counts nothing. */
  set(key: string, value: unknown): void
  remove(key: string): void
  keys(): string[]
  clear(): void
  /** How often the platform was asked. */
  readonly reads: number
  readonly writes: number
  /** From here on `operation` fails, the next `times` times, by default until `repair()`. */
  fail(operation: StorageOperation, mode?: StorageFailure, times?: number): void
  repair(operation?: StorageOperation): void
  /** The platform's side of the storage, under the `wx.…Storage` calls. @internal */
  readonly device: StorageDevice
}

/** Reads and writes as the platform does them: counted, limited, failing when told to. */
export interface StorageDevice {
  read(key: string, call: StorageCall): Stored | 'hang' | undefined
  write(key: string, value: unknown, call: StorageCall): 'hang' | undefined
  remove(key: string, call: StorageCall): 'hang' | undefined
  /** Bytes in use, and the limit. */
  readonly used: number
  readonly limit: number
}

/** How the storage was called. */
export interface StorageCall {
  readonly isAsync: boolean
  readonly isEncrypted: boolean
}

export interface Stored {
  readonly value: unknown
}

interface Cell {
  readonly text: string
  readonly bytes: number
  readonly isDate: boolean
  readonly isEncrypted: boolean
}

/** AES and its encoding take 1.4 times the room (wx.setStorage page). */
const ENCRYPTED_SIZE = 1.4
const MEGABYTE = 1_048_576

export function createFakeStorage({
  perKey = MEGABYTE,
  total = 10 * MEGABYTE,
}: StorageLimit = {}): FakeStorage {
  const cells = new Map<string, Cell>()
  const failures = new Map<StorageOperation, { mode: StorageFailure; times: number }>()
  let used = 0
  let reads = 0
  let writes = 0

  function put(key: string, cell: Cell): void {
    used += cell.bytes - (cells.get(key)?.bytes ?? 0)
    cells.set(key, cell)
  }

  function drop(key: string): void {
    used -= cells.get(key)?.bytes ?? 0
    cells.delete(key)
  }

  /** Throws what the call throws, or says how else it fails. */
  function trouble(operation: StorageOperation, { isAsync }: StorageCall): StorageFailure | undefined {
    const failure = failures.get(operation)
    if (failure === undefined || (failure.mode === 'hang' && !isAsync)) return undefined
    if (--failure.times <= 0) failures.delete(operation)
    if (failure.mode === 'throw') throw new Error(`fail ${operation} storage error`)
    return failure.mode
  }

  const device: StorageDevice = {
    get used() {
      return used
    },
    limit: total,
    read(key, call) {
      reads++
      const failure = trouble('get', call)
      if (failure === 'hang') return 'hang'
      if (failure === 'garbage') return { value: '\u0000{"garb' }
      const cell = cells.get(key)
      // What was written with `encrypt: true` must be read with it, and the other way round (wx.getStorage page).
      return cell === undefined || cell.isEncrypted !== call.isEncrypted
        ? undefined
        : { value: valueOf(cell) }
    },
    write(key, value, call) {
      writes++
      if (trouble('set', call) === 'hang') return 'hang'
      const cell = cellOf(value, call.isEncrypted)
      if (cell.bytes > perKey) throw new Error('fail data exceed the max length limit of a single key')
      if (used - (cells.get(key)?.bytes ?? 0) + cell.bytes > total)
        throw new Error('fail exceed storage max size')
      put(key, cell)
      return undefined
    },
    remove(key, call) {
      writes++
      if (trouble('remove', call) === 'hang') return 'hang'
      drop(key)
      return undefined
    },
  }

  return {
    get(key) {
      const cell = cells.get(key)
      return cell && valueOf(cell)
    },
    set: (key, value) => put(key, cellOf(value, false)),
    remove: drop,
    keys: () => [...cells.keys()],
    clear() {
      cells.clear()
      used = 0
    },
    get reads() {
      return reads
    },
    get writes() {
      return writes
    },
    fail: (operation, mode = 'throw', times = Infinity) => void failures.set(operation, { mode, times }),
    repair(operation) {
      if (operation === undefined) failures.clear()
      else failures.delete(operation)
    },
    device,
  }
}

/** Primitives, dates and whatever JSON can carry (wx.setStorage page); `undefined` was stored as '' until 3.11.0. */
function cellOf(value: unknown, isEncrypted: boolean): Cell {
  const text = value === undefined ? '""' : JSON.stringify(value)
  const bytes = Math.ceil(utf8Length(text) * (isEncrypted ? ENCRYPTED_SIZE : 1))
  return { text, bytes, isDate: Object.prototype.toString.call(value) === '[object Date]', isEncrypted }
}

function valueOf({ text, isDate }: Cell): unknown {
  const value: unknown = JSON.parse(text)
  return isDate ? new Date(value as string) : value
}
