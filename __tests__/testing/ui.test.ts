import { createFakeWeChat, type FakeModal, type FakeWeChat } from '../../src/testing'
import { recorder, type Outcome } from './helpers'

const seen = ({ ui }: FakeWeChat) => ui.log.map(({ kind, title }) => `${kind} ${title}`)

/** What the callbacks of one call are told. */
async function told(fake: FakeWeChat, call: (callbacks: object) => unknown): Promise<Outcome | undefined> {
  const { results, callbacks } = recorder()
  call(callbacks)
  await fake.clock.advance(0)
  return results[0]
}

/** A phone that shows a loading, and lets nothing of it reach the test. */
function loading(fake = createFakeWeChat()): FakeWeChat {
  fake.wx.showLoading({ title: 'wait', mask: true, complete: () => undefined })
  return fake
}

describe('loading and toast', () => {
  test('a loading is there until it is hidden, and the log knows how long', async () => {
    const fake = loading()
    const from = fake.clock.now()
    expect(fake.ui.shown).toMatchObject({ kind: 'loading', title: 'wait', mask: true, icon: undefined, from })
    await fake.clock.advance(60_000)
    expect(await told(fake, (c) => fake.wx.hideLoading(c))).toEqual({ errMsg: 'hideLoading:ok' })
    expect(fake.ui.shown).toBeUndefined()
    expect(fake.ui.log).toMatchObject([{ title: 'wait', until: from + 60_000 }])
  })

  test('a toast goes by itself, after 1.5 s or when it says', async () => {
    const fake = createFakeWeChat()
    const result = await told(fake, (c) => fake.wx.showToast({ title: 'saved', ...c }))
    expect([result, fake.ui.shown]).toMatchObject([{ errMsg: 'showToast:ok' }, { icon: 'success' }])
    await fake.clock.advance(1_499)
    expect(fake.ui.shown).toBeDefined()
    await fake.clock.advance(1)
    expect(fake.ui.shown).toBeUndefined()
    await told(fake, (c) => fake.wx.showToast({ title: 'long', icon: 'none', duration: 4_000, ...c }))
    await fake.clock.advance(3_999)
    expect(fake.ui.shown).toMatchObject({ title: 'long', icon: 'none' })
    await fake.clock.advance(1)
    expect(fake.ui.shown).toBeUndefined()
  })

  test('share one slot: what comes later takes the place of the other, and outlives its time', async () => {
    const fake = loading()
    await told(fake, (c) => fake.wx.showToast({ title: 'failed', ...c }))
    await fake.clock.advance(1_000)
    loading(fake)
    await fake.clock.advance(10_000)
    expect(fake.ui.shown).toMatchObject({ kind: 'loading' })
    expect(seen(fake)).toEqual(['loading wait', 'toast failed', 'loading wait'])
  })

  test.each(['hideLoading', 'hideToast'] as const)('%s closes the other one too', async (hide) => {
    const fake = createFakeWeChat()
    if (hide === 'hideToast') loading(fake)
    else await told(fake, (c) => fake.wx.showToast({ title: 'failed', ...c }))
    expect(await told(fake, (c) => fake.wx[hide](c))).toEqual({ errMsg: `${hide}:ok` })
    expect(fake.ui.shown).toBeUndefined()
  })

  test('noConflict closes one kind only', async () => {
    const fake = loading()
    const refusal = { errMsg: "hideToast:fail:toast can't be found" }
    expect(await told(fake, (c) => fake.wx.hideToast({ noConflict: true, ...c }))).toEqual(refusal)
    expect(fake.ui.shown).toBeDefined()
    await told(fake, (c) => fake.wx.hideLoading({ noConflict: true, ...c }))
    expect(fake.ui.shown).toBeUndefined()
  })

  test('before base library 2.22.1 noConflict is not known', async () => {
    const fake = loading(createFakeWeChat({ noConflict: false }))
    await told(fake, (c) => fake.wx.hideToast({ noConflict: true, ...c }))
    expect(fake.ui.shown).toBeUndefined()
  })

  test('hiding what is not there fails, by callback or by promise', async () => {
    const fake = createFakeWeChat()
    const refusal = { errMsg: "hideLoading:fail:toast can't be found" }
    expect(await told(fake, (c) => fake.wx.hideLoading(c))).toEqual(refusal)
    const promised = expect(fake.wx.hideLoading()).rejects.toEqual(refusal)
    await fake.clock.advance(0)
    await promised
  })

  test('a title is asked for, and what is there stays', async () => {
    const fake = loading()
    expect(await told(fake, (c) => fake.wx.showToast({ ...c } as never))).toEqual({
      errMsg: 'showToast:fail parameter error: parameter.title should be String instead of Undefined;',
    })
    expect(fake.ui.shown).toMatchObject({ title: 'wait' })
  })

  test('every call is noted, with its options', async () => {
    const fake = loading()
    await told(fake, (c) => fake.wx.hideLoading(c))
    expect(fake.ui.calls).toMatchObject([
      { api: 'showLoading', at: fake.clock.now(), options: { title: 'wait' } },
      { api: 'hideLoading' },
    ])
  })
})

