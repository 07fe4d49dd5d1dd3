import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** What a mini-program would ship of this peer: its setup and all that it needs, minified. */
export async function bundle({ name }) {
  const { outputFiles } = await build({
    entryPoints: [here(`peers/${name}.js`)],
    bundle: true,
    write: false,
    minify: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2017',
    legalComments: 'none',
    logLevel: 'error',
    external: ['vue'],
    alias: { 'miniprogram-session': here('../miniprogram_dist/index.js') },
    plugins: [uniCompiler],
  })
  const code = outputFiles[0].text
  return { code, minified: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length }
}

/** uni-app compiles `// #ifdef` for the platform it builds for; here that is WeChat. */
const uniCompiler = {
  name: 'uni-app',
  setup({ onLoad }) {
    onLoad({ filter: /luch-request[\\/]src[\\/].*\.js$/ }, ({ path }) => ({
      contents: onlyForWeChat(readFileSync(path, 'utf8')),
    }))
  },
}

function onlyForWeChat(source) {
  const open = []
  const kept = source.split('\n').filter((line) => {
    const [, word, platforms = ''] = /^\s*\/\/ #(ifdef|ifndef|endif)(.*)$/.exec(line) ?? []
    if (word === 'endif') open.pop()
    else if (word) open.push(/\b(MP|MP-WEIXIN)(?![-\w])/.test(platforms) === (word === 'ifdef'))
    return word === undefined && open.every(Boolean)
  })
  return kept.join('\n')
}

/** What Node has and a phone lacks: packages must not find it. */
const NOT_ON_PHONES = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'Buffer',
  'FormData',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'XMLHttpRequest',
  'document',
  'fetch',
  'global',
  'localStorage',
  'location',
  'navigator',
  'process',
  'queueMicrotask',
  'self',
  'setImmediate',
  'structuredClone',
  'window',
]
const silence = () => undefined
const quietConsole = { log: silence, info: silence, warn: silence, error: silence, debug: silence }

/** Runs a bundle in a phone's surroundings, with no state of an earlier run, and gives what it exports. */
export function load(code, { wx, setTimeout, clearTimeout }) {
  const module = { exports: {} }
  const surroundings = {
    module,
    exports: module.exports,
    // Only Vue is left to require, and of it nothing is called without a component.
    require: () => ({}),
    wx,
    uni: wx,
    setTimeout,
    clearTimeout,
    console: quietConsole,
    globalThis: {},
  }
  const run = new Function(...Object.keys(surroundings), ...NOT_ON_PHONES, code)
  run(...Object.values(surroundings))
  return module.exports
}
