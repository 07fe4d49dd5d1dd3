// The check can fail: it is shown types that are wrong in just that way.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PROGRAMS, problems } from './check.mjs'

const built = fileURLToPath(new URL('../../dist', import.meta.url))
const folders = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

/** The built types, with one thing about them changed. */
function broken(file, from, to) {
  const dist = mkdtempSync(path.join(tmpdir(), 'typings-'))
  folders.push(dist)
  cpSync(built, dist, { recursive: true })
  const name = path.join(dist, file)
  const text = readFileSync(name, 'utf8')
  assert.match(text, from)
  writeFileSync(name, text.replace(from, to))
  return { dist }
}

const told = (name, how) => problems(PROGRAMS[name], how).join('\n')

test('types of a global namespace are found where there are no typings', () => {
  const how = broken('index.d.ts', /$/, '\nexport type X = WechatMiniprogram.RequestOption\n')
  assert.match(told('no typings at all', how), /WechatMiniprogram/)
  assert.equal(told('miniprogram-api-typings 5', how), '')
})

test('options that are any are found', () => {
  const how = broken('shared.d.ts', /enableChunked\?: boolean/, 'enableChunked?: any')
  assert.match(told('no typings at all', how), /mistakes\.ts:\d+: Unused '@ts-expect-error'/)
})

for (const edition of [3, 4, 5])
  test(`an option that is not WeChat's is found (typings ${edition})`, () => {
    const how = broken('shared.d.ts', /redirect\?: [^\n]+/, 'redirect: number')
    assert.match(told(`miniprogram-api-typings ${edition}`, how), /wechat\.ts:\d+: .*RequestOption/s)
  })

test('a fake that gives what no phone gives is found', () => {
  const how = broken('shared.d.ts', /keys: string\[\]/, 'keys: number[]')
  assert.match(told('miniprogram-api-typings 5', how), /getStorageInfoSync/)
})

for (const [name, file] of [
  ['@dcloudio/types', /uni\.ts:\d+: /],
  ['@tarojs/taro', /taro\.ts:\d+: /],
  ['@douyin-microapp/typings', /douyin\.ts:\d+: /],
])
  test(`a platform that would not do is found (${name})`, () => {
    const how = broken('shared.d.ts', /platform\?: Platform \| OtherPlatform/, 'platform?: { never: true }')
    assert.match(told(name, how), file)
  })
