// Only what the source marks as its own is renamed: all else is read by users, by WeChat or by somebody's server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minify } from './minify.mjs'

const short = async (code) => (await minify().renderChunk(code)).code

test('a member that starts with an underscore gets a short name', async () => {
  const code = await short(
    'class Call { constructor() { this._attempts = 0 } _send() { return this._attempts++ } } exports.call = new Call()._send',
  )
  assert.doesNotMatch(code, /_attempts|_send/)
  assert.match(code, /\.call=/)
})

test('members without one keep theirs, and so does what stands in quotes', async () => {
  const code = await short(
    "exports.read = (options) => [options.headers, options.params, options.body, options['_id'], options.__wxExparserNodeId__]",
  )
  for (const name of ['headers', 'params', 'body', '_id', '__wxExparserNodeId__'])
    assert.match(code, new RegExp(`\\b${name}\\b`))
})

test('messages stay word for word', async () => {
  const words = 'the option _login is wrong: headers, params and body are names of other libraries'
  assert.ok((await short(`exports.fail = () => { throw new Error('${words}') }`)).includes(words))
})
