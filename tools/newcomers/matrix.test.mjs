// What compilers say is told, and to the right account: they are shown projects that are wrong in just that way.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { root } from '../package/pack.mjs'
import { problemsOf } from './matrix.mjs'
import { assertAllFound, mistakes, write } from './project.mjs'

const folders = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

/** A project beside what this repository has installed. */
function projectWith(files) {
  const project = mkdtempSync(path.join(tmpdir(), 'newcomers-'))
  folders.push(project)
  const link = (name, target) =>
    symlinkSync(path.join(root, target), path.join(project, 'node_modules', name))
  mkdirSync(path.join(project, 'node_modules'))
  link('typescript-6', 'node_modules/typescript')
  link('typings-5', 'node_modules/miniprogram-api-typings')
  mkdirSync(path.join(project, 'node_modules/miniprogram-session'))
  for (const name of ['package.json', 'dist'])
    cpSync(path.join(root, name), path.join(project, 'node_modules/miniprogram-session', name), {
      recursive: true,
    })
  for (const [name, text] of Object.entries({ 'empty.ts': 'export {}', ...files })) write(project, name, text)
  return (file, types = []) =>
    problemsOf({
      project,
      compiler: '6.0',
      module: 'ESNext',
      resolution: 'bundler',
      types,
      strict: true,
      files: [file],
    })
}

test('a type error in a project is told, and what is right is not', () => {
  const problems = projectWith({
    'right.ts':
      "import { createClient } from 'miniprogram-session'\nexport const api = createClient({ login: { url: '/' } })",
    'wrong.ts':
      "import { createClient } from 'miniprogram-session'\nexport const api = createClient({ login: { url: 5 } })",
  })
  assert.deepEqual(problems('right.ts'), [])
  assert.match(problems('wrong.ts').join(), /^wrong\.ts:2: .*number/)
})

test('options that nobody checks are told', () => {
  const problems = projectWith({
    'mistakes.ts': mistakes(),
    'node_modules/miniprogram-session/dist/index.d.mts':
      'export declare const createClient: any\nexport type Client = any',
  })
  assert.equal(problems('mistakes.ts').filter((line) => /Unused '@ts-expect-error'/.test(line)).length, 6)
})

test('types of a global namespace are told where there are no typings', () => {
  const problems = projectWith({
    'right.ts': "import type { X } from 'miniprogram-session'\nexport const x: X = {}",
    'node_modules/miniprogram-session/dist/index.d.mts': 'export type X = WechatMiniprogram.IAnyObject',
  })
  assert.match(problems('right.ts').join(), /index\.d\.mts:1: Cannot find namespace 'WechatMiniprogram'/)
  assert.deepEqual(problems('right.ts', ['typings-5']), [])
})

test('what typings have wrong is theirs, and what comes of the package beside them is not', () => {
  const problems = projectWith({
    'empty.ts': 'export {}',
    'right.ts': "import type { X } from 'miniprogram-session'\nexport const x: X = 1",
    'node_modules/typings-5x/index.d.ts': 'declare type Mine = Missing\ndeclare interface Ours { a: string }',
    'node_modules/miniprogram-session/dist/index.d.mts':
      'declare global { interface Ours { a: number } }\nexport type X = number',
  })
  assert.match(problems('right.ts', ['typings-5x']).join('\n'), /index\.d\.mts:1: Subsequent property/)
  assert.doesNotMatch(problems('right.ts', ['typings-5x']).join('\n'), /Missing/)
})

test('a compiler that misses a mistake is noticed', () => {
  const lines = [...Array(5).keys()].map((line) => `src/mistakes.ts(${line},3): error TS2322`)
  assert.throws(() => assertAllFound([...lines, lines[0]]), /of 6 mistakes 5 were found/)
  assertAllFound([...lines, 'src/mistakes.ts(9,3): error TS2322'])
})
