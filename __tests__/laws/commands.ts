import type { Copy } from './model/copy'
import { HOMES } from './model/words'
import type { World } from './model/world'
import type { Disturbance, Doing, Step } from './steps'

export async function perform(world: World, one: Step): Promise<void> {
  const { fake, scheduler } = world
  switch (one.do) {
    case 'answers':
      for (let n = 0; n < one.count && scheduler.count() > 0; n++) {
        await scheduler.waitNext(1)
        await world.clock.advance(0)
      }
      return
    case 'time':
      if (one.ms > 1) world.isPeaceful = false
      world.say(`${one.ms} ms pass`)
      return world.clock.advance(one.ms)
    case 'kill tokens':
      world.say('the server forgets all tokens')
      fake.server.expire()
      return
    case 'lock':
      world.say(`the server ${one.isOn ? 'lets nobody in, with whatever token' : 'lets in whom it knows'}`)
      world.backEnd.isLocked = one.isOn
      return
    case 'kill session_key':
      world.say('the session_key expires: checkSession will fail')
      fake.account.expireKey()
      return
    case 'lives':
      world.say(`from now on tokens live ${one.seconds === undefined ? 'for ever' : `${one.seconds} s`}`)
      fake.server.expiresIn = one.seconds
      return
    case 'send':
    case 'ensureLogin':
    case 'setSession':
    case 'logout':
    case 'abort':
    case 'listener': {
      act(world, one)
      return
    }
    default:
      world.isPeaceful = false
      disturb(world, one)
  }
}

function act(world: World, one: Doing): void {
  const at = (index: number): Copy => world.copies[index % world.copies.length] as Copy
  switch (one.do) {
    case 'send':
      for (let n = 0; n < one.count; n++) at(one.copy).send(one.kind, one.viaClone)
      return
    case 'ensureLogin':
      at(one.copy).ensureLogin(one.kind, one.kind === 'data' ? one.data : undefined)
      return
    case 'setSession': {
      const { server } = world.fake
      const token = server.issue()
      if (!one.isLive) server.expire(token)
      at(one.copy).setSession(token)
      return
    }
    case 'logout':
      world.isPeaceful = false
      at(one.copy).logout()
      return
    case 'abort': {
      world.isPeaceful = false
      const pending = world.calls.filter(({ code }) => code === undefined)
      const call = pending[one.which % pending.length]
      if (call) world.say(`${call.name} is aborted`)
      call?.abort()
      return
    }
    case 'listener':
      world.isPeaceful = false
      world.say(`the app waits for "${one.hears}", and will do this: ${one.deed}`)
      world.deeds.push({ hears: one.hears, deed: one.deed })
  }
}

function disturb(world: World, one: Disturbance): void {
  const { fake, backEnd, phone } = world
  switch (one.do) {
    case 'login mood':
      world.say(`the next wx.login will do this: ${one.mood}`)
      world.loginMoods.push(one.mood)
      return
    case 'check mood':
      world.say(`wx.checkSession will do this: ${one.mood}`)
      world.checkMoods.push(one.mood)
      return
    case 'request mood':
      world.say(`the next wx.request will do this: ${one.mood}`)
      fake.misbehave('request', one.mood)
      return
    case 'exchange mood':
      world.say(`the next ${one.count} login answers will be: ${one.mood}`)
      for (let n = 0; n < one.count; n++) backEnd.exchangeMoods.push(one.mood)
      if (one.mood === 'cached')
        fake.misbehave('request', 'cached', one.count, ({ url }) => /\/(login|password)$/.test(String(url)))
      return
    case 'refresh mood':
      world.say(`the next ${one.count} answers to refresh will be: ${one.mood}`)
      for (let n = 0; n < one.count; n++) world.refreshMoods.push(one.mood)
      return
    case 'stream mood':
      world.say(`the next chunked answer will be: ${one.mood}`)
      backEnd.streamMoods.push(one.mood)
      return
    case 'outage':
      world.say(
        `behind the gateway ${one.isOn ? 'nobody answers: 503 to all but logins' : 'all is well again'}`,
      )
      backEnd.isOut = one.isOn
      return
    case 'host': {
      const host = HOMES[one.which] as string
      world.say(`${host} ${one.isDown ? 'cannot be reached' : 'is there again'}`)
      if (one.isDown) backEnd.down.add(host)
      else backEnd.down.delete(host)
      return
    }
    case 'abort mode':
      world.say(`from now on abort() is ${one.mode}`)
      fake.abort = one.mode
      return
    case 'store':
      world.say(`the storage ${one.isWell ? 'works' : `fails from now on: ${one.what}`}`)
      for (const { store } of world.copies) store.turn(one.isWell, one.what)
      return
    case 'network':
      world.say(`the network is ${one.isOn ? 'there' : 'gone'}`)
      if (one.isOn) fake.network.online()
      else fake.network.offline()
      retriesMayBegin(world)
      return
    case 'network change':
      world.say('the phone changes to another network')
      fake.network.change()
      retriesMayBegin(world)
      return
    case 'background':
      world.say(`the app goes to the ${one.isBack ? 'background' : 'foreground'}`)
      for (const copy of world.copies) copy.noteQueue(one.isBack)
      if (one.isBack) fake.app.toBackground()
      else fake.app.toForeground()
      return
    case 'clock':
      world.say(`the phone's clock is set by ${one.ms} ms`)
      phone.set(one.ms)
      return
    case 'sleep':
      world.say(`the phone sleeps for ${one.ms} ms`)
      phone.sleep(one.ms)
  }
}

/** What waits for its next try need not wait for its time. */
function retriesMayBegin(world: World): void {
  for (const { login } of world.copies) if (login.now) login.now.notBefore = 0
}
