import { createFakeWeChat, type FailureName } from '../../src/testing'
import { answerTo, recorder, send } from './helpers'

const interrupted = { errMsg: 'request:fail interrupted', errno: 600003 }

test('offline, what runs fails at once and what starts fails after its latency', async () => {
  const fake = createFakeWeChat({ concurrency: 1 })
  const [running, waiting] = [send(fake), send(fake)]
  fake.network.offline()
  expect([running.results, waiting.results]).toMatchObject([[{ errno: 600001 }], []])
  await fake.clock.runAll()
  expect(waiting.results).toMatchObject([{ errno: 600001 }])
  expect(waiting.results[0]?.['errMsg']).toContain('net::ERR_INTERNET_DISCONNECTED')
  fake.network.online()
  expect(await answerTo(fake)).toMatchObject({ statusCode: 401 })
})

test('an aborted request stays aborted when the network goes', async () => {
  const fake = createFakeWeChat()
  const { task, results } = send(fake)
  task.abort()
  fake.network.offline()
  await fake.clock.runAll()
  expect(results).toEqual([{ errMsg: 'request:fail abort' }])
})

test('a change of network fails what runs, not what waits', async () => {
  const fake = createFakeWeChat({ concurrency: 1 })
  const [running, waiting] = [send(fake), send(fake)]
  fake.network.change()
  expect(fake.network.type).toBe('4g')
  await fake.clock.runAll()
  expect(running.results[0]?.['errMsg']).toContain('network change, cancel all task')
  expect(waiting.results).toMatchObject([{ statusCode: 401 }])
  fake.network.change()
  expect(fake.network.type).toBe('wifi')
})

test('the next requests fail as ordered', async () => {
  const fake = createFakeWeChat()
  fake.network.failNext()
  fake.network.failNext(2, 'timed-out')
  const errors = []
  for (let n = 0; n < 4; n++) errors.push((await answerTo(fake))?.['errMsg'])
  expect(errors).toEqual([
    'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED',
    'request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT',
    'request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT',
    'request:ok',
  ])
})

test('listeners hear of a change, getNetworkType tells what it is', async () => {
  const fake = createFakeWeChat()
  const heard: unknown[] = []
  const listener = (event: object) => void heard.push(event)
  const removed = () => void heard.push('removed')
  fake.wx.onNetworkStatusChange(listener)
  fake.wx.onNetworkStatusChange(removed)
  fake.wx.offNetworkStatusChange(removed)
  fake.network.online('5g')
  fake.network.online('5g')
  fake.network.offline()
  await fake.clock.runAll()
  fake.wx.offNetworkStatusChange()
  fake.network.online()
  const { calls, results, callbacks } = recorder()
  fake.wx.getNetworkType(callbacks)
  await fake.clock.runAll()
  expect(heard).toEqual([
    { isConnected: true, networkType: '5g' },
    { isConnected: false, networkType: 'none' },
  ])
  expect([calls, results]).toMatchObject([['success', 'complete'], [{ networkType: 'wifi' }]])
})

test('in the background, what is unfinished after 5 s is interrupted, waiting requests included', async () => {
  const fake = createFakeWeChat({ concurrency: 1, latency: 20_000 })
  const [running, waiting] = [send(fake), send(fake)]
  fake.app.toBackground()
  fake.app.toBackground()
  expect(fake.app.isInBackground).toBe(true)
  await fake.clock.advance(4_999)
  expect(running.calls).toEqual([])
  await fake.clock.advance(1)
  expect([running.results, waiting.results]).toEqual([[interrupted], [interrupted]])
  expect([fake.network.running, fake.network.waiting]).toEqual([0, 0])
})

test('in the background new requests fail, back in front they work', async () => {
  const fake = createFakeWeChat()
  fake.app.toBackground()
  const failure = await answerTo(fake)
  expect(failure?.['errMsg']).toContain('network api interrupted in suspend state')
  expect(failure?.['errno']).toBe(600003)
  expect(fake.calls.requests).toMatchObject([{ outcome: 'fail' }])
  fake.app.toForeground()
  expect(await answerTo(fake)).toMatchObject({ statusCode: 401 })
})

test('back within 5 s, nothing is interrupted', async () => {
  const fake = createFakeWeChat({ latency: 6_000 })
  const { results } = send(fake)
  fake.app.toBackground()
  await fake.clock.advance(4_000)
  fake.app.toForeground()
  fake.app.toForeground()
  await fake.clock.runAll()
  expect(results).toMatchObject([{ statusCode: 401 }])
})

test('the app hears of being hidden and shown', () => {
  const fake = createFakeWeChat()
  const heard: string[] = []
  const removed = () => void heard.push('removed')
  fake.wx.onAppHide(() => void heard.push('hide'))
  fake.wx.onAppShow(({ scene }) => void heard.push(`show ${scene}`))
  fake.wx.onAppHide(removed)
  fake.wx.offAppHide(removed)
  fake.app.toBackground()
  fake.app.toForeground()
  fake.wx.offAppShow()
  fake.wx.offAppHide()
  fake.app.toBackground()
  expect(heard).toEqual(['hide', 'show 1001'])
})

test('a change of network fails uploads and downloads as well, in the words of iOS', () => {
  const fake = createFakeWeChat()
  const noted = [recorder(), recorder()]
  const url = 'https://api.test/file'
  fake.wx.uploadFile({ url, filePath: 'wxfile://a', name: 'a', ...noted[0]?.callbacks })
  fake.wx.downloadFile({ url, ...noted[1]?.callbacks })
  fake.network.change('5g')
  const words = 'fail errcode:10011 cronet_error_code:10011 error_msg:network change, cancel all task'
  expect(noted.map(({ results }) => results)).toEqual([
    [{ errMsg: `uploadFile:${words}`, errno: 600001 }],
    [{ errMsg: `downloadFile:${words}`, errno: 600001 }],
  ])
  expect([fake.network.type, fake.network.running]).toEqual(['5g', 0])
})

test.each<[FailureName, string, number | undefined]>([
  ['not-in-domain-list', 'request:fail url not in domain list', 600002],
  ['file-too-big', 'request:fail exceed max file size', 603301],
  ['storage-full', 'request:fail the maximum size of the file storage limit is exceeded', 1300202],
  ['timeout-apple', 'request:fail The request timed out.', undefined],
  ['timeout-chinese', 'request:fail 请求超时', undefined],
  ['timeout-devtools', 'request:fail time out', undefined],
  ['disconnected-chinese', 'request:fail 似乎已断开与互联网的连接', undefined],
  [
    'dns-android',
    'request:fail Unable to resolve host "api.test": No address associated with hostname',
    undefined,
  ],
])('%s is told as phones tell it', async (failure, errMsg, errno) => {
  const fake = createFakeWeChat()
  fake.network.failNext(1, failure)
  expect(await answerTo(fake)).toEqual(errno === undefined ? { errMsg } : { errMsg, errno })
})
