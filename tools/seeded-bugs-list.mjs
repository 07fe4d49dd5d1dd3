/**
 * The classic bugs of login code. Each edit replaces one place of a file in src/; a place that is no longer there
 * is reported, so that the list keeps up with the source.
 */
const one = (name, file, from, to) => ({ name, edits: [{ file, from, to }] })
const several = (name, ...edits) => ({ name, edits: edits.map(([file, from, to]) => ({ file, from, to })) })

const SESSION = 'session/session.ts'
const LOGIN = 'session/login.ts'
const CHECK = 'session/check.ts'
const STORE = 'session/store.ts'
const PAUSE = 'session/cooldown.ts'
const ATTACH = 'session/attach.ts'
const CALL = 'call/call.ts'
const REQUEST = 'call/request.ts'
const TRIP = 'transport/wire.ts'
const RETRY = 'call/retry.ts'

const CHECK_FAILED =
  "if (check.state === 'failed' && known.is === 'known' && !login) begin('check-failed', false)"

export const BUGS = [
  // Laws 1 and 2: one login, and a 401 counts only for the token that is current.
  one(
    'a 401 is not compared with the current token',
    CALL,
    'const isCurrent = token === session.currentToken()',
    'const isCurrent = true',
  ),
  one(
    'a second login begins while one is in flight',
    SESSION,
    "if (known.is === 'reading' || login) return false",
    "if (known.is === 'reading') return false",
  ),
  one(
    'a forced login does not join the one in flight',
    SESSION,
    "if (login) login.forced = true\n      else begin('forced', true, asker)",
    "begin('forced', true, asker)",
  ),
  several(
    'the login is over before its session is kept',
    [
      SESSION,
      'function done(session: Session, origin: Origin): void {',
      'async function done(session: Session, origin: Origin): Promise<void> {',
    ],
    [
      SESSION,
      "known = { is: 'known', session, fresh: isNew }",
      "await new Promise<void>((done) => timers.after(1, done))\n      known = { is: 'known', session, fresh: isNew }",
    ],
  ),
  one(
    'a refused token stays the current one',
    SESSION,
    "known = { is: 'none', refused: session }\n      store.remove(session.token)",
    '',
  ),
  one(
    'a refused token stays in the store',
    SESSION,
    'store.remove(session.token)\n      return undefined',
    'return undefined',
  ),
  // Law 3: nobody walks into a closing door.
  one(
    'requests go out during a login',
    SESSION,
    "if (login || known.is === 'unread' ||",
    "if (known.is === 'unread' ||",
  ),
  one(
    'the session is not looked at again after the wait for a lane',
    CALL,
    "if (this.is('queued') && this.open() && this.mayGo()) this.send()",
    "if (this.is('queued') && this.open()) this.send()",
  ),
  one(
    'the session is not looked at again after listeners were told',
    CALL,
    "this.phase = 'authorising'\n    if (!this.mayGo()) return this.over()\n",
    '',
  ),
  one('an expired token goes out', SESSION, '&& !hasExpired(known.session, timers)', ''),
  // Law 4: replays end.
  one('a replay counts twice', CALL, 'this.replays++', 'this.replays += 2'),
  one('replays are not counted', CALL, 'this.replays++', ''),
  one('a 401 to an awaited token is not final', CALL, '(isCurrent && token === this.awaited)', 'false'),
  one(
    'a 401 is final although its token was replaced meanwhile',
    CALL,
    '(isCurrent && token === this.awaited)',
    'token === this.awaited || !isCurrent',
  ),
  one('a POST is sent again after a failure', RETRY, ' || methods.indexOf(method) < 0', ''),
  one('retries do not end', RETRY, ' || attempt > limit', ''),
  // Law 5: a code is used once.
  several(
    'a code is used again after a failed exchange',
    [LOGIN, 'let mayRefresh = ended && refresh', 'let mayRefresh = ended && refresh\n    let kept: unknown'],
    [
      LOGIN,
      "Object(await step('wx.login', askForCode)) as LoginAnswer",
      "Object((kept = kept ?? (await step('wx.login', askForCode)))) as LoginAnswer",
    ],
    [LOGIN, ' || spent.has(code)', ''],
  ),
  one('a code from a cache is taken for a code', LOGIN, ' || fromCache || spent.has(code)', ''),
  // Law 6: failure is shared, then over.
  one('waiters of a failed login are not rejected', SESSION, 'else waiter.fail(error)\n    }', '}'),
  one('a failed login is never over', SESSION, 'login = undefined\n    pause.failed()', 'pause.failed()'),
  one('logins are never paused', PAUSE, 'if (++failures < TOLERATED)', 'if (++failures < 1e9)'),
  one('a forced login heeds the pause', PAUSE, 'if (forced || left <= 0)', 'if (left <= 0)'),
  one('an accepted request does not end the pause', SESSION, 'pause.clear()', ''),
  one(
    'a gateway that is down ends the pause',
    CALL,
    ' && errand.asResponse(result as R).statusCode < 500',
    '',
  ),
  one(
    'a fresh token that is refused counts for nothing',
    SESSION,
    'known.fresh = false\n    pause.failed()',
    'known.fresh = false',
  ),
  one(
    'a fresh token counts as failed once for each request that it is refused to',
    SESSION,
    'known.fresh = false\n    pause.failed()',
    'pause.failed()',
  ),
  one('a user whom WeChat has blocked is logged in again', LOGIN, " || code === 'LOGIN_BLOCKED'", ''),
  // Law 7: logout wins.
  one(
    'a login stores its session after a logout',
    SESSION,
    'gained && isWanted() && done(',
    'gained && done(',
  ),
  one(
    'a logout does not end the login in flight',
    SESSION,
    'epoch++\n      login = undefined\n',
    'epoch++\n',
  ),
  one('a logout ends no request that was made before it', SESSION, 'epoch++\n', ''),
  one(
    'a logout leaves those alone who wait',
    SESSION,
    'for (const waiter of waiters) waiter.fail(error)',
    '',
  ),
  one(
    'a logout leaves the session in the store',
    SESSION,
    'store.remove()\n      for (const waiter of waiters)',
    'for (const waiter of waiters)',
  ),
  one('a logout misses those who queue for a lane', CALL, "this.wait('queued')", "this.phase = 'queued'"),
  one(
    'a logout misses those who wait for another try',
    CALL,
    "this.wait('between tries')",
    "this.phase = 'between tries'",
  ),
  one(
    'a code goes to the server after a logout',
    LOGIN,
    'assertWanted()\n        if (code !== MOCK_CODE)',
    'if (code !== MOCK_CODE)',
  ),
  one(
    'a login that a logout has ended asks for a code',
    LOGIN,
    'if (isWanted()) starting()\n      assertWanted()',
    'if (isWanted()) starting()',
  ),
  one(
    'a listener logs out on hearing of a login, and its session is stored',
    SESSION,
    'if (isNew && currentToken() === session.token) store.write(session)',
    'if (isNew) store.write(session)',
  ),
  one(
    'a 401 from before a logout starts a login',
    CALL,
    'this.epoch !== session.epoch() ||\n      this.replays',
    'this.replays',
  ),
  // Law 8: checkSession once.
  several(
    'the check is asked again and again',
    [CHECK, "if (check.state !== 'unasked') return", "if (check.state === 'asking') return"],
    [SESSION, "!login && check.state === 'unasked'", "!login && check.state !== 'asking'"],
  ),
  one(
    'a check that hangs keeps everybody waiting',
    CHECK,
    'timers.after(CHECK_TIMEOUT,',
    'timers.after(1e12,',
  ),
  one('a failed check counts as passed', CHECK, "phase === 'failed' ? phase : 'passed'", "'passed'"),
  one('a late answer of the check counts after a login', CHECK, "if (check.state !== 'asking') return", ''),
  one('a login with a code does not settle the check', SESSION, "if (origin === 'exchanged' || (", 'if (('),
  one(
    "'verified' does not wait for the check",
    REQUEST,
    "auth === 'verified' ? 'confirmed'",
    "auth === 'verified' ? 'token'",
  ),
  one(
    "'blocking' does not wait for the check",
    'client/config.ts',
    "options.checkSession === 'blocking' ? 'confirmed' : 'token'",
    "'token'",
  ),
  one(
    'a login after a failed check takes the background requests down with it',
    SESSION,
    '!mine.forced && isUsable()',
    'false',
  ),
  // Law 9: everything settles, and gives back one lane.
  one(
    'wx.login has no time-out',
    LOGIN,
    'const ms = Math.min(timeout, end - timers.now())',
    "const ms = what === 'wx.login' ? 1e12 : Math.min(timeout, end - timers.now())",
  ),
  one('a login that has timed out is tried again', LOGIN, "code === 'LOGIN_TIMEOUT' || ", ''),
  one(
    'a store that does not answer keeps everybody waiting',
    STORE,
    'limit(timers, STORE_TIMEOUT,',
    'limit(timers, 1e12,',
  ),
  one(
    'an aborted request that is never confirmed keeps its lane',
    TRIP,
    'this.timers.start(this, ABORT_GRACE)',
    '',
  ),
  one(
    'an aborted request gives its lane back while WeChat still sends it',
    TRIP,
    'this.timers.start(this, ABORT_GRACE)',
    'this.land()',
  ),
  one(
    'an abort leaves the request on the wire',
    CALL,
    "if (this.is('on the wire')) this.errand.abandon()",
    '',
  ),
  one(
    'a lane is given back twice',
    TRIP,
    'sender.over()\n  }\n\n  private is(',
    'sender.over()\n    sender.over()\n  }\n\n  private is(',
  ),
  one(
    'a request that ended in the queue keeps the lane it is given',
    CALL,
    "if (this.is('queued') && this.open() && this.mayGo()) this.send()",
    "if (!this.is('queued')) return\n      if (this.open() && this.mayGo()) this.send()",
  ),
  one(
    'a request that a listener has ended keeps its lane',
    CALL,
    "if (!this.is('departing')) return this.over()",
    "if (!this.is('departing')) return",
  ),
  one(
    'a request that a listener has ended goes out all the same',
    CALL,
    "if (!this.is('departing')) return this.over()\n    this.phase = 'authorising'\n    if (!this.mayGo()) return this.over()\n",
    '',
  ),
  one(
    "WeChat's second callback counts as well",
    TRIP,
    "if (trip !== this.trips || this.is('at home')) return",
    'if (trip !== this.trips) return',
  ),
  one(
    'an answer to an earlier attempt counts for the later one',
    TRIP,
    "if (trip !== this.trips || this.is('at home')) return",
    "if (this.is('at home')) return",
  ),
  one('the timer of another try is not cancelled', CALL, 'core.timers.cancel(this.retryTimer)', ''),
  one(
    'the time-out of an answered request is not cancelled',
    TRIP,
    "this.state = 'at home'\n    this.timers.cancel(this)\n    // The answer",
    "this.state = 'at home'\n    // The answer",
  ),
  one('a login takes a lane', REQUEST, 'return !this.isQuiet', 'return true'),
  // Law 10: nothing good is thrown away.
  one(
    'a final 401 evicts the token',
    SESSION,
    'refusedForGood: countRefusal,',
    "refusedForGood() {\n      const token = currentToken()\n      known = { is: 'none' }\n      store.remove(token)\n    },",
  ),
  one(
    "a 401 to an 'optional' request evicts the token",
    CALL,
    "need === 'any' ||\n      this.epoch",
    'this.epoch',
  ),
  one(
    'a failed check deletes the session',
    SESSION,
    CHECK_FAILED,
    `if (check.state === 'failed' && known.is === 'known' && !login) {
      known = { is: 'none' }
      store.remove()
    }`,
  ),
  one(
    'a 401 removes whatever is stored',
    STORE,
    'return !token || (session && session.token === token) ? target.remove() : undefined',
    'return target.remove()',
  ),
  // Laws 11 and 12: storage may fail, and another copy may have logged in.
  one(
    'a session that could not be stored is not kept',
    SESSION,
    'if (isNew && currentToken() === session.token) store.write(session)',
    "if (isNew && currentToken() === session.token) store.write(session)\n          known = { is: 'unread' }",
  ),
  one(
    'what is stored is believed',
    'session/record.ts',
    'if (tokenProblem(token)) return undefined',
    '',
  ),
  one(
    'what another copy has stored is not adopted',
    LOGIN,
    'if (other && adopt(other))',
    'if (other && !adopt)',
  ),
  several(
    'the refused token is adopted',
    [SESSION, ' || (ended && ended.token === session.token)', ''],
    [LOGIN, 'stored && news && ', 'stored && '],
  ),
  one('a forced login adopts', SESSION, '|| mine.forced ||', '||'),
  // Law 13: the token stays home.
  one(
    'the token goes to any origin',
    REQUEST,
    'this.isHome = isKnown || (base',
    'this.isHome = true || (base',
  ),
  one(
    'a token with a line break is sent',
    ATTACH,
    'return /^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$/.test(token)',
    'return /./.test(token)',
  ),
  one(
    'a session_key is kept',
    'session/record.ts',
    'session.data = withoutSessionKey(data)',
    'session.data = data',
  ),
  one(
    'an error shows the query that WeChat quotes',
    'platforms/wechat.ts',
    "return blot(words.replace(/\\?\\S*/g, ''), secret)",
    'return blot(words, secret)',
  ),
  one(
    'an error shows the token that WeChat quotes',
    'platforms/wechat.ts',
    "return secret ? words.split(secret).join('***') : words",
    'return words',
  ),
  // These were real.
  one(
    'a timer that was set anew rings with those that are due',
    'timers.ts',
    'timer.place < 0 || timer.due > time',
    'timer.place < 0',
  ),
  one(
    'a session that the store is slow to remove is news to the next login',
    STORE,
    'token !== own && token !== gone',
    'token !== own',
  ),
  one(
    'a login that must not adopt uses the news up',
    STORE,
    'last = token\n          done(session, news)',
    'own = last = token\n          done(session, news)',
  ),
  one(
    "a store's late write outlives the removal after it",
    STORE,
    'answer.then(overdue, () => undefined)',
    '',
  ),
  one(
    'a login that is forced while it adopts stays with what it adopted',
    SESSION,
    "done(session, 'adopted')",
    "Promise.resolve().then(() => done(session, 'adopted'))",
  ),
  one(
    "an 'optional' request brings about the check",
    SESSION,
    "checkInBackground && need !== 'any' &&",
    'checkInBackground &&',
  ),
  one(
    'a frozen error keeps its request from settling',
    'errors.ts',
    '} catch {\n    // One of',
    '} catch (thrown) {\n    throw thrown\n    // One of',
  ),
]
