import assert from 'node:assert/strict'
import { test } from 'node:test'
import MiniSearch from 'minisearch'
import { tokenize } from './tokenize.mjs'

const text = '所有请求共用一次登录，login 失败时看请求头 X-Token 和 wx.checkSession 的 LOGIN_REQUIRED'

function finds(query) {
  const index = new MiniSearch({ fields: ['text'], tokenize })
  index.add({ id: 1, text })
  return index.search(query, { combineWith: 'AND', prefix: true }).length === 1
}

test('Chinese words are found in the middle of a sentence, and what is not there is not', () => {
  for (const word of ['登录', '请求头', '共用一次', '失败']) assert.equal(finds(word), true, word)
  for (const word of ['业务码', '求登', '录失']) assert.equal(finds(word), false, word)
})

test('names are found whole, and by their parts', () => {
  for (const name of ['wx.checkSession', 'session', 'X-Token', 'token', 'LOGIN_REQUIRED', 'required'])
    assert.equal(finds(name), true, name)
})

test('works where it is all there is: it is sent as text', () => {
  const alone = new Function(`return ${tokenize.toString()}`)()
  assert.deepEqual(alone('请求头 a_b'), ['请求', '求头', 'a_b', 'a', 'b'])
})
