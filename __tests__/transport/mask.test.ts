import { mask, maskWords } from '../../src/transport/mask'

test.each([
  [
    'fail https://api.test/a?skey=secret&x=1 is not in the list',
    undefined,
    'fail https://api.test/a is not in the list',
  ],
  ['fail /a?b=1, and /c?d=2', undefined, 'fail /a and /c'],
  ['fail token-1 for token-1', 'token-1', 'fail *** for ***'],
])('what WeChat says loses its queries and the token: %s', (words, secret, plain) => {
  expect(maskWords(words, secret)).toBe(plain)
})

test.each([
  ['a.b', 'a.b and axb', '*** and axb'],
  ['$&', 'x $& y', 'x *** y'],
  ['(', '( and )', '*** and )'],
])('a token is taken letter by letter, and is no pattern: %s', (secret, words, plain) => {
  expect(mask(words, secret)).toBe(plain)
})

test.each([undefined, ''])('without a secret (%p) the words stay, questions included', (secret) => {
  expect(mask('登录失败?请重试', secret)).toBe('登录失败?请重试')
})
