import { type Example, exampleInChromium } from './example'
import { statsOf } from './stack'

jest.setTimeout(60_000)

const chromium = exampleInChromium()
let example: Example

beforeEach(async () => {
  example = await chromium.loggedIn()
  await example.text('实时').click()
  await example.text('第 1 次连接').waitFor()
})

const state = (words: string) => example.page.locator('.line-text').getByText(words).waitFor()
const marks = () => example.page.locator('.mark').allTextContents()

async function say(text: string): Promise<void> {
  await example.page.getByLabel('要说的话').fill(text)
  await example.button('发送').click()
}

test('it connects with the token that is there, and what is said arrives', async () => {
  const before = await statsOf(chromium.server)
  await state('已连接')
  await say('茶到了吗 🍵')
  await example.text('已送达').waitFor()
  expect((await statsOf(chromium.server)).logins).toBe(before.logins)
})

test('a line that is cut is said to be, comes back by itself, and takes along what was said meanwhile', async () => {
  const shown = await example.record('.line-text')
  await example.text('断线').last().click()
  await state('连接断开，稍后自动重连')
  await say('还在吗')
  await example.text('第 2 次连接').waitFor()
  await example.text('已送达').waitFor()
  expect(await shown()).toEqual(['连接断开，稍后自动重连', '连接中', '已连接'])
})

test('without a network it waits, and is back with a tap', async () => {
  await example.page.locator('#network').click()
  await state('连接断开，稍后自动重连')
  // Both in one breath: left to itself it would be back first where the machine is busy.
  await example.text('立即重连').evaluate((button: HTMLElement) => {
    const network: HTMLElement | null = document.querySelector('#network')
    if (network) network.click()
    button.click()
  })
  await example.text('第 2 次连接').waitFor()
})

test('a dead token is mended by one login; what it was sent with is told, and goes again with a tap', async () => {
  await example.text('让 token 失效').click()
  await example.hint('token 已失效').waitFor()
  const before = await statsOf(chromium.server)
  await say('还认得我吗')
  await example.text('未送达，点按重发').waitFor()
  await example.text('第 2 次连接').waitFor()
  await example.text('未送达，点按重发').click()
  await example.text('已送达').waitFor()
  const after = await statsOf(chromium.server)
  expect([after.logins - before.logins, after.codes - before.codes]).toEqual([1, 1])
  expect(await marks()).toEqual(['已送达'])
})

test('in the background it is closed, and back when the app is', async () => {
  await example.page.locator('#background').click()
  await state('已在后台断开，回来后重连')
  await example.page.locator('#background').click()
  await example.text('第 2 次连接').waitFor()
  await state('已连接')
})

test('a logout ends it, and a tap begins with a login', async () => {
  // The page below is where one logs out.
  await example.page.locator('[data-page="pages/session/index"]').getByText('退出登录').dispatchEvent('click')
  await state('连接已结束')
  await example.text('重新连接').click()
  await example.text('第 2 次连接').waitFor()
  await example.page.locator('#back').click()
  await example.isLoggedIn()
})

test('leaving the page closes it', async () => {
  const closed = new Promise<void>((resolve) => {
    example.page.on('websocket', (line) => {
      if (line.url().includes('/__preview/socket')) line.on('close', () => resolve())
    })
  })
  // Another one, that is watched from its beginning.
  await example.page.locator('#back').click()
  await example.text('实时').click()
  await example.text('第 1 次连接').waitFor()
  await example.page.locator('#back').click()
  await closed
})
