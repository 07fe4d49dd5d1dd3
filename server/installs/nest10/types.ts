import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common'
import { createAuth, memoryStore, wechat, type Auth, type Session } from 'miniprogram-session-server'
import {
  AUTH,
  CurrentSession,
  SessionModule,
  UseOptionalSession,
  UseSession,
} from 'miniprogram-session-server/nest'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [wechat({ appid: 'wx1', secret: 'x' })],
})

@Injectable()
class Users {
  constructor(@Inject(AUTH) private readonly auth: Auth) {}

  throwOut(user: string): Promise<number> {
    return this.auth.revoke({ user })
  }
}

@Controller()
class Me {
  constructor(private readonly users: Users) {}

  @UseSession()
  @Get('me')
  me(@CurrentSession() session: Session): object {
    return { id: session.user }
  }

  @UseOptionalSession()
  @Get('hello')
  hello(@CurrentSession() session?: Session): string {
    return session?.user ?? 'guest'
  }
}

@Module({ imports: [SessionModule.forRoot(auth, { prefix: 'auth' })], controllers: [Me], providers: [Users] })
export class AppModule {}
