import { type Example, exampleInChromium } from './example'
import { statsOf } from './stack'

jest.setTimeout(60_000)

const chromium = exampleInChromium()
let example: Example

beforeEach(async () => {
  example = await chromium.loggedIn({ viewport: { width: 390, height: 844 } })
  await example.text('对话').click()
  await example.text('问点什么').first().waitFor()
})

const QUESTION = '茶怎么泡'
const END = '你看到的只有回答。'
/** It is no answer any more: there is something to be sent again. */
const isOver = () => example.button('发送').waitFor()
const isWhole = () => example.text(END).last().waitFor()
const words = (at = 0) => example.page.locator('.words').nth(at)
const tapped = (text: string) => example.text(text).last().click()

async function ask(question = QUESTION): Promise<void> {
  await example.page.getByLabel('问题').fill(question)
  await example.button('发送').click()
}

async function killToken(): Promise<void> {
  await tapped('让 token 失效')
  await example.hint('token 已失效').waitFor()
}

/** Every text that an answer had on the page was the beginning of the one after it. */
function growth(seen: string[]): void {
  seen.forEach((text, index) => expect(seen[index + 1] ?? text).toMatch(beginningWith(text)))
}
const beginningWith = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)

test('an answer comes word by word, and stays in sight', async () => {
  const shown = await example.record('.words')
  await ask()
  await isWhole()
  await isOver()
  const seen = await shown()
  growth(seen)
  expect(seen.length).toBeGreaterThan(10)
  expect(seen[seen.length - 1]).toMatch(/^你问的是「茶怎么泡」。先喝杯茶 🍵[^]*你看到的只有回答。$/)
  for (const index of [1, 2]) {
    await ask(`${'再说一遍'.repeat(20)}${index}`)
    await example.page.locator('.words').nth(index).getByText(END).waitFor()
  }
  await isOver()
  const [last, composer] = await Promise.all([
    words(2).boundingBox(),
    example.page.locator('.composer').boundingBox(),
  ])
  expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThan(composer?.y ?? 0)
  // Nothing sticks out of a phone of 390 px, nor of its lower end.
  const widest = await example.page
    .locator('.chat')
    .evaluate((chat) =>
      Math.max(...Array.from(chat.querySelectorAll('*'), (one) => one.getBoundingClientRect().right)),
    )
  expect(widest).toBeLessThanOrEqual(390)
  expect((composer?.y ?? 0) + (composer?.height ?? 0)).toBeCloseTo(844, 0)
})

test('it is stopped at once, and goes on where it was', async () => {
  await ask()
  await words().getByText('先喝').waitFor()
  await example.button('停止').click()
  await example.text('已停止').waitFor()
  const said = (await words().textContent()) ?? ''
  expect(said).not.toContain(END)
  await tapped('接着说')
  await isWhole()
  expect(await words().textContent()).toMatch(beginningWith(said))
  await isOver()
  expect(await example.text('已停止').count()).toBe(0)
})

test('a dead token in between is mended by one login, and nothing of the refusal is seen', async () => {
  const shown = await example.record('.words')
  await killToken()
  const before = await statsOf(chromium.server)
  await ask()
  await isWhole()
  const seen = await shown()
  growth(seen)
  expect(seen[0]).toMatch(/^你/)
  const after = await statsOf(chromium.server)
  expect([after.unauthorized - before.unauthorized, after.logins - before.logins]).toEqual([1, 1])
})

test('a line that is cut leaves what was said, and the rest is what was missing, also with a dead token', async () => {
  await ask()
  await isWhole()
  await isOver()
  await tapped('下次回答中途断线')
  const sent = example.orders()
  await ask()
  await example.text('回答中断了').waitFor()
  expect(await words(1).textContent()).toBe('你问的是「茶怎么泡」。先喝杯茶')
  await killToken()
  const before = await statsOf(chromium.server)
  await tapped('接着说')
  await words(1).getByText(END).waitFor()
  await isOver()
  expect(await words(1).textContent()).toBe(await words(0).textContent())
  expect(await example.text('回答中断了').count()).toBe(0)
  expect((await statsOf(chromium.server)).logins - before.logins).toBe(1)
  // It was cut once, went on once, was refused, and was sent again.
  expect(sent.filter((order) => order === 'POST /chat')).toHaveLength(3)
})

test('without a network it is said in a sentence, and the question is asked again with a tap', async () => {
  await example.page.locator('#back').click()
  await example.page.getByLabel('模拟断网').click()
  await example.text('对话').click()
  await ask()
  await example.text('没有网络').waitFor()
  await example.text('网络恢复后再试一次').waitFor()
  // The page below is where the network comes back.
  await example.page.locator('[data-page="pages/session/index"] switch').dispatchEvent('click')
  await tapped('再试一次')
  await isWhole()
})

test('leaving the page ends the answer', async () => {
  await ask()
  await words().waitFor()
  await example.page.locator('#back').click()
  await example.isLoggedIn()
  const chats = (await example.events()).filter(
    (event) => event.type === 'request' && event.url.endsWith('/chat'),
  )
  expect(chats[chats.length - 1]).toMatchObject({ phase: 'fail', code: 'ABORTED' })
})
