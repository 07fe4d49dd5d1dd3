import { createClient } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'
import { headings, tables } from '../docs/markdown'
import { anchors as anchorsOf, blocks, deadLinks, fences, read } from './pages'

const READMES = ['README.md', 'README.zh-CN.md']

describe.each(READMES)('%s', (readme) => {
  test('has no code that nobody compiles', () => {
    expect(fences(read(readme))).toBe(Object.keys(blocks(read(readme))).length)
  })

  test('shows what the other language shows, and the quick start first', () => {
    expect(Object.keys(blocks(read(readme)))).toEqual(['quick-start', 'launch', 'page'])
  })
})

test('both languages are built alike', () => {
  const [english = '', chinese = ''] = READMES.map(read)
  expect(headings(chinese)).toEqual(headings(english))
  expect(tables(chinese)).toEqual(tables(english))
  expect(links(chinese)).toBe(links(english))
})

const links = (text: string) => text.match(/\]\(/g)?.length

/** The example is put through WeChat's own packer with these settings: see tools/devtools-check. */
test.each(READMES)('%s says what the example says to "Build npm"', (file) => {
  const [, lines = ''] = /```json\n([^]*?)```/.exec(read(file)) ?? []
  const { setting } = JSON.parse(read('example-miniprogram/project.config.json')) as { setting: object }
  expect(setting).toMatchObject(JSON.parse(`{${lines}}`) as object)
})

test.each([...READMES, 'docs/quick-start.md', 'docs/zh/quick-start.md'])(
  '%s installs the version that npm pack makes',
  (file) => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(read(file)).toContain(`/miniprogram-session-${version}.tgz\n`)
  },
)

test.each(['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'AGENTS.md'])(
  '%s has no link that leads nowhere',
  (page) => {
    expect(deadLinks(page)).toEqual([])
  },
)

test.each(READMES)('%s says what runs and what tests a clone, as CI does it', (file) => {
  const [, commands = ''] = /```sh\n(npm ci && npm run demo[^]*?)```/.exec(read(file)) ?? []
  for (const command of ['npm run demo', 'npm run build', 'npm test']) {
    expect(commands).toContain(`&& ${command}`)
    expect(read('.ci/run')).toContain(command)
  }
})

test('no member is left out', () => {
  const { wx: platform } = createFakeWeChat()
  const client = createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' } })
  for (const member of Object.keys(client)) expect(read('docs/client.md')).toContain(`\`${member}`)
})

/** Links to headings that the READMEs had: pages of others lead there. */
const ANCHORS = {
  'README.md':
    'quick-start install where-it-runs subpackages-and-plugins taro-and-uni-app your-back-end your-pages options client each-request what-you-can-rely-on three-usual-back-ends good-to-know beside-other-packages documentation errors events testing-your-pages how-wechat-behaves license',
  'README.zh-CN.md':
    '快速开始 安装 支持范围 分包和插件 taro-和-uni-app 你的后端 你的页面 配置项 client 单个请求的选项 行为保证 三种常见的后端 使用须知 与其他库对比 文档 错误 事件 测试你的页面 依据的平台行为 许可证',
}

describe.each(Object.entries(ANCHORS))('%s', (file, anchors) => {
  test('has all the anchors that it ever had', () => {
    const ids = anchorsOf(read(file))
    expect(anchors.split(' ').filter((anchor) => !ids.has(anchor))).toEqual([])
  })

  test('is read in some minutes', () => {
    expect(read(file).split('\n').length).toBeLessThan(130)
  })
})

const words = (text: string) => text.replace(/\]\([^)]*\)/g, ']').replace(/\*\*/g, '')
const section = (text: string, heading: string) =>
  new RegExp(`^## ${heading}\\n+([^]*?)(?=^## |$(?![^]))`, 'm').exec(text)?.[1]?.trim() ?? ''

test.each([
  ['README.md', 'docs/quick-start.md', 'Install'],
  ['README.zh-CN.md', 'docs/zh/quick-start.md', '安装'],
])('%s and %s tell the same of how to install it', (readme, page, heading) => {
  expect(words(section(read(page), heading))).toBe(words(section(read(readme), heading)))
  expect(section(read(readme), heading)).toContain('npm install')
})
