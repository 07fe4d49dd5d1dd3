import { createFakeStorage, createFakeWeChat } from '../../src/testing'
import { recorder } from './helpers'

test('what is stored is read as a copy', () => {
  const { wx } = createFakeWeChat()
  const value = { token: 't', list: [1], none: undefined }
  wx.setStorageSync('a', value)
  value.token = 'changed'
  expect(wx.getStorageSync('a')).toEqual({ token: 't', list: [1] })
  expect(wx.getStorageSync('a')).not.toBe(wx.getStorageSync('a'))
})

test('dates stay dates, undefined becomes an empty string, a missing key reads as one', () => {
  const { wx } = createFakeWeChat()
  wx.setStorageSync('date', new Date(0))
  wx.setStorageSync('undefined', undefined)
  expect([wx.getStorageSync('date'), wx.getStorageSync('undefined'), wx.getStorageSync('missing')]).toEqual([
    new Date(0),
    '',
    '',
  ])
})

test('a removed key is gone', () => {
  const { wx, storage } = createFakeWeChat()
  wx.setStorageSync('a', 1)
  wx.removeStorageSync('a')
  wx.removeStorageSync('never there')
  expect(storage.keys()).toEqual([])
})

test('the asynchronous calls do the same, by callbacks or by a promise', async () => {
  const { wx, clock, storage } = createFakeWeChat()
  const { results, callbacks } = recorder()
  wx.setStorage({ key: 'a', data: [1], ...callbacks })
  await clock.runAll()
  const read = wx.getStorage({ key: 'a' })
  await clock.runAll()
  await expect(read).resolves.toEqual({ data: [1], errMsg: 'getStorage:ok' })
  wx.removeStorage({ key: 'a', ...callbacks })
  wx.getStorage({ key: 'a', ...callbacks })
  wx.clearStorage(callbacks)
  await clock.runAll()
  expect(results).toEqual([
    { errMsg: 'setStorage:ok' },
    { errMsg: 'removeStorage:ok' },
    { errMsg: 'getStorage:fail data not found' },
    { errMsg: 'clearStorage:ok' },
  ])
  const missing = expect(wx.getStorage({ key: 'a' })).rejects.toHaveProperty('errMsg')
  const cleared = wx.clearStorage()
  await clock.runAll()
  await missing
  await cleared
  expect(storage.keys()).toEqual([])
})

test('what was encrypted is read with encrypt only, and takes 1.4 times the room', async () => {
  const { wx, clock } = createFakeWeChat({ storageLimit: { perKey: 1000 } })
  wx.setStorage({ key: 'a', data: 'secret', encrypt: true, success: () => undefined })
  const read = wx.getStorage({ key: 'a', encrypt: true })
  const plain = expect(wx.getStorage({ key: 'a' })).rejects.toHaveProperty('errMsg')
  const big = expect(
    wx.setStorage({ key: 'b', data: 'x'.repeat(800), encrypt: true }),
  ).rejects.toHaveProperty('errMsg')
  expect(wx.getStorageSync('a')).toBe('')
  await clock.runAll()
  expect(await read).toHaveProperty('data', 'secret')
  await plain
  await big
})

test('a key holds 1 MB and the whole 10 MB, in bytes', () => {
  const { wx } = createFakeWeChat()
  const megabyte = 'é'.repeat(524_287)
  expect(() => wx.setStorageSync('a', megabyte + 'x')).toThrow('max length limit')
  for (let n = 0; n < 10; n++) wx.setStorageSync(`key ${n}`, megabyte)
  wx.setStorageSync('key 0', megabyte)
  expect(() => wx.setStorageSync('one more', 'x')).toThrow('max size')
  expect(wx.getStorageInfoSync()).toMatchObject({ currentSize: 10_240, limitSize: 10_240 })
  wx.clearStorageSync()
  expect(wx.getStorageInfoSync()).toEqual({ keys: [], currentSize: 0, limitSize: 10_240 })
})

test('the storage fails when told to, until it is repaired', async () => {
  const { wx, storage, clock } = createFakeWeChat()
  storage.set('a', 1)
  for (const operation of ['get', 'set', 'remove'] as const) storage.fail(operation)
  expect(() => void wx.getStorageSync('a')).toThrow('fail get')
  expect(() => wx.setStorageSync('a', 2)).toThrow('fail set')
  expect(() => wx.removeStorageSync('a')).toThrow('fail remove')
  const { results, callbacks } = recorder()
  wx.getStorage({ key: 'a', ...callbacks })
  await clock.runAll()
  expect(results).toEqual([{ errMsg: 'getStorage:fail get storage error' }])
  storage.repair('get')
  expect(wx.getStorageSync('a')).toBe(1)
  storage.repair()
  wx.setStorageSync('a', 2)
  expect(storage.get('a')).toBe(2)
})

test('the storage may fail a few times only, return garbage, or never answer', async () => {
  const { wx, storage, clock } = createFakeWeChat()
  storage.set('a', 1)
  storage.fail('get', 'garbage', 1)
  expect(wx.getStorageSync('a')).not.toBe(1)
  expect(wx.getStorageSync('a')).toBe(1)
  for (const operation of ['get', 'set', 'remove'] as const) storage.fail(operation, 'hang')
  const { calls, callbacks } = recorder()
  wx.getStorage({ key: 'a', ...callbacks })
  wx.setStorage({ key: 'a', data: 2, ...callbacks })
  wx.removeStorage({ key: 'a', ...callbacks })
  await clock.runAll()
  expect([calls, wx.getStorageSync('a'), storage.get('a')]).toEqual([[], 1, 1])
})

test('reads and writes are counted; those of the test itself are not', () => {
  const { wx, storage, calls } = createFakeWeChat()
  storage.set('a', 1)
  storage.get('a')
  storage.get('missing')
  wx.getStorageSync('a')
  wx.setStorageSync('a', 2)
  wx.removeStorageSync('a')
  storage.remove('a')
  expect([storage.reads, storage.writes, calls.storageReads, calls.storageWrites]).toEqual([1, 2, 1, 2])
})

test('limits of a storage made by hand', () => {
  const storage = createFakeStorage({ total: 10 })
  const { wx } = createFakeWeChat({ storage })
  expect(() => wx.setStorageSync('a', '0123456789')).toThrow('max size')
  storage.clear()
})
