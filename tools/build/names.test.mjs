import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { sparedNames } from './names.mjs'

const root = path.resolve(import.meta.dirname, '../..')

/** The names that are spared in a package of this one file. */
async function spared(code) {
  const folder = mkdtempSync(path.join(tmpdir(), 'miniprogram-session-'))
  try {
    const file = path.join(folder, 'index.ts')
    const tsconfig = path.join(folder, 'tsconfig.json')
    writeFileSync(file, code)
    writeFileSync(
      tsconfig,
      JSON.stringify({ compilerOptions: { strict: true, target: 'ES2017', module: 'ESNext', types: [] } }),
    )
    return await sparedNames({ index: file }, tsconfig)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const has = (names, ...wanted) =>
  assert.deepEqual(
    wanted.filter((name) => !names.has(name)),
    [],
  )
const lacks = (names, ...unwanted) =>
  assert.deepEqual(
    unwanted.filter((name) => names.has(name)),
    [],
  )

test('what the published types say is spared, and what only the inside says is not', async () => {
  const names = await spared(`
    interface Options { shown: { deeper: number } }
    interface Inner { hidden: number }
    const inner: Inner = { hidden: 1 }
    export const make = ({ shown }: Options): number => shown.deeper + inner.hidden
  `)
  has(names, 'make', 'shown', 'deeper')
  lacks(names, 'hidden')
})

test('what is read of a value that may be anything is spared', async () => {
  const names = await spared(`
    export function read(value: unknown): unknown {
      const { asserted } = value as { asserted?: unknown }
      const { looked } = value as Record<string, unknown>
      return [asserted, looked, (value as { further: unknown }).further]
    }
  `)
  has(names, 'asserted', 'looked', 'further')
})

test('keys of a table are data, and so is what stands in quotes', async () => {
  const names = await spared(`
    const table: Readonly<Record<string, number>> = { key: 1 }
    export const has = (value: object): boolean => 'quoted' in value || Object.keys(table).length > 1
  `)
  has(names, 'key', 'quoted')
})

test('what the language takes is spared', async () => {
  const names = await spared(`
    export const hide = (object: object, value: unknown): unknown =>
      Object.defineProperty(object, 'hidden', { value, enumerable: false })
  `)
  has(names, 'value', 'enumerable')
})

test('of the package: all that other libraries call an option, and what servers and platforms send', async () => {
  const names = await sparedNames(
    { index: path.join(root, 'src/index.ts') },
    path.join(root, 'tsconfig.json'),
  )
  has(names, 'headers', 'params', 'body', 'errcode', 'fromCache', 'toJSON', 'force', 'encrypt', 'set')
  lacks(names, 'wasHeard', 'isAccepted', 'lendsAfter', 'mayRefresh')
})
