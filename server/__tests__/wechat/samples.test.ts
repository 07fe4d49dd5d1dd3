import { decryptOpenData, isSignedWith } from '../../src/wechat/open-data.ts'

// The sample values that WeChat publishes with its page on signatures and its decryption demo.
const SIGNED = {
  sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==',
  rawData:
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}',
  signature: '75e81ceda165f4ffa64f4068af58c64b8f54b88c',
}
const ENCRYPTED = {
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
}
const MADE_AT = 1_477_314_187_000

test("WeChat's sample signature is genuine, and no longer when something was changed", () => {
  const { sessionKey, rawData, signature } = SIGNED
  expect(isSignedWith(sessionKey, rawData, signature)).toBe(true)
  expect(isSignedWith(sessionKey, rawData.replace('Band', 'Bond'), signature)).toBe(false)
})

test("WeChat's sample data is decrypted, for its own mini-program and while it is fresh", () => {
  const open = (appid: string, now: number) => () => decryptOpenData(ENCRYPTED, { appid, now })
  const appid = 'wx4f4bc4dec97d474b'
  expect(open(appid, MADE_AT)()).toMatchObject({ openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', nickName: 'Band' })
  expect(open('wx0000000000000000', MADE_AT)).toThrow('another mini-program')
  expect(open(appid, MADE_AT + 600_001)).toThrow('too old')
})
