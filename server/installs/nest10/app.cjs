// What the compiler of a Nest app makes, by hand: decorators are functions.
require('reflect-metadata')
const { Controller, Get, Module } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const { FastifyAdapter } = require('@nestjs/platform-fastify')
const { createAuth, memoryStore } = require('miniprogram-session-server')
const { CurrentSession, SessionModule, UseSession } = require('miniprogram-session-server/nest')

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [{ id: 'test:shop', exchange: async (code) => ({ app: 'test:shop', openid: code }) }],
  onLogin: ({ openid }) => openid,
})

class Users {
  me(session) {
    return { id: session.user }
  }
}
const me = Object.getOwnPropertyDescriptor(Users.prototype, 'me')
Get('me')(Users.prototype, 'me', me)
UseSession()(Users.prototype, 'me', me)
CurrentSession()(Users.prototype, 'me', 0)
Controller()(Users)

class AppModule {}
Module({ imports: [SessionModule.forRoot(auth)], controllers: [Users] })(AppModule)

async function main() {
  const platform = process.env.PLATFORM === 'fastify' ? [new FastifyAdapter()] : []
  const app = await NestFactory.create(AppModule, ...platform, { logger: ['error'] })
  app.setGlobalPrefix('api')
  await app.listen(0, '127.0.0.1')
  console.log(`at ${await app.getUrl()}`)
}

main()
