import { createCipheriv, createHash } from 'node:crypto'
import { createStubWeChat } from '../src/wechat/stub.ts'
import { Client, errorCode } from './client.ts'

// The sample values that WeChat publishes with its page on signatures and its decryption demo.
const SIGNED = {
  sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==',
  rawData:
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}',
  signature: '75e81ceda165f4ffa64f4068af58c64b8f54b88c',
}
const ENCRYPTED = {
  appid: 'wx4f4bc4dec97d474b',
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
  timestamp: 1_477_314_187,
}

let server: Client
afterEach(() => server.app.close())

/** A logged-in user whose session_key is this one, at the time of WeChat's sample unless said otherwise. */
async function start(sessionKey: string, appid = ENCRYPTED.appid, now = ENCRYPTED.timestamp * 1000) {
  const wechat = {
    ...createStubWeChat(),
    code2Session: () => Promise.resolve({ openid: 'band', sessionKey }),
  }
  const account = { appid, secret: '', api: '' }
  server = await Client.start({ wechat, account, clock: () => now })
  const token = (await server.exchange('any')).body['token'] as string
  return (body: object) => server.post('/open-data', body, token)
}

test("WeChat's sample signature is genuine", async () => {
  const { sessionKey, ...body } = SIGNED
  const send = await start(sessionKey)
  const answer = await send(body)
  expect(answer.statusCode).toBe(200)
  expect(answer.body['data']).toMatchObject({ nickName: 'Band' })
  expect(answer.text).not.toContain(sessionKey)
})

test("WeChat's sample data is decrypted", async () => {
  const { sessionKey, encryptedData, iv } = ENCRYPTED
  const send = await start(sessionKey)
  const answer = await send({ encryptedData, iv })
  expect(answer.body['data']).toMatchObject({ openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', nickName: 'Band' })
})

test('data changed on the way is not believed', async () => {
  const { sessionKey, rawData, signature } = SIGNED
  const send = await start(sessionKey)
  const answer = await send({ rawData: rawData.replace('Band', 'Bond'), signature })
  expect([answer.statusCode, errorCode(answer)]).toEqual([409, 'SESSION_KEY_STALE'])
})

test('a session_key that no longer fits is told from every other mistake, and is not a 401', async () => {
  const { encryptedData, iv } = ENCRYPTED
  const send = await start(SIGNED.sessionKey)
  const answer = await send({ encryptedData, iv })
  expect([answer.statusCode, errorCode(answer)]).toEqual([409, 'SESSION_KEY_STALE'])
})

test('data for another appid is refused', async () => {
  const { sessionKey, encryptedData, iv } = ENCRYPTED
  const send = await start(sessionKey, 'wx1111111111111111')
  const answer = await send({ encryptedData, iv })
  expect([answer.statusCode, errorCode(answer)]).toEqual([400, 'WATERMARK_MISMATCH'])
})

test.each([-11, 11])('data %i minutes away from now is refused', async (minutes) => {
  const { sessionKey, encryptedData, iv, appid, timestamp } = ENCRYPTED
  const send = await start(sessionKey, appid, timestamp * 1000 + minutes * 60_000)
  const answer = await send({ encryptedData, iv })
  expect([answer.statusCode, errorCode(answer)]).toEqual([400, 'DATA_TOO_OLD'])
})

test.each([
  'not json',
  '[1]',
  '"text"',
  '{}',
  '{"watermark":{}}',
  '{"watermark":{"appid":"wx4f4bc4dec97d474b"}}',
])('data that decrypts to %s is the client’s problem', async (plain) => {
  const { sessionKey, iv } = ENCRYPTED
  const [key, start_] = [Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64')]
  const cipher = createCipheriv('aes-128-cbc', key, start_)
  const encryptedData = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  const send = await start(sessionKey)
  const { statusCode } = await send({ encryptedData, iv })
  expect([400, 409]).toContain(statusCode)
})

test.each([
  ['nothing', {}],
  ['data without its iv', { encryptedData: ENCRYPTED.encryptedData }],
  ['a signature without data', { signature: SIGNED.signature }],
  ['a signature in capitals', { rawData: '{}', signature: SIGNED.signature.toUpperCase() }],
  ['a short iv', { encryptedData: ENCRYPTED.encryptedData, iv: 'AAAA' }],
  ['a broken block', { encryptedData: 'AAAA', iv: ENCRYPTED.iv }],
  ['no base64', { encryptedData: '%%%', iv: ENCRYPTED.iv }],
  ['numbers', { encryptedData: 1, iv: 2 }],
])('%s is a bad request', async (_, body) => {
  const send = await start(ENCRYPTED.sessionKey)
  const answer = await send(body)
  expect([answer.statusCode, errorCode(answer)]).toEqual([400, 'BAD_REQUEST'])
})

test('signed data that is no object is a bad request', async () => {
  const { sessionKey } = SIGNED
  const rawData = 'null'
  const signature = createHash('sha1')
    .update(rawData + sessionKey)
    .digest('hex')
  const send = await start(sessionKey)
  expect(errorCode(await send({ rawData, signature }))).toBe('BAD_REQUEST')
})
