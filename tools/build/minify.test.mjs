// Only what is ours alone gets another name: all else is read by users, by WeChat or by somebody's server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minify } from './minify.mjs'

const minifier = (...spared) => minify(() => new Set(spared))
const short = async (code, ...spared) => (await minifier(...spared).renderChunk(code)).code

test('a member that is not spared gets a short name', async () => {
  const code = await short(
    'class Call { constructor() { this.attempts = 0 } sendIt() { return this.attempts++ } } exports.call = new Call().sendIt',
    'call',
  )
  assert.doesNotMatch(code, /attempts|sendIt/)
  assert.match(code, /\.call=/)
})

test('the same in all chunks of a build', async () => {
  const { renderChunk } = minifier('of')
  const nameOf = async (name) =>
    /this\.(\w+)/.exec((await renderChunk(`exports.Call = class { of() { return this.${name} } }`)).code)[1]
  const first = await nameOf('attempts')
  assert.notEqual(first, await nameOf('retries'))
  assert.equal(first, await nameOf('attempts'))
})

test('what is said most often gets the shortest name, and no other member has it already', async () => {
  const code = 'exports.of = (it) => [it.often, it.often, it.often, it.rare, it.a, it.a]'
  const chunks = { one: { modules: { it: { code } } } }
  const { code: minified } = await minifier('of').renderChunk(code, undefined, undefined, { chunks })
  const names = Array.from(minified.matchAll(/\w\.(\w+)/g), ([, name]) => name).slice(-6)
  assert.equal(names[0].length, 1)
  assert.equal(new Set(names).size, 3)
})

test('and what one chunk exports another finds', async () => {
  const { renderChunk } = minifier('result', 'done')
  const modules = {}
  const run = async (name, chunk) => {
    const { code } = await renderChunk(chunk)
    const exports = (modules[name] = {})
    new Function('exports', 'require', code)(exports, (other) => modules[other])
  }
  await run('one', 'exports.inner = { secret: 1, done: 2 }')
  await run('two', "const one = require('one'); exports.result = one.inner.secret + one.inner.done")
  assert.equal(modules.two.result, 3)
})

test('a name of the platform stays, whatever a chunk beside it calls its own', async () => {
  const { renderChunk } = minifier('object', 'isHere')
  const chunks = [
    "const jd = require('jd'); exports.object = () => [jd, jd.object]",
    "exports.isHere = () => typeof jd === 'object'",
  ]
  const [, { code }] = await Promise.all(chunks.map((chunk) => renderChunk(chunk)))
  assert.match(code, /typeof jd/)
})

test('members that are spared keep theirs, and so does what stands in quotes', async () => {
  const code = await short(
    "exports.read = (options) => [options.headers, options.params, options.body, options['_id']]",
    'headers',
    'params',
    'body',
  )
  for (const name of ['headers', 'params', 'body', '_id']) assert.match(code, new RegExp(`\\b${name}\\b`))
})

test('what is declared as const joins what is not, and words about it stay', async () => {
  const code = await short(
    "exports.of = (list) => { const first = list(1); let last = list(2); for (const one of list(first)) last += one; return [first, last, 'const x'] }",
    'of',
  )
  assert.doesNotMatch(code, /const (?!x)/)
  assert.match(code, /'const x'|"const x"/)
  assert.match(code, /let \w+=\w+\(1\),\w+=/)
})

test('messages stay word for word', async () => {
  const words = 'the option login is wrong: headers, params and body are names of other libraries'
  assert.ok((await short(`exports.fail = () => { throw new Error('${words}') }`)).includes(words))
})
