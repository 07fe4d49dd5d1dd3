import { readdirSync } from 'node:fs'
import path from 'node:path'
import { blocks, read, regions } from '../recipes/pages'

/** All code that pages show: compiled here, and run by the tests beside it. */
const SOURCES = regions(
  'quick-start/api.ts',
  'quick-start/app.ts',
  'quick-start/pages/orders/index.ts',
  'quick-start/page.js',
  'recipes.ts',
  'logins.ts',
  'requests.ts',
  'sockets.ts',
  'open-socket.ts',
  'open-socket.test.ts',
  'streams.ts',
  'streams.test.ts',
  'testing.test.ts',
  'taro-app/api.test.ts',
  'fake.test.ts',
  'entries.ts',
  'platforms/alipay.ts',
  'platforms/taro.ts',
  'platforms/uni.ts',
  'migration/before.js',
  'migration/request.ts',
  'migration/we-request.ts',
  'migration/luch-request.ts',
  'migration/axios-miniprogram.ts',
  '../../docs/live/burst/interceptor.ts',
  '../../tools/frameworks/use-scope-react.mjs',
  '../../tools/frameworks/use-scope-vue.mjs',
  '../../tools/frameworks/abort-controller.mjs',
  '../../tools/frameworks/queries.mjs',
  '../../tools/frameworks/colada.mjs',
)

const pagesIn = (folder: string) =>
  readdirSync(path.join(__dirname, '../..', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`)

describe.each([
  ['docs', 'README.md'],
  ['docs/zh', 'README.zh-CN.md'],
])('the pages of %s and %s', (folder, readme) => {
  const pages = [...pagesIn(folder), readme]

  test('show the code as it is compiled', () => {
    for (const page of pages)
      for (const [name, code] of Object.entries(blocks(read(page))))
        expect([page, name, code]).toEqual([page, name, SOURCES[name]])
  })

  test('show all of it', () => {
    const shown = new Set(pagesIn(folder).flatMap((page) => Object.keys(blocks(read(page)))))
    expect([...shown].sort()).toEqual(Object.keys(SOURCES).sort())
  })
})
