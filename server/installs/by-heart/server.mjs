// A back end that has WeChat's address in its code, and asks it in the way that is said: fetch, https, or axios.
import axios from 'axios'
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { get } from 'node:https'

const ways = {
  fetch: async (url) => (await fetch(url)).json(),
  https: (url) =>
    new Promise((resolve, reject) => {
      get(url, async (response) => resolve(JSON.parse((await response.toArray()).join('')))).on(
        'error',
        reject,
      )
    }),
  axios: async (url) => (await axios.get(url)).data,
}
const ask = ways[process.argv[2]]
const users = new Map()

async function login(text) {
  const { code } = JSON.parse(text)
  const query = new URLSearchParams({
    appid: process.env.WECHAT_APPID,
    secret: process.env.WECHAT_SECRET,
    js_code: code,
    grant_type: 'authorization_code',
  })
  const { openid } = await ask(`https://api.weixin.qq.com/sns/jscode2session?${query}`)
  if (openid === undefined) return [400, {}]
  const token = randomBytes(24).toString('base64url')
  users.set(token, createHash('sha256').update(openid).digest('hex'))
  return [200, { token, expiresIn: 7200 }]
}

async function answer(request) {
  if (request.url === '/login') return login((await request.toArray()).join(''))
  const user = users.get(request.headers.authorization?.slice('Bearer '.length))
  return user === undefined ? [401, {}] : [200, { id: user }]
}

createServer(async (request, response) => {
  const [status, body] = await answer(request).catch((error) => [500, { message: String(error) }])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}).listen(process.env.PORT, '127.0.0.1')
