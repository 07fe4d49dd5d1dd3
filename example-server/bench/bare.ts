import fastify from 'fastify'

/** What Fastify does at most on this machine: the answer of GET /me, and nothing behind it. */
const app = fastify()
app.get('/me', () => ({ id: '0123456789abcdef', nickname: '微信用户' }))
console.log(`bare at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