describe('dialogs', () => {
  function ask(fake: FakeWeChat, options: WechatMiniprogram.ShowModalOption = {}) {
    const { results, callbacks } = recorder()
    fake.wx.showModal({ title: 'Try again?', ...options, ...callbacks })
    return results
  }

  test.each<[string, (modal: FakeModal) => void, object]>([
    ['confirmed', (modal) => modal.confirm(), { confirm: true, cancel: false, content: null }],
    ['cancelled', (modal) => modal.cancel(), { confirm: false, cancel: true, content: null }],
    ['left by a tap beside it', (modal) => modal.dismiss(), { confirm: false, cancel: false, content: null }],
  ])('a dialog waits for the user until it is %s', async (_name, answer, result) => {
    const fake = createFakeWeChat()
    const results = ask(fake, { content: 'No network', confirmText: '重试' })
    await fake.clock.advance(600_000)
    expect([results, fake.ui.modals]).toMatchObject([
      [],
      [
        {
          title: 'Try again?',
          content: 'No network',
          confirmText: '重试',
          cancelText: '取消',
          showCancel: true,
        },
      ],
    ])
    fake.ui.modals.forEach(answer)
    await fake.clock.advance(0)
    expect([results, fake.ui.modals]).toEqual([[{ ...result, errMsg: 'showModal:ok' }], []])
  })

  test('what was typed comes with the answer', async () => {
    const fake = createFakeWeChat()
    const results = ask(fake, { editable: true })
    fake.ui.modals[0]?.confirm('Ada')
    await fake.clock.advance(0)
    expect(results).toMatchObject([{ confirm: true, content: 'Ada' }])
  })

  test('several lie on top of each other, and each is answered once', async () => {
    const fake = createFakeWeChat()
    const [first, second] = [ask(fake, { title: 'first' }), ask(fake, { title: 'second' })]
    const [below, above] = fake.ui.modals
    expect(above?.title).toBe('second')
    above?.cancel()
    await fake.clock.advance(0)
    expect([first, second]).toMatchObject([[], [{ cancel: true }]])
    expect(fake.ui.modals).toEqual([below])
    expect(() => above?.confirm()).toThrow('The dialog "second" has been answered before.')
  })

  test.each(['confirmText', 'cancelText'])('a %s of more than four characters is refused', async (button) => {
    const fake = createFakeWeChat()
    const results = ask(fake, { [button]: 'Retry' })
    await fake.clock.advance(0)
    expect(results).toEqual([
      { errMsg: `showModal:fail ${button} length should not larger than 4 Chinese characters` },
    ])
    expect(fake.ui.modals).toEqual([])
  })

  test('without callbacks it is answered by a promise', async () => {
    const fake = createFakeWeChat()
    const answer = fake.wx.showModal({ title: 'Sure?' })
    fake.ui.modals[0]?.confirm()
    await fake.clock.advance(0)
    expect(await answer).toMatchObject({ confirm: true })
  })
})
