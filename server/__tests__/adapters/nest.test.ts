import { Controller, Get, Logger, Module, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { ServerResponse } from 'node:http'
import { SessionErrors, SessionModule, UseSession } from '../../src/adapters/nest.ts'
import { refuse, type Auth } from '../../src/index.ts'
import { DAY, setUp } from '../auth/helpers.ts'
import type { Running } from './apps.ts'

/** An app that sets a cookie of its own first, and has a route that refuses in the middle of its answer. */
async function start(auth: Auth): Promise<Running> {
  class Routes {
    me(): object {
      return {}
    }
    half(response: ServerResponse): never {
      response.write('half an answer')
      throw refuse(403, 'FORBIDDEN', 'no more')
    }
  }
  const decorate = (name: keyof Routes, ...decorators: MethodDecorator[]): void => {
    const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, name)
    if (descriptor) for (const one of decorators) one(Routes.prototype, name, descriptor)
  }
  decorate('me', Get('me'), UseSession())
  decorate('half', Get('half'))
  Res()(Routes.prototype, 'half', 0)
  Controller()(Routes)
  class Root {
    readonly name = 'app'
  }
  Module({ imports: [SessionModule.forRoot(auth)], controllers: [Routes] })(Root)
  Logger.overrideLogger(false)
  const app = await NestFactory.create(Root)
  app.use((_request: unknown, response: ServerResponse, next: () => void) => {
    response.setHeader('set-cookie', 'lang=zh')
    next()
  })
  await app.listen(0, '127.0.0.1')
  return { url: await app.getUrl(), close: () => app.close() }
}

test('the next token’s cookie goes out beside the app’s own', async () => {
  const { auth, clock, login } = setUp({ lifetime: { idle: '30d' }, token: { from: { cookie: 'sid' } } })
  const app = await start(auth)
  const token = await login('alice')
  clock.advance(16 * DAY)
  const answer = await fetch(`${app.url}/me`, { headers: { cookie: `sid=${token}` } })
  const names = answer.headers.getSetCookie().map((cookie) => cookie.split('=')[0])
  expect(names).toEqual(['lang', 'sid'])
  await app.close()
})

test('a route that refuses in the middle of its answer ends that, and no more', async () => {
  // Express 4 takes no promise from Nest: what the filter throws would end the process.
  const filter = jest.spyOn(SessionErrors.prototype, 'catch')
  const app = await start(setUp().auth)
  const answer = await fetch(`${app.url}/half`)
  expect(await answer.text()).toBe('half an answer')
  expect(filter.mock.results).toEqual([{ type: 'return', value: undefined }])
  filter.mockRestore()
  await app.close()
})
