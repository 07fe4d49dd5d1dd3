// Each check can fail: it is shown a package that is broken in just that way, and says so.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { CHECKS } from './check.mjs'
import { pack, withFolder } from './pack.mjs'

const add = (file) => (folder) => writeFileSync(path.join(folder, file), '')
const remove = (file) => (folder) => rmSync(path.join(folder, file), { recursive: true })
const edit = (file, change) => (folder) => {
  const name = path.join(folder, file)
  const text = readFileSync(name, 'utf8')
  assert.notEqual(change(text), text, `${file} has nothing to break`)
  writeFileSync(name, change(text))
}
const append = (file, text) => edit(file, (old) => old + text)
const editJSON = (file, change) =>
  edit(file, (text) => {
    const value = JSON.parse(text)
    change(value)
    return JSON.stringify(value)
  })
const inCreateClient = (code) =>
  edit('miniprogram_dist/index.js', (text) =>
    text.replace(/\bcreateClient:(\w+)=>\{/, (head, options) => `${head}const options=${options};${code}`),
  )
const withForeignTypes = append('dist/index.d.ts', '\nexport type X = WechatMiniprogram.RequestOption')
/** The entry has a core of its own, as it would if it were bundled. */
const secondCore = (folder) => {
  const core = readFileSync(path.join(folder, 'miniprogram_dist/index.js'), 'utf8')
  edit('miniprogram_dist/stream.js', (text) =>
    text.replace('require("./index.js")', () => `(()=>{const exports={};${core}\nreturn exports})()`),
  )(folder)
}
const typesOfCommonJS = editJSON('package.json', (value) => {
  value.exports['.'].import.types = './dist/index.d.ts'
})

/** For each check: what is broken, what the check says of it, and how it is done. */
const BROKEN = {
  'ships its files and no others': [
    ['a file too many', /index\.ts should not be/, add('dist/index.ts')],
    ['no licence', /LICENSE is not in/, remove('LICENSE')],
  ],
  'publint has nothing to say': [
    ['an export that leads nowhere', /testing\.mjs.*does not exist/, remove('dist/testing.mjs')],
  ],
  'are the types wrong? no': [['ESM with the types of CommonJS', /Masquerading as CJS/, typesOfCommonJS]],
  'types and code found under each module resolution': [
    ['types of a global namespace', /node10: .*WechatMiniprogram/, withForeignTypes],
    ['no stub for old resolvers', /testing\/package\.json: .*Cannot find/s, remove('testing')],
    ['code that throws', /ESM: the program said ".*broken/s, append('dist/index.mjs', '\nthrow "broken"')],
    [
      'types that are wrong',
      /bundler: .*Cannot find name 'Missing'/,
      append('dist/index.d.mts', '\nexport type X = Missing'),
    ],
  ],
  'ES2017 at most': [['object spread', /testing\.js/, append('dist/testing.js', '\n;({ ...{} })')]],
  "WeChat's packer can parse it": [
    ['optional chaining', /Unexpected token/, append('dist/index.js', '\nexports?.x')],
  ],
  'needs nothing that phones lack': [
    ['a require', /'require' is not defined/, append('miniprogram_dist/index.js', "\nrequire('x')")],
    ['a web global', /'URL' is not defined/, inCreateClient('const u = () => new URL(options.baseURL);')],
    ['one asked for by typeof', /'fetch' is not defined/, inCreateClient('void typeof fetch;')],
  ],
  'runs where there is only the language and wx': [
    ['a global of Node', /queueMicrotask is not defined/, inCreateClient('queueMicrotask(() => {});')],
    ['a client that has not got the token', /20 requests: /, inCreateClient('options.attach = () => {};')],
  ],
  'streams where there is not even a symbol for it': [
    [
      'an iterator under another name',
      /a stream of two events: /,
      edit('miniprogram_dist/stream.js', (text) => text.replace('@@asyncIterator', '@@iterator')),
    ],
    ['a copy of the core', /Give a client/, secondCore],
  ],
  'source maps lead to the sources': [
    ['a map that is missing', /index\.mjs: it has no source map/, remove('dist/index.mjs.map')],
    [
      'a map without sources',
      /create\.ts is not included/,
      editJSON('dist/index.js.map', (map) => delete map.sourcesContent),
    ],
    ['a map of other code', /does not lead to/, edit('dist/index.js', (text) => `\n\n\n${text}`)],
  ],
  'npm would publish it as it is, in a dry run': [
    ['what npm would mend', /bin/, editJSON('package.json', (value) => (value.bin = './none.js'))],
    [
      'a version that is none',
      /Invalid version/,
      editJSON('package.json', (value) => (value.version = 'one')),
    ],
  ],
}

const temporary = mkdtempSync(path.join(tmpdir(), 'miniprogram-session-'))
after(() => rmSync(temporary, { recursive: true }))
const sound = pack(temporary)

test('each check has a package that it refuses', () => {
  assert.deepEqual(Object.keys(BROKEN), Object.keys(CHECKS))
})

for (const [name, cases] of Object.entries(BROKEN)) {
  for (const [what, words, breakIt] of cases) {
    test(`"${name}" refuses ${what}`, () =>
      withFolder(async (copy) => {
        const folder = path.join(copy, 'package')
        cpSync(sound, folder, { recursive: true })
        breakIt(folder)
        assert.match((await CHECKS[name](folder)).join('\n'), words)
      }))
  }
}
