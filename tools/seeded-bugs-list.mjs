/**
 * The classic bugs of login code, and one for each kind of bug that people have met. Each edit replaces one place of a
 * file in src/; a place that is no longer there is reported, so that the list keeps up with the source.
 */
const one = (name, file, from, to = '') => ({ name, edits: [{ file, from, to }] })
const several = (name, ...edits) => ({
  name,
  edits: edits.map(([file, from, to = '']) => ({ file, from, to })),
})

const SESSION = 'session/session.ts'
const ADMISSION = 'session/admission.ts'
const LOGIN = 'session/login.ts'
const LOGINS = 'session/logins.ts'
const CODE = 'session/code.ts'
const STEPS = 'session/steps.ts'
const EXCHANGE = 'session/exchange.ts'
const REFRESH = 'session/refresh.ts'
const ROTATION = 'session/rotation.ts'
const COOKIES = 'session/cookies.ts'
const SUCCESSION = 'session/succession.ts'
const RECORD = 'session/record.ts'
const CHECK = 'session/check.ts'
const STORE = 'session/store.ts'
const PAUSE = 'session/cooldown.ts'
const FINALS = 'session/finals.ts'
const ATTACH = 'session/attach.ts'
const CALL = 'call/call.ts'
const DISPATCH = 'call/dispatch.ts'
const ANSWER = 'call/answer.ts'
const OUTGOING = 'call/outgoing.ts'
const GIVEN = 'call/given.ts'
const TELLING = 'call/telling.ts'
const REFUSAL = 'call/refusal.ts'
const REPLAYS = 'call/replays.ts'
const REQUEST = 'call/request.ts'
const WIRE = 'transport/wire.ts'
const RESULTS = 'transport/results.ts'
const LANES = 'transport/lanes.ts'
const RETRY = 'transport/retry.ts'
const SERIALIZE = 'transport/serialize.ts'
const FAILURES = 'transport/failures.ts'
const CLIENT = 'client/create.ts'
const CONFIG = 'client/config.ts'
const CORE = 'client/core.ts'
const UTF8 = 'transport/utf8.ts'
const STREAM = 'stream/stream.ts'
const STREAM_ANSWER = 'stream/answer.ts'
const READERS = 'stream/readers.ts'
const LINES = 'stream/lines.ts'
const QUEUE = 'stream/queue.ts'
const SOCKET = 'socket/socket.ts'
const HANDSHAKE = 'socket/handshake.ts'
const SOCKET_LINE = 'socket/line.ts'
const HEARTBEAT = 'socket/heartbeat.ts'
const SOCKET_FAILURES = 'socket/failures.ts'

export const BUGS = [
  // Laws 1 and 2: one login, and a 401 counts only for the token that is current.
  one(
    'a 401 is not compared with the current token',
    SESSION,
    'return current === held || (current !== undefined && current.session.token === held.session.token)',
    'return current !== undefined',
  ),
  one(
    'a second login begins while one is in flight',
    ADMISSION,
    "if (state.known.is === 'reading' || state.login) return false",
    "if (state.known.is === 'reading') return false",
  ),
  one(
    'a forced login does not join the one in flight',
    LOGINS,
    '} else if (!data || login.dataKey === dataKey) {',
    '} else if (data && login.dataKey === dataKey) {',
  ),
  several(
    'the login is over before its session is kept',
    [LOGINS, 'const session = take()', 'timers.wait(1, () => {\n    const session = take()'],
    [LOGINS, 'admission.wake(isByCode)', 'admission.wake(isByCode)\n    })'],
  ),
  one('a refused token stays the current one', SUCCESSION, "become({ is: 'none', ended: held, refusal })"),
  one(
    'a refused token stays in the store',
    SUCCESSION,
    'if (hasRefresh) store.end(recordOf(held))\n      else store.remove(held.session.token)',
  ),
  // Law 3: nobody walks into a closing door.
  one('requests go out during a login', ADMISSION, 'if (login && !(maySkip && isUsable())) return false'),
  one(
    'a login that only a failed check has begun closes the door',
    ADMISSION,
    "login && login.reason === 'check-failed' && !login.isForced && need !== 'confirmed'",
    'false',
  ),
  one(
    'the session is not looked at again after the wait for a lane',
    DISPATCH,
    "if (call.phase === 'queued' && mayGo(call)) send",
    "if (call.phase === 'queued') send",
  ),
  one(
    'the session is not looked at again after listeners were told',
    DISPATCH,
    'if (session.changes !== changes && !reload(call, lane)) return',
  ),
  one('an expired token goes out', ADMISSION, '!hasExpired(held.session, timers) &&'),
  one(
    "an 'optional' request carries an expired token",
    SESSION,
    "need === 'any' && !admission.isUsable() ? undefined : state.held",
    'need && state.held',
  ),
  // Law 4: replays end, and a final 401 is remembered.
  one('a replay counts twice', REFUSAL, 'else replays.count++', 'else replays.count += 2'),
  one('replays are not counted', REFUSAL, 'else replays.count++'),
  one(
    'a 401 to an awaited token is not final',
    REPLAYS,
    'const isOfOwnLogin = held === this.awaited && !wasAccepted',
    'const isOfOwnLogin = false',
  ),
  one(
    'a 401 to an awaited token is final although others are accepted with it',
    REPLAYS,
    'held === this.awaited && !wasAccepted',
    'held === this.awaited',
  ),
  one(
    'whether the token was accepted is asked when the answer comes',
    REFUSAL,
    'wasAccepted: call.wasAccepted === true',
    'wasAccepted: held.isAccepted',
  ),
  one(
    'a 401 is final although its token was replaced meanwhile',
    REPLAYS,
    "if (!isCurrent) return this.count < MOST_REPLAYS ? 'stale' : 'final'",
    "if (!isCurrent) return 'final'",
  ),
  one(
    'a 401 to a refreshed token is final',
    LOGINS,
    "succeed(login, () => succession.gain(init, how), how === 'login')",
    'succeed(login, () => succession.gain(init, how), true)',
  ),
  one('a final 401 is not remembered', SESSION, 'current.finals.add(request, timers.now())'),
  one('a final 401 is remembered for ever', FINALS, 'now - since < MEMORY', 'now >= since'),
  one(
    'a 401 that was final by memory alone lengthens the memory',
    FINALS,
    'if (!address || this.has(request, now)) return',
    'if (!address) return',
  ),
  one(
    'final 401s are remembered without end',
    FINALS,
    'oldest !== undefined && this.since.size >= MOST',
    'oldest !== undefined && this.since.size < 0',
  ),
  one('an address that accepts a token stays forbidden', SESSION, 'current.finals.forget(request)'),
  one(
    'a final 401 to one method counts for all',
    REQUEST,
    'return `${this.method} ${withoutQuery(this.url)',
    'return `${withoutQuery(this.url)',
  ),
  one(
    "a final 401 of one authorize() counts for the others'",
    CALL,
    'return wire && wire.address()',
    "return wire ? wire.address() : 'RUN'",
  ),
  one('a POST is sent again after a failure', REQUEST, 'if (!mayRepeat) return undefined'),
  one('retries do not end', RETRY, 'if (retries >= limit) return undefined'),
  // Law 5: a code is used once.
  several(
    'a code is used again after a failed exchange',
    [LOGIN, 'let wasSent = false', 'let wasSent = false\n    let kept = ""'],
    [
      LOGIN,
      "} else if (options.code === false) send('')",
      '} else if (options.code === false || kept) send(kept)',
    ],
    [LOGIN, 'got: send,', 'got: (code) => send((kept = code)),'],
  ),
  one(
    'a code from a cache is taken for a code',
    CODE,
    'code && !isSpent && !fromCache) {',
    'code && !isSpent) {',
  ),
  one(
    'a code that WeChat hands out again is exchanged again',
    CODE,
    'code && !isSpent && !fromCache) {',
    'code && !fromCache) {',
  ),
  one('a cache logs the user in', LOGIN, 'else if (response.fromCache)', 'else if (!response)'),
  one(
    'a cache answers for the check',
    CHECK,
    "done(fromCache || cause ? 'unanswered' : phase)",
    "done(cause ? 'unanswered' : phase)",
  ),
  one(
    'the refusal of a code that came twice is told as a matter of a cache',
    LOGIN,
    'lastError ? job.failed(lastError, true) : tryFailed(error, NETWORK, true)',
    'tryFailed(error, NETWORK, true)',
  ),
  one(
    'a refused code gets another try though there are to be none',
    LOGIN,
    '!hasRetriedRefusal && retry.limit > 0',
    '!hasRetriedRefusal',
  ),
  // Law 6: failure is shared, then over.
  one(
    'waiters of a failed login are not rejected',
    LOGINS,
    'waiter.resume()\n      else waiter.fail(error)',
    'waiter.resume()',
  ),
  one(
    'a failed login is never over',
    LOGINS,
    'setLogin(state, login.next)\n    if (hadAnswer)',
    'if (hadAnswer)',
  ),
  one(
    'a failed login takes those down who have a token',
    LOGINS,
    '(isOthers || admission.isReady(waiter.need))',
    'isOthers',
  ),
  one('logins are never paused', PAUSE, 'if (over >= 0) until', 'if (over >= 1e9) until'),
  one('a forced login heeds the pause', PAUSE, 'isForced || until === 0', 'until === 0'),
  one('an accepted request does not end the pause', SESSION, 'cooldown.accepted(request.isReplay)'),
  one(
    'any accepted request ends the pause after refusals',
    PAUSE,
    'if (isReplay) refusals = 0',
    'refusals = 0',
  ),
  one(
    'a gateway that is down ends the pause',
    ANSWER,
    'if (statusCode >= 500 || (statusCode',
    'if ((statusCode',
  ),
  one('a fresh token that is refused counts for nothing', SESSION, 'cooldown.tokenRefused(refusal)'),
  one(
    'a fresh token counts as failed once for each request that it is refused to',
    SESSION,
    'held.countsRefusal = false\n    cooldown',
    'cooldown',
  ),
  one(
    'a user whom WeChat has blocked is logged in again',
    CODE,
    "hasThrown || error.code !== 'LOGIN_FAILED'",
    "hasThrown || error.code === 'LOGIN_TIMEOUT'",
  ),
  one('a login that the network fails counts for the pause', LOGINS, 'if (hadAnswer) cooldown', 'cooldown'),
  one('a pause does not say why', PAUSE, 'lastCause = cause'),
  one(
    'during the pause a token that serves others is said to have no login',
    REFUSAL,
    "if (!held.isAccepted || obstacle.code !== 'LOGIN_COOLDOWN') return call.stop(obstacle)",
    'if (obstacle) return call.stop(obstacle)',
  ),
  one(
    'a logout does not end the pause',
    SESSION,
    'cooldown.clear()\n      logins.giveUp(() => succession.become',
    'logins.giveUp(() => succession.become',
  ),
  one(
    'setSession() does not end the pause',
    SESSION,
    'cooldown.clear()\n      logins.giveUp(() => succession.takeSet',
    'logins.giveUp(() => succession.takeSet',
  ),
  // Law 7: logout wins.
  one(
    'a login goes on after a logout, and stores its session',
    LOGINS,
    'isWanted: () => state.login === login',
    'isWanted: () => true',
  ),
  one(
    'a logout does not end the login in flight',
    SESSION,
    "logins.giveUp(() => succession.become({ is: 'none' }))",
    "succession.become({ is: 'none' })",
  ),
  one('a logout ends no request that was made before it', SESSION, 'state.epoch++'),
  one('a logout leaves those alone who wait', SESSION, 'for (const waiter of those) waiter.fail(error)\n'),
  one(
    'a logout leaves the session in the store',
    SESSION,
    'store.remove()\n        isLoggingOut',
    'isLoggingOut',
  ),
  one(
    'a logout misses those who queue for a lane',
    DISPATCH,
    "wait(call, 'queued')",
    "call.phase = 'queued'",
  ),
  one(
    'a logout misses those who wait for another try',
    ANSWER,
    "wait(call, 'paused')",
    "call.phase = 'paused'",
  ),
  one(
    'a logout misses those whose unwrap is at work',
    CALL,
    "wait(this, 'finishing')",
    "this.phase = 'finishing'",
  ),
  one('a code goes to the server after a logout', STEPS, 'if (this.isWanted()) go(value)', 'go(value)'),
  one(
    'a login that a logout has ended asks for a code',
    LOGIN,
    'job.starting()\n      if (!job.isWanted()) return',
    'job.starting()',
  ),
  one(
    'a listener logs out on hearing of a session, and it is stored',
    SUCCESSION,
    'if (state.held === held) store.write(recordOf(held))',
    'store.write(recordOf(held))',
  ),
  one('a 401 from before a logout starts a login', REPLAYS, "if (isPast) return 'final'"),
  one(
    'a token that cannot be removed stays to be read',
    'session/platform-store.ts',
    "wx().setStorageSync(key, '')",
  ),
  several(
    'a listener that logs out when the store fails never ends',
    [SESSION, 'if (!isLoggingOut) {', 'if (state) {'],
    [STORE, "if (told === operation && operation === 'remove') return"],
  ),
  // Law 8: checkSession once.
  several(
    'the check is asked again and again',
    [CHECK, "if (check.state !== 'unasked') return", "if (check.state === 'asking') return"],
    [ADMISSION, "check.state === 'unasked' && !login", "check.state !== 'asking' && !login"],
  ),
  one(
    'a check that hangs keeps everybody waiting',
    CHECK,
    'const CHECK_TIMEOUT = 3000',
    'const CHECK_TIMEOUT = 1e12',
  ),
  one('a failed check counts as passed', CHECK, "phase === 'failed' ? phase : 'passed'", "'passed'"),
  one('a late answer of the check counts after a login', CHECK, "if (check.state !== 'asking') return"),
  one(
    'a login with a code does not settle the check',
    SUCCESSION,
    "if (how === 'login') check.state = 'passed'",
  ),
  one(
    "'verified' does not wait for the check",
    REQUEST,
    "auth === 'verified' ? 'confirmed'",
    "auth === 'verified' ? 'token'",
  ),
  one(
    "'blocking' does not wait for the check",
    CONFIG,
    "options.checkSession === 'blocking' && isChecked(options) ? 'confirmed' : 'token'",
    "'token'",
  ),
  one(
    "an 'optional' request brings about the check",
    ADMISSION,
    "need !== 'any' && check.state",
    'check.state',
  ),
  one(
    'what the app has set is replaced because of a check',
    ADMISSION,
    'isAutomatic && held && !held.isSet && !login',
    'isAutomatic && held && !login',
  ),
  one('setSession() is not marked', SUCCESSION, "hold(session, 'set', true)", "hold(session, 'set', false)"),
  one(
    'that a session was set is forgotten at the relaunch',
    SUCCESSION,
    'return isSet ? Object.assign({}, session, { set: true as const }) : session',
    'return isSet ? session : session',
  ),
  one(
    'that a session was set is forgotten at a refresh',
    SUCCESSION,
    'refreshed !== undefined && refreshed.isSet',
    'false',
  ),
  one(
    'that a session was set is forgotten at an adoption',
    SUCCESSION,
    "hold(session, 'adopted', isSet)",
    "hold(session, 'adopted', false)",
  ),
  one(
    'wx.checkSession is asked where wx.login is not used',
    CONFIG,
    'autoLogin !== false && loginOptions(options).code !== false',
    'autoLogin !== false',
  ),
  one(
    'wx.checkSession is asked where nobody is logged in unasked',
    CONFIG,
    'checkSession !== false && autoLogin !== false &&',
    'checkSession !== false &&',
  ),
  // Law 9: everything settles, stays settled, and gives back one lane.
  one(
    'wx.login has no time-out',
    STEPS,
    'const { timers, ms } = this',
    "const { timers } = this\n    const ms = what === 'wx.login' ? Infinity : this.ms",
  ),
  one(
    'a login that has timed out is tried again',
    CODE,
    "hasThrown || error.code !== 'LOGIN_FAILED'",
    "hasThrown || error.code === 'LOGIN_BLOCKED'",
  ),
  one(
    'a login that waits for a person runs out of time',
    CORE,
    'timeout === false ? Infinity : timeout',
    'timeout || DEFAULTS.loginTimeout',
  ),
  one(
    'a login is tried again when its time is over',
    LOGIN,
    'if (!plan || plan.after > steps.left) return',
    'if (!plan) return',
  ),
  one(
    'a store that does not answer keeps everybody waiting',
    STORE,
    '      STORE_TIMEOUT,\n',
    '      1e12,\n',
  ),
  one(
    'an aborted request that is never confirmed keeps its lane',
    WIRE,
    'this.timers.start(this, ABORT_GRACE)',
  ),
  one(
    'an aborted request gives its lane back while WeChat still sends it',
    WIRE,
    'this.timers.start(this, ABORT_GRACE)',
    'this.release()',
  ),
  one('an abort leaves the request on the wire', CALL, "if (this.phase === 'sent') operation.abort()"),
  one(
    'a lane is given back twice',
    WIRE,
    'sender.released(this.lane)\n    this.sender = NOBODY',
    'sender.released(this.lane)\n    sender.released(this.lane)\n    this.sender = NOBODY',
  ),
  one(
    'a request that ended in the queue keeps the lane it is given',
    DISPATCH,
    'send(call, lane)\n  else call.released(lane)',
    'send(call, lane)',
  ),
  one(
    'a request that a listener has ended keeps its lane',
    DISPATCH,
    "if ((call.phase as Phase) !== 'departing') return call.released(lane)",
    "if ((call.phase as Phase) !== 'departing') return",
  ),
  one(
    'a request that a listener has ended goes out all the same',
    DISPATCH,
    "if ((call.phase as Phase) !== 'departing') return call.released(lane)",
  ),
  several(
    "WeChat's second callback counts as well",
    [WIRE, 'this.over()\n    // The answer first', 'this.timers.cancel(this)\n    // The answer first'],
    [WIRE, 'sender.released(this.lane)\n    this.sender = NOBODY', 'sender.released(this.lane)'],
  ),
  one(
    'the timer of another try is not cancelled',
    CALL,
    'if (this.retryTimer) core.timers.cancel(this.retryTimer)',
  ),
  one(
    'the totalTimeout of a settled request is not cancelled',
    CALL,
    'if (this.totalTimer) core.timers.cancel(this.totalTimer)',
  ),
  one(
    'the time-out of an answered request is not cancelled',
    WIRE,
    'this.options = undefined\n    this.timers.cancel(this)',
    'this.options = undefined',
  ),
  one('a request that has ended ends once more', CALL, "if (this.phase === 'settled') return false"),
  one('a settled request stays among those who wait', CALL, 'if (this.place >= 0) core.session.leave(this)'),
  one(
    'a settled request keeps listening to its signal',
    CALL,
    'if (signal && onAbort) callSafely(stopHearing, { signal, onAbort })',
  ),
  one(
    'a signal that is aborted already aborts nothing',
    CALL,
    'if (signal.aborted) this.abort()\n      else signal',
    'signal',
  ),
  one(
    'a retry.delay that aborts is followed by another try',
    ANSWER,
    "// Whatever of the app's ran meanwhile may have ended it, or logged out.\n  if (!isStill(call, 'sent', epoch)) return",
  ),
  one(
    'an unwrap that logs out resolves',
    CALL,
    "if ((this.phase as Phase) !== 'finishing' || core.session.epoch !== epoch)\n      return void isStill(this, 'finishing', epoch)",
  ),
  one(
    'time-outs run while the phone sleeps',
    'timers.ts',
    'if (time > alarmAt + ASLEEP) wakeUp(time, slept)',
  ),
  one('waits stand still while the phone sleeps', 'timers.ts', 'if (!timer.isWait) timer.due', 'timer.due'),
  one(
    'a timer that was set anew rings with those that are due',
    'timers.ts',
    'timer.place < 0 || timer.due > time',
    'timer.place < 0',
  ),
  one(
    'a transfer that moves runs out of time',
    WIRE,
    'if (transfer) {\n      if (transfer.idleTimeout)',
    'if (transfer && event < "") {\n      if (transfer.idleTimeout)',
  ),
  one(
    'the login waits behind the queue',
    DISPATCH,
    'core.phone().lanes.takeForLogin((lane) => onLane(call, lane))',
    'core.share().queue({ id: call.id, run: (lane) => onLane(call, lane) }, true)',
  ),
  several('the lane that is kept for a login is taken', [
    LANES,
    'idle > 1 || !this.keepsOne(share)',
    'idle > 0',
  ]),
  one(
    'the kept lane is lent for older requests',
    LANES,
    'id > share.lendsAfter',
    'share.lendsAfter < Infinity',
  ),
  one(
    'the kept lane is lent for requests with a token',
    LANES,
    'idle > 0 && isOpen && !this',
    'idle > 0 && !this',
  ),
  one('the kept lane is lent again and again', LANES, 'isOpen && !this.isLent && id', 'isOpen && id'),
  several(
    'a client takes more than its share of the lanes',
    [LANES, 'share.used < share.limit && (idle', '(idle'],
    [LANES, 'this.used < this.limit && lanes.busy', 'lanes.busy'],
  ),
  one(
    'a frozen error keeps its request from settling',
    'call/stamp.ts',
    '} catch {\n    // One of',
    '} catch (thrown) {\n    throw thrown\n    // One of',
  ),
  // Law 10: nothing good is thrown away.
  one(
    'a final 401 evicts the token',
    SESSION,
    'current.finals.add(request, timers.now())',
    'succession.end(current, refusal, false)',
  ),
  one(
    "a 401 to an 'optional' request evicts a token that serves others",
    REFUSAL,
    'if (isGuest && isCurrent && !held.isAccepted) session',
    'if (isGuest && isCurrent) session',
  ),
  one(
    'a failed check deletes the session',
    ADMISSION,
    "begin('check-failed', undefined, false)",
    "succession.become({ is: 'none' })",
  ),
  one(
    'a 401 removes whatever is stored',
    STORE,
    'return stored && stored.session.token === token ? act() : undefined',
    'return stored ? act() : undefined',
  ),
  one(
    'an ended session is removed although there is a refresh',
    SUCCESSION,
    'if (hasRefresh) store.end(recordOf(held))\n      else store',
    'store',
  ),
  one(
    'an ended session is the current one at the next launch',
    SUCCESSION,
    "if (stored.session.expiresAt === ENDED) become({ is: 'none', ended: held })\n          else become",
    'become',
  ),
  // Laws 11 and 12: storage may fail, and another copy may have logged in.
  one(
    'a session that could not be stored is not kept',
    SUCCESSION,
    'if (state.held === held) store.write(recordOf(held))',
    "if (state.held === held) store.write(recordOf(held))\n    learn(state, { is: 'unread' })",
  ),
  one('what is stored is believed', RECORD, 'tokenProblem(token) ||'),
  one(
    'a token that was stored as plain text is garbage',
    RECORD,
    "typeof read === 'string' ? { token: read } : Object(read)",
    'Object(read)',
  ),
  one(
    'what another copy has stored is not adopted',
    LOGIN,
    'if (!other || !job.adopt(other)) begin()',
    'begin()',
  ),
  several(
    'the refused token is adopted',
    [STORE, 'done(stored, seen.indexOf(token) < 0)', 'done(stored, true)'],
    [SUCCESSION, '&& !(last && last.session.token === session.token)'],
  ),
  one('a forced login adopts', LOGINS, 'if (login.isForced || !succession', 'if (!succession'),
  one(
    'the store is not read before a 401 is final',
    REFUSAL,
    "if (verdict === 'final here') {\n    if (!hasLooked) return lookFirst()",
    "if (verdict === 'final here') {",
  ),
  one(
    'the store is not read before a pause refuses a request',
    REFUSAL,
    'if (obstacle) {\n      if (!hasLooked) return lookFirst()',
    'if (obstacle) {',
  ),
  one(
    'the store is not read again before a code that follows a refresh',
    LOGIN,
    'if (!job.giveWay()) look()',
    'if (!job.giveWay()) begin()',
  ),
  one(
    'a session that the store is slow to remove is news to the next login',
    STORE,
    'if (lastToken) see(lastToken)',
  ),
  one(
    'a login that must not adopt uses the news up',
    STORE,
    'done(stored, seen.indexOf(token) < 0)',
    'const isNews = seen.indexOf(token) < 0\n        see(token)\n        done(stored, isNews)',
  ),
  one(
    "a store's late write outlives the removal after it",
    STORE,
    "if (task.operation !== 'read' && newest && newest !== task) run(newest)",
  ),
  // Law 13: the token stays home.
  one('the token goes to any origin', REQUEST, 'this.isHome = isKnown ||', 'this.isHome = true ||'),
  one(
    'a token with a line break is sent',
    'session/token.ts',
    '/^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$/.test(token)',
    '/./.test(token)',
  ),
  one('a session_key is kept', RECORD, 'withoutSessionKey(snapshot(data))', 'snapshot(data)'),
  one(
    'an error shows the query that WeChat quotes',
    'transport/mask.ts',
    "mask(words.replace(/\\?\\S*/g, ''), secret)",
    'mask(words, secret)',
  ),
  one(
    'an error shows the token that WeChat quotes',
    'transport/mask.ts',
    "return secret ? words.split(secret).join('***') : words",
    'return words',
  ),
  one(
    'the cause of a failed login shows what may be a token',
    EXCHANGE,
    '[code, ...wordsIn(found)]',
    '[code]',
  ),
  one(
    'the cause of a refused login shows the code',
    EXCHANGE,
    'answerAsCause(response, [code])',
    'answerAsCause(response, [])',
  ),
  one(
    'a failure is classified after its words were masked',
    FAILURES,
    'const kind = kindOf(failure, plain)',
    'const kind = kindOf(failure, maskWords(plain, secret))',
  ),
  one(
    'the record of another origin is taken up',
    SUCCESSION,
    'if (!stored || !isHome(stored.session)) become',
    'if (!stored) become',
  ),
  one(
    'the record of another origin is removed',
    SUCCESSION,
    "if (!stored || !isHome(stored.session)) become({ is: 'none' })",
    "if (!stored || !isHome(stored.session)) {\n          become({ is: 'none' })\n          store.remove()\n        }",
  ),
  one('the record of another origin is adopted', SUCCESSION, '&& isHome(session) &&', '&&'),
  one(
    'a token goes on when the base URL leads elsewhere',
    ADMISSION,
    '(!home.canChange || succession.isHome(held.session))',
    'Boolean(home)',
  ),
  one(
    'a token has the origin of the base URL although the login is elsewhere',
    CORE,
    'config.loginOrigin || originOf',
    'originOf',
  ),
  one(
    'setSession() takes a session of a foreign origin',
    SUCCESSION,
    'if (isHome(session)) return session',
    'if (session) return session',
  ),
  one(
    'extend() leads anywhere',
    CONFIG,
    'if (base && !parentConfig.isHome(base))',
    'if (!base && !parentConfig)',
  ),
  one(
    'two back ends share one place in the store',
    'transport/phone.ts',
    'if (others && origins.length',
    'if (!others && origins.length < 0',
  ),
  // Law 14: a refresh is answered once for each session that ended.
  one(
    'a refreshed token that is refused is refreshed again',
    SUCCESSION,
    "held.mayRefresh && (held.source !== 'refresh' || held.isAccepted)",
    'held.mayRefresh',
  ),
  one('a refused refresh is asked again', REFRESH, 'ended.mayRefresh = false'),
  one(
    'a refresh loses data',
    RECORD,
    'data === undefined ? inherited.data :',
    'data === undefined ? undefined :',
  ),
  one('a session has another id after a refresh', RECORD, 'id: inherited.id || randomId()', 'id: randomId()'),
  one('a forced login refreshes', LOGINS, ' && !isForced && reason', ' && reason'),
  one('a failed check refreshes', LOGINS, " && reason !== 'check-failed'"),
  one(
    'a forced login ends the refresh that is at work',
    LOGINS,
    'if (login.isRefreshing) {',
    'if (!login) {',
  ),
  one(
    'a refresh that brings the refused token is believed',
    REFRESH,
    'init.token === ended.session.token',
    '!init',
  ),
  one(
    'a refresh without an answer costs a code',
    REFRESH,
    'if (hadNoAnswer(cause) && answers5xx <= TOLERATED_5XX)',
    'if (!cause)',
  ),
  one(
    'a refused refresh fails the login',
    REFRESH,
    'if (hadNoAnswer(cause) && answers5xx <= TOLERATED_5XX)',
    'if (to)',
  ),
  one(
    'a refresh that is answered 5xx for ever keeps the user out',
    REFRESH,
    'hadNoAnswer(cause) && answers5xx <= TOLERATED_5XX',
    'hadNoAnswer(cause)',
  ),
  one(
    'too many and busy count as a refusal of the refresh',
    'session/login-error.ts',
    'status >= 400 && status < 500 && status !== 408 && status !== 429',
    'status >= 400 && status < 500',
  ),
  // Law 15: what was given is what is sent.
  one('the body of a verb is not copied', CLIENT, '? undefined : snapshot(data)', '? undefined : data'),
  one('the data of request() are not copied', GIVEN, 'copy.data = snapshot(data)', 'copy.data = data'),
  one('the query is not copied', GIVEN, 'copy.query = snapshot(query)', 'copy.query = query'),
  one('the header is not copied', GIVEN, 'copy.header = snapshot(header)', 'copy.header = header'),
  one(
    'the form of an upload is not copied',
    GIVEN,
    'copy.formData = snapshot(formData)',
    'copy.formData = formData',
  ),
  one(
    'what is given to next() is not copied',
    'call/middleware.ts',
    'this.send(taken(request) as AnyRequest)',
    'this.send(Object.assign({}, request))',
  ),
  one(
    'a signal is heeded by the request inside middleware as well',
    'call/middleware.ts',
    'if (operation.signal === this.signal) operation.signal = undefined',
    '',
  ),
  one(
    'what is given to ensureLogin() is not copied',
    CLIENT,
    'session.force(asker, snapshot(data))',
    'session.force(asker, data)',
  ),
  one(
    'the data of a session are the object that was given',
    RECORD,
    'withoutSessionKey(snapshot(data))',
    'withoutSessionKey(data)',
  ),
  // Law 16: only the answer that counts is heard.
  one(
    'a chunk is heard before it is known whether the token is good',
    WIRE,
    'if (chunks.isUndecided && this.sender.mayOpen(Object(this.head) as HeadersReceived)) {',
    'if (chunks.isUndecided) {',
  ),
  one(
    'the chunks of a 401 are heard',
    WIRE,
    'if (isOpening(statusCode) && this.sender.mayOpen(response)) this.deliver(response)',
    'if (this.chunks) this.chunks.open()',
  ),
  one(
    'the chunks of an error are heard',
    RESULTS,
    'return statusCode >= 200 && statusCode < 400',
    'return statusCode !== 401',
  ),
  one(
    'JSON that isUnauthorized is to judge is heard in pieces',
    REQUEST,
    'return !isUnauthorized || !/^',
    'return Boolean(header) || !/^',
  ),
  one(
    'the head of an answer that is refused is heard',
    WIRE,
    'this.head = Object(detail) as HeadersReceived',
    "this.tell('HeadersReceived', detail)\n    this.head = Object(detail) as HeadersReceived",
  ),
  one(
    'a request is replayed after a chunk',
    ANSWER,
    'if (call.wasHeard) return call.stop(new UnauthorizedError(response, error))',
  ),
  one(
    'a request is tried again after a chunk',
    ANSWER,
    'if (wire && !call.wasHeard && call',
    'if (wire && call',
  ),
  // Law 17: only what may help is tried again.
  one(
    'what the phone refuses each time is tried again',
    RETRY,
    "failure === 'other' || failure === 'refused by the phone' ||",
    "failure === 'other' ||",
  ),
  one(
    'a POST that WeChat has stopped is sent again',
    REQUEST,
    'if (!mayRepeat) return undefined',
    "if (!mayRepeat && (error === undefined || kindOfFailure(error) !== 'interrupted')) return undefined",
  ),
  one(
    'what was stopped in the background burns its tries there',
    RETRY,
    "if (failure === 'interrupted' && isHidden) return WHEN_SHOWN",
  ),
  one(
    'what was stopped is sent again though there are to be no retries',
    RETRY,
    " || failure === 'refused by the phone' || limit === 0)",
    " || failure === 'refused by the phone')",
  ),
  one('what waits for a lane goes out in the background', LANES, 'if (this.isHidden) return false'),
  one(
    'a change of network leaves the base URL',
    RETRY,
    "return kind === 'network' || kind === 'never connected'",
    "return kind === 'network' || kind === 'never connected' || kind === 'network change'",
  ),
  one(
    'after a change of network a request waits',
    RETRY,
    "if (failure === 'interrupted' || failure === 'network change') return",
    "if (failure === 'interrupted') return",
  ),
  one(
    'a POST that may have arrived goes to the next base URL',
    REQUEST,
    "(mayRepeat || kindOfFailure(error) === 'never connected')",
    '(mayRepeat || error !== undefined)',
  ),
  one('Retry-After is not heeded', RETRY, 'if (asked !== undefined) return', 'if (asked === null) return'),
  // Law 18: a guest stays a guest.
  one(
    "a guest's refused token is the end",
    REPLAYS,
    "if (isGuest) return this.count === 0 ? 'as guest' : 'final'",
    "if (isGuest) return 'final'",
  ),
  one('a guest logs in', REPLAYS, "if (isGuest) return this.count === 0 ? 'as guest' : 'final'"),
  one(
    'a guest goes out again with the token that was refused',
    REFUSAL,
    "if (verdict === 'as guest' && isCurrent) replays.without = held",
  ),
  // Law 19: nobody is logged in unasked.
  one('autoLogin: false logs in', LOGIN, '(hasWay && (isAutomatic || login.isAsked))', 'hasWay'),
  one(
    'autoLogin: false does not log in when asked to',
    LOGIN,
    '(hasWay && (isAutomatic || login.isAsked))',
    '(hasWay && isAutomatic)',
  ),
  one(
    'LOGIN_REQUIRED does not say what was refused',
    SESSION,
    'succession.end(current, isAutomatic ? undefined : refusal, hasRefresh)',
    'succession.end(current, undefined, hasRefresh)',
  ),
  one(
    'a pause hides that a login is required',
    LOGINS,
    'return isAutomatic || login.isAsked || mayRefresh(login, succession.before())',
    'return cooldown',
  ),
  // Law 20: a rotated token is one more of the same session.
  one(
    'a 401 is judged at once although the next token may be under way',
    ANSWER,
    'if (session.isCurrent(held) && (isCounted || held.out > 0)) {',
    'if (held.out < -1) {',
  ),
  one(
    'a cookie that is being cleared is the next token',
    COOKIES,
    'isEnding(attributes) ? undefined : pair',
    'pair',
  ),
  one(
    "whether a cookie ends is asked of the phone's clock",
    COOKIES,
    'Date.parse(expires) < Date.UTC(2001, 0)',
    'Date.parse(expires) < Date.UTC(2100, 0)',
  ),
  one(
    'an answer to an older token rotates',
    SESSION,
    'if (!current || !isCurrent(held)) return\n      const isFirst',
    'if (!current) return\n      const isFirst',
  ),
  one(
    'a rotated token is not stored',
    SUCCESSION,
    "take(Object.assign({}, held, { session, source: 'rotated' as const, out: 0 }))",
    "become({ is: 'known', held: Object.assign({}, held, { session, out: 0 }) }, 'rotated')",
  ),
  one(
    'a rotated token has to be accepted anew',
    SUCCESSION,
    "source: 'rotated' as const, out: 0",
    "source: 'rotated' as const, out: 0, isAccepted: false",
  ),
  one(
    'a rotation loses data',
    SUCCESSION,
    'makeSession(withoutPast(next), inherit(held))',
    'makeSession(withoutPast(next), inherit(undefined))',
  ),
  one(
    'the same token with another end does not move its end',
    SUCCESSION,
    'if (!next || (isSame && next.expiresAt === undefined)) return',
    'if (!next || isSame) return',
  ),
  one(
    'a cookie session keeps its first cookie',
    ROTATION,
    "rotate || (typeof attach === 'object' && 'cookie' in attach ? attach : undefined)",
    'attach && rotate',
  ),
  one(
    'a rotate that throws fails the request',
    ROTATION,
    "console.error('miniprogram-session: rotate failed', error)",
    'throw error',
  ),
  one(
    'replays that follow a rotation count as others',
    REFUSAL,
    "if (verdict === 'rotated') replays",
    'if (verdict < "") replays',
  ),
  one(
    'replays that follow a rotation do not end',
    REPLAYS,
    'this.rotations < MOST_ROTATIONS ?',
    'this.rotations >= 0 ?',
  ),
  // Sessions that do not come from wx.login.
  one(
    'whoever waits does not go on with what setSession() brings',
    SESSION,
    'admission.wake(false)\n      return session',
    'return session',
  ),
  one(
    'setSession() leaves the login in flight to replace it',
    SESSION,
    'logins.giveUp(() => succession.takeSet(session))',
    'succession.takeSet(session)',
  ),
  one(
    'the data of ensureLogin() are lost to the login in flight',
    LOGINS,
    '} else if (!data || login.dataKey === dataKey) {',
    '} else if (login) {',
  ),
  one(
    'the data of ensureLogin() are not brought to the server',
    LOGIN,
    'Object.assign({}, data, context.data, options',
    'Object.assign({}, data, options',
  ),
  one(
    'everybody fails with the data of one',
    LOGINS,
    'const isOthers = login.data && !waiter.gaveData',
    'const isOthers = login.data && !waiter',
  ),
  one(
    'older data resolve although they were not brought',
    LOGINS,
    'if (!waiter.gaveData) waiter.login = newer',
    'if (newer) waiter.login = newer',
  ),
  one('data that were sent are sent once more', LOGIN, ' && !(login.data && wasSent)'),
  one('a session that pages share can be changed', RECORD, 'return Object.freeze(session)', 'return session'),
  // What the login's request brings.
  one(
    'a login without network is not tried again',
    LOGIN,
    "tryFailed(error, failure === 'other' ? 'final' : { failure }, failure",
    "tryFailed(error, 'final', failure",
  ),
  one(
    'login.data that come later are not awaited',
    LOGIN,
    'ask(() => data(code, context), done, failed)',
    'done(data(code, context))',
  ),
  one(
    'Bearer is sent twice',
    ATTACH,
    '/^bearer /i.test(token) ? token : `Bearer ${token}`',
    '`Bearer ${token}`',
  ),
  one(
    'Bearer is part of the token that a header brings',
    'session/token.ts',
    "return value && /^bearer /i.test(value) ? value.slice('bearer '.length).trim() : value",
    'return value',
  ),
  one(
    'a login that fails offline does not say so',
    'session/login-error.ts',
    "isOffline ? new NetworkError('OFFLINE', words, errno, 'offline') : cause",
    'cause',
  ),
  one('a comma in a quoted cookie ends it', COOKIES, 'const begins = !isQuoted && /', 'const begins = /'),
  one(
    'a cookie in the value of another is taken',
    COOKIES,
    'if (end < 0 || pair.slice(0, end).trim() !== name) continue',
    'if (end < 0 || pair.slice(0, end).indexOf(name) < 0) continue',
  ),
  // What goes over the wire.
  one('an abort has words of its own', 'errors.ts', "this.errMsg = 'request:fail abort'"),
  one('a time-out in Chinese is none', FAILURES, '|超时|逾時'),
  one('no network in Chinese is none', FAILURES, '断开与互联网的连接|斷開|'),
  one(
    'null is sent as text',
    SERIALIZE,
    'options.data = data === null ? undefined : data',
    "options.data = data === null ? 'null' : data",
  ),
  one('an array is taken for a query', SERIALIZE, 'if (isRecord(query)) return', 'if (query) return'),
  one(
    'the body of a DELETE becomes its query',
    SERIALIZE,
    "return method === 'GET' || method === 'HEAD'",
    "return method === 'GET' || method === 'HEAD' || method === 'DELETE'",
  ),
  one(
    'dataType is not heeded',
    RESULTS,
    "(dataType !== undefined && dataType !== 'json')",
    "dataType === ''",
  ),
  one(
    'what is undefined is sent in a form',
    SERIALIZE,
    'if (value !== undefined && value !== null) form',
    'form',
  ),
  one(
    'a promise of attach is dropped',
    ATTACH,
    "atOnce(run(request, token), 'attach')",
    'run(request, token)',
  ),
  one(
    'a promise of isUnauthorized is taken for true',
    REQUEST,
    "atOnce(isUnauthorized(response), 'isUnauthorized')",
    'isUnauthorized(response)',
  ),
  one(
    'a promise of header is taken for a header',
    REQUEST,
    "atOnce(config.header(), 'header')",
    'config.header()',
  ),
  one(
    'a 401 that is about something else costs a code',
    REQUEST,
    'if (!response || isUnauthorized === false) return false',
    'if (!response) return false',
  ),
  one(
    'a 401 that is about something else counts as accepted',
    ANSWER,
    ' || (statusCode === 401 && wire && wire.ignores401)',
  ),
  one('a rejection that middleware keeps is not handled', 'call/middleware.ts', 'quiet(answer)'),
  one(
    'a relative URL is a mistake before middleware has run',
    REQUEST,
    '// It is known by the URL it was given.',
    "throw new ConfigError('has a relative url.')",
  ),
  one(
    'a business code for a guest is an HttpError',
    ANSWER,
    'if (response.statusCode < 400) return call.finish(result as R)',
  ),
  one(
    'durations count from the launch',
    TELLING,
    'duration: core.timers.now() - begun',
    'duration: core.timers.now()',
  ),
  one(
    'PATCH goes out as POST without being asked to',
    OUTGOING,
    "overrideMethod(options, methodOverride, 'WeChat')",
    "overrideMethod(options, methodOverride || 'X-HTTP-Method-Override', 'WeChat')",
  ),
  one(
    'a failure with a status is no answer',
    RESULTS,
    "return typeof status === 'number' && status >= 100 && status <= 599",
    "return typeof status === 'number' && status < 0",
  ),
  // What pages do around their requests.
  one(
    'page: the scope aborts nothing',
    'page/scope.ts',
    "if (ends) options['signal'] = either(state.end, options['signal'])",
    '',
  ),
  one('page: the older is not aborted', 'page/scope.ts', 'if (older) older.abort()', ''),
  one('cache: another user is given what is kept', 'cache/keeper.ts', 'entries.clear()', ''),
  one(
    'cache: an answer is kept for whoever is logged in when it arrives',
    'cache/index.ts',
    'if (!end() || !isMine(flight)) return',
    'if (!end()) return',
  ),
  one(
    'cache: what is cleared while unwrap takes its time is kept',
    'cache/index.ts',
    'if (!end() || !isMine(flight)) return',
    'if (flights[key] === flight) delete flights[key]\n        if (!isMine(flight)) return',
  ),
  one(
    'cache: who asks waits for the answer to another user',
    'cache/index.ts',
    'return flight && !flight.shared && isMine(flight) && flight',
    'return flight && !flight.shared && flight',
  ),
  one(
    'cache: an unwrap that never ends holds up whoever asks next',
    'cache/index.ts',
    'return flight && !flight.shared && isMine(flight) && flight',
    'return flight && isMine(flight) && flight',
  ),
  one(
    'cache: what is under way is joined after a logout',
    'cache/index.ts',
    'epoch === core.session.epoch &&',
    '',
  ),
  one(
    'cache: a failure is made good by what another user was given',
    'cache/index.ts',
    'isWithin(staleIfError) && isMine(flight) &&',
    'isWithin(staleIfError) &&',
  ),
  one(
    'cache: a slow store brings back what the server has taken back',
    'cache/keeper.ts',
    'entries.delete(key)\n        isUnwanted = true',
    'entries.delete(key)',
  ),
  one('cache: each launch writes the store', 'cache/keeper.ts', 'if (work) changed()', 'changed()'),
  one(
    'cache: the store is written before it has been read',
    'cache/keeper.ts',
    'work = new Promise<void>((resolve) => (done = resolve))',
    'work = Promise.resolve((done = ignore))',
  ),
  one(
    'ui: loading is hidden before its time',
    'ui/slot.ts',
    'if (now < shownUntil) return wake(shownUntil - now)',
    '',
  ),
  one(
    'ui: each failure opens a dialog',
    'ui/slot.ts',
    'else if (timers.now() >= dialogUntil) ask',
    'else ask',
  ),
  one(
    'ui: a dialog that the phone has lost is waited for',
    'ui/slot.ts',
    'phone.isHidden ? Infinity : timers.now() + DIALOG',
    'Infinity',
  ),
  one(
    'ui: whoever comes back to a dialog is asked again',
    'ui/slot.ts',
    'phone.moves.add(look)',
    'phone.moves.add(update)',
  ),
  one(
    'ui: middleware that hangs keeps loading up',
    'ui/loading.ts',
    ';(info as InfoInside)[INSIDE].push({ call: part })',
    '',
  ),
  one(
    'ui: what loading shows of a request is of no session',
    'ui/slot.ts',
    'return this.session.held',
    'return undefined',
  ),
  one(
    'ui: a new user sends what the old one was asked about',
    'ui/failures.ts',
    'else if (session.epoch !== epoch) relay.abort(loggedOut())',
    '',
  ),
  one(
    'page: a logout does not part those who join',
    'page/joins.ts',
    'if (epoch !== flight.epoch) return true',
    '',
  ),
  one(
    'page: one who joins a stream gets none of it',
    'page/joins.ts',
    "if (options['enableChunked'] === true)",
    "if (options['enableChunked'] === undefined && isBuffer(0))",
  ),
  one(
    'page: an answer of another base is shared',
    'page/joins.ts',
    'const whole = labelOf(door, made).url',
    "const whole = ''",
  ),
  one(
    'page: what is opened on a scope that has ended lives on',
    'page/scope.ts',
    'if (end.aborted) stop()',
    '',
  ),
  one(
    'cache: what a guest was given is given to who needs a session',
    'cache/key.ts',
    'auth !== true && String(auth)',
    'auth === false',
  ),
  one('cache: clones share their answers', 'cache/key.ts', '[header, usual,', '[header,'),
  one(
    'cache: what is asked anew joins what was asked before',
    'cache/index.ts',
    'if (wished === 0) return send()',
    'if (wished === 0) return join()',
  ),
  one(
    'cache: an older answer takes the place of a newer one',
    'cache/index.ts',
    'flights[key] === flight && delete flights[key]',
    'delete flights[key]',
  ),
  one(
    'cache: what was used lately goes as if it had not been',
    'cache/keeper.ts',
    'if (entry) put(key, entry)\n      return entry',
    'return entry',
  ),
  one(
    'ui: a stream that cannot be read from the middle on is shown to nobody',
    'ui/failures.ts',
    'if (error && error !== told) failed(error)',
    '',
  ),
  one('ui: what is no error is told twice', 'ui/failures.ts', 'if (error && error !== told)', 'if (error)'),
  one(
    'cache: an envelope that unwrap refuses is kept',
    'cache/index.ts',
    'if (config.unwrap === DEFAULTS.unwrap)',
    'if (status)',
  ),
  one(
    'cache: an old answer is given after the server has said no',
    'cache/index.ts',
    'else if (status >= 400 && status < 429) keep()()',
    '',
  ),
  one(
    'cache: a store that is full keeps what was cleared',
    'cache/keeper.ts',
    '.catch(() => store.remove())',
    '',
  ),

  // Streams: S1 to S15.
  one(
    'a head whose status is a text opens a stream, whatever it says',
    WIRE,
    'if (!this.chunks || !statusCode) return',
    "if (!this.chunks || typeof statusCode !== 'number') return",
  ),
  one(
    'a stream delivers before its head says that it is one',
    REQUEST,
    'if (this.sink && !this.sink.opens(head)) return false',
  ),
  one(
    'what was held of an answer that is no stream is read as one',
    REQUEST,
    'if (attempt && (!sink || sink.opens(response))) attempt.deliver(response)',
    'if (attempt) attempt.deliver(response)',
  ),
  one(
    'middleware may send again what was streamed in part',
    STREAM_ANSWER,
    'if (answer.delivered)\n        throw',
    'if (answer.delivered < 0)\n        throw',
  ),
  one(
    'a stream is idle from dispatch',
    WIRE,
    'this.timeout = options.timeout',
    'this.timeout = idleTimeout || options.timeout',
  ),
  one('the time until the head counts for all of a stream', WIRE, 'this.timeout = transfer.idleTimeout\n'),
  one(
    'a sign of life does not start the time anew',
    WIRE,
    'this.timers.cancel(this)\n      this.timers.start(this, this.timeout)\n    }\n    if (event',
    'if (this.due === undefined) this.timers.start(this, this.timeout)\n    }\n    if (event',
  ),
  one(
    'a stream is cut by the time-out of a file',
    REQUEST,
    'sink ? DEFAULTS.streamTimeout : DEFAULTS.transferTimeout',
    'DEFAULTS.transferTimeout',
  ),
  one(
    'the body of an error that comes in pieces has no end',
    WIRE,
    'isOpening(statusCode) ? Infinity : LONGEST_REFUSAL',
    'Infinity',
  ),
  one(
    'what a phone without chunk events hands over is no stream',
    WIRE,
    'if (transfer && transfer.idleTimeout && data && chunks.isNew) chunks.add(data)',
  ),
  one(
    'a redirection is a stream',
    STREAM_ANSWER,
    'return statusCode > 199 && statusCode < 300',
    'return statusCode > 199 && statusCode < 400',
  ),
  one(
    'an answer of any type is a stream of events',
    READERS,
    "isOfType: (type) => !type || type === 'text/event-stream'",
    'isOfType: () => true',
  ),
  one(
    'an answer without a type is no stream of events',
    READERS,
    'isOfType: (type) => !type || type',
    'isOfType: (type) => type',
  ),
  one(
    'an envelope in place of a stream is not asked for its failure',
    STREAM_ANSWER,
    'Promise.resolve(hearer.unwrap(response))',
    'Promise.resolve()',
  ),
  one(
    'a platform that answers within the call is not heard',
    'call/send.ts',
    'if (sink) call.listeners = sink.listeners',
  ),
  one('items are delivered after an abort', STREAM_ANSWER, 'if (!answer.isStopped) hearer', 'hearer'),
  one('a signal does not stop the items of a chunk', REQUEST, 'if (this.sink) this.sink.isStopped = true'),
  several(
    'abort() leaves the items that nobody has taken',
    [STREAM, 'queue.drop()\n    if (queue.hasEnded())', 'if (queue.hasEnded())'],
    [STREAM, 'if (error instanceof AbortError) queue.drop()'],
  ),
  one(
    'leaving a stream goes on reading it',
    STREAM,
    'isLeft = true\n      halt(new AbortError())',
    'isLeft = true',
  ),
  one(
    'a listener that throws is told to nobody',
    STREAM,
    'thrown = { error }\n      throw error',
    'thrown = { error }',
  ),
  one(
    'what a listener throws says how much was delivered',
    STREAM,
    'if (thrown && error === thrown.error) return false',
  ),
  one(
    'a shared error says how much one stream delivered',
    STREAM,
    '(!(error instanceof LoginError) || error === loggedOut)',
    'true',
  ),
  one('logout() leaves a stream', STREAM, 'ends.add(onLogout)'),
  one('logout() ends a stream without a token', STREAM, 'if (sink.isAuthorized)\n', 'if (sink)\n'),
  one(
    'a stream that is over hears of logouts',
    STREAM,
    'stopHearing = () => ends.delete(onLogout)',
    'stopHearing = () => undefined',
  ),
  one('a stream may be read twice', STREAM, 'isIterated = true'),
  one('an error is told twice', QUEUE, 'failure = undefined\n'),
  one(
    'an error overtakes the items before it',
    QUEUE,
    'isEmpty() ? new Promise(wait)',
    'isEmpty() || failure ? new Promise(wait)',
  ),
  one(
    'a queue that was read to its end is read from there',
    QUEUE,
    'items = items.slice(taken)\n      taken = 0',
    'items = items.slice(taken)',
  ),
  one('`opened` may be an unhandled rejection', STREAM, 'opened.catch(ignore)\n'),
  one('a CRLF that is cut is two ends', LINES, "skipsLf && text[0] === '\\n' ? text.slice(1) : text", 'text'),
  one(
    'a line that was cut loses its beginning',
    LINES,
    'lines[0] = rest + (lines[0] as string)',
    'lines[0] = String(lines[0])',
  ),
  one('a line without an end fills the memory', LINES, 'checkLength(rest, maxLength)'),
  one('the data of an event fill the memory', READERS, 'checkLength(data, maxLength)'),
  one(
    'half an end of a line counts as one of its characters',
    LINES,
    "(text[maxLength] === '\\r' ? 1 : 0)",
    '0',
  ),
  one(
    'the id of an event that is not whole is asked for',
    READERS,
    "value.indexOf('\\0') < 0) id = value",
    "value.indexOf('\\0') < 0) reader.lastEventId = id = value",
  ),
  one('an id with a NUL is one', READERS, "field === 'id' && value.indexOf('\\0') < 0", "field === 'id'"),
  one('the type of an event is that of the next', READERS, "type = ''\n      if (event)", 'if (event)'),
  one('an unfinished line of JSON is dropped', READERS, "end: () => push('\\n')", 'end: nothing'),
  one(
    'half a character at the end is lost',
    STREAM_ANSWER,
    'reader.push(utf8.read(new Uint8Array(0), true))',
  ),
  one('a character that is cut is none', UTF8, 'this.needed = needed\n    this.point = point\n'),
  one(
    'a view is read from where its buffer begins',
    'transport/snapshot.ts',
    'value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)',
    'value.buffer.slice(0)',
  ),
  one(
    'an unknown option of a stream goes through',
    'stream/options.ts',
    "'stream: ', true",
    "'stream: ', false",
  ),

  // Sockets: K1 to K16.
  one(
    'an old line of a socket is heard',
    SOCKET_LINE,
    "    over('closing')\n    farewell",
    '    timers.cancel(timer)\n    farewell',
  ),
  one(
    'a socket that opens after it was given up stays',
    SOCKET_LINE,
    'if (isOver()) return close()',
    'if (isOver()) return',
  ),
  one(
    'a socket connects beside its own closing line',
    SOCKET,
    "if (!become('connecting', event) || isHeld) return",
    "if (!become('connecting', event)) return",
  ),
  one(
    'a socket keeps its first token',
    HANDSHAKE,
    '        token = current\n',
    '        token = token || current\n',
  ),
  one(
    'a socket asks for its url once',
    HANDSHAKE,
    "typeof url === 'function' ? url() : url)",
    "typeof url === 'function' ? (Object.assign(label, { kept: (label as any).kept || url() }) as any).kept : url)",
  ),
  one(
    'every socket close with 4401 starts a login',
    HANDSHAKE,
    'if (doubt && current === doubt.token) {',
    'if (doubt && !doubt.isRenewed) {',
  ),
  one(
    'a refused socket of unknown status logs in',
    SOCKET_FAILURES,
    'STATUS.exec(words)) || []',
    "STATUS.exec(words)) || (words.trim() ? ['', 401] : [])",
  ),
  one(
    'a status in the words of other phones is not understood',
    SOCKET_FAILURES,
    '(?: from server| but was)?',
  ),
  one(
    'numbers of WeChat are statuses of a socket',
    SOCKET_FAILURES,
    '(?:status|response|',
    '(?:status|code|response|',
  ),
  one(
    'what is opened in answer to a logout is ended by it too, without an end',
    SESSION,
    'for (const end of Array.from(ends)) end()',
    'for (const end of ends) end()',
  ),
  one(
    'a socket that is one too many now is one for ever',
    FAILURES,
    'exceed(ed)? max (?!ta|co)',
    'exceed(ed)? max (?!task)',
  ),
  one('a socket asks verify where nobody answered', SOCKET, ' && mayBeRefusal(how.words))', ')'),
  one(
    'a socket waits for verify for ever',
    SOCKET,
    'timer = timers.wait(maxReconnectionDelay, () => wait(undefined))\n',
  ),
  one(
    '4401 to a fresh token of a socket is not final',
    SOCKET,
    'if (!handshakes.refuse(refusal)) end',
    'if (!handshakes.refuse(refusal) && refusals > 99) end',
  ),
  one(
    'an opened socket proves its token',
    SOCKET,
    "    state = 'open'\n",
    "    state = 'open'\n    handshakes.prove()\n",
  ),
  one(
    'a long life of a socket proves nothing',
    SOCKET,
    '      retries = refusals = 0\n      handshakes.prove()\n',
    '      retries = refusals = 0\n',
  ),
  one(
    'a socket that is refused again and again logs in at once',
    SOCKET,
    'else if (refusals++) retry',
    'else if (refusals++ > 99) retry',
  ),
  one(
    'the waits of a socket do not grow',
    SOCKET,
    'minReconnectionDelay * 2 ** retries++',
    'minReconnectionDelay + 0 * retries++',
  ),
  one(
    'the waits of a socket have no end',
    SOCKET,
    'Math.min(maxReconnectionDelay, settings.minReconnectionDelay * 2 ** retries++)',
    'settings.minReconnectionDelay * 2 ** retries++',
  ),
  one(
    'a socket never forgets its failures',
    SOCKET,
    '      retries = refusals = 0\n',
    '      refusals = 0\n',
  ),
  one(
    'a hidden socket tries again',
    SOCKET,
    "if (closeOnHide && state !== 'hidden') become('hidden', given('hidden'))",
    "if (closeOnHide && state !== 'hidden') connect(given('hidden'))",
  ),
  one(
    'a socket that is hidden twice tells it twice',
    SOCKET,
    "if (closeOnHide && state !== 'hidden') become",
    'if (closeOnHide) become',
  ),
  one(
    'a socket that is opened in the background connects',
    SOCKET,
    "if (closeOnHide && phone.isHidden) state = 'hidden'\n",
    "if (closeOnHide && phone.isHidden && epoch < 0) state = 'hidden'\n",
  ),
  one(
    'a socket that waits does not hear that the app is shown',
    SOCKET,
    "} else if (state === 'hidden' || state === 'waiting') {",
    "} else if (state === 'hidden') {",
  ),
  one(
    'a send within an open listener overtakes the queue of a socket',
    SOCKET,
    'while (queue.length && line === sending) sending.send(queue.shift() as string)\n',
    'void Promise.resolve().then(() => queue.splice(0).forEach(sending.send))\n',
  ),
  one(
    'a socket sends its queue twice',
    SOCKET,
    'sending.send(queue.shift() as string)\n',
    'sending.send(queue.length > 1 ? (queue.shift() as string) : (queue.pop() as string))\n    if (opens === 0) queue.push("again")\n',
  ),
  one(
    'the queue of a socket has no limit',
    SOCKET,
    'else if (queue.length >= settings.maxEnqueuedMessages) return false\n',
  ),
  one(
    'a socket sends a buffer that has changed since',
    SOCKET,
    "typeof data === 'string' ? data : data.slice(0)",
    'data',
  ),
  one(
    'a socket waits for a close behind its error',
    SOCKET_LINE,
    '    timer = timers.wait(LAST_WORDS / 2, () => lose(words))\n',
  ),
  one(
    'a handshake of a socket has no end',
    SOCKET_LINE,
    'timer = timers.deadline(timeout, () => lose(`connectionTimeout of ${timeout} ms`))\n',
  ),
  one(
    'a message ahead of the open of a socket is lost',
    SOCKET_LINE,
    "if (state === 'connecting') early.push(event)\n    else if",
    'if',
  ),
  one(
    'a message in the tick of the open of a socket is heard before it',
    SOCKET_LINE,
    "if (state === 'connecting') early.push(event)\n    else if (state === 'open') {",
    'if (!isOver()) {',
  ),
  one(
    'a socket tells late that a message was not sent',
    SOCKET_LINE,
    'if (!isOver()) hearer.unsent(failure)',
    'hearer.unsent(failure)',
  ),
  one(
    'logout() leaves sockets with a ticket alone',
    SOCKET,
    '  ends.add(onLogout)\n',
    '  if (auth) ends.add(onLogout)\n',
  ),
  one('a socket comes back after logout()', SOCKET, '  ends.add(onLogout)\n'),
  one(
    'close() of a socket is told twice',
    SOCKET,
    "    if (state === 'closed') return\n    queue",
    '    queue',
  ),
  one('a sixth socket is opened', SOCKET_LINE, 'const MOST = 5', 'const MOST = 6'),
  one('a slot of a socket is never given back', SOCKET_LINE, '    phone.sockets--\n'),
  one(
    'a socket that is not heard of keeps its slot',
    SOCKET_LINE,
    '    timer = timers.wait(LAST_WORDS, ended)\n',
  ),
  one(
    'the token of a socket goes anywhere',
    'socket/address.ts',
    'if (auth && !isHome(`${origin}/`))',
    'if (auth && !origin)',
  ),
  one(
    'attach() leads the token of a socket away',
    HANDSHAKE,
    '      addressOf(outgoing.url, config, true)\n',
  ),
  one(
    'a socket tells the token in its reason',
    SOCKET_FAILURES,
    '(wasOpen ? mask : maskWords)(reason, token)',
    'reason',
  ),
  one(
    'a socket tells the query of an open line',
    SOCKET_LINE,
    'return maskWords(String(said), undefined)',
    'return String(said)',
  ),
  several(
    'a socket tells behind its end what came before',
    [SOCKET, "if (next !== state) note('state', (state = next))", 'const was = state\n    state = next'],
    [SOCKET, "    if (event) note('close', event)\n    if (error) report(error)\n    line", '    line'],
    [
      SOCKET,
      '    tell()\n    return mine',
      "    if (next !== was) note('state', next)\n    if (event) note('close', event)\n    if (error) report(error)\n    tell()\n    return mine",
    ],
  ),
  one('a dead socket is not found', HEARTBEAT, 'heardAt === asked ? dead(', 'heardAt < 0 ? dead('),
  one(
    'a socket is asked though something came',
    HEARTBEAT,
    '    heardAt = timers.now()\n',
    '    if (!heardAt) heardAt = timers.now()\n',
  ),
  one('the heartbeat of a socket goes on after its line', SOCKET_LINE, '    if (heart) heart.stop()\n'),
  one(
    'a login that fails for now ends a socket',
    SOCKET_FAILURES,
    'REQUIRED|BAD_RESPONSE)',
    'REQUIRED|BAD_RESPONSE|FAILED)',
  ),
  one('a socket goes on after a login that cannot help', SOCKET_FAILURES, 'REJECTED|', ''),
  one(
    'a socket tries again what its phone refuses',
    SOCKET,
    "kindOf(how, how.words) === 'refused by the phone'",
    "kindOf(how, how.words) === 'timeout'",
  ),
  one(
    'a listener of a socket hears an end before what came first',
    'socket/listeners.ts',
    '    if (isTelling) return\n',
  ),
  // What other platforms have of their own.
  one(
    'each adapter of one object has lanes of its own',
    'transport/phone.ts',
    'phones.get(native)',
    'phones.get(platform)',
  ),
  one(
    'a platform has as many lanes as WeChat',
    'transport/phone.ts',
    'new Lanes(concurrency)',
    'new Lanes(LANES)',
  ),
  one('what an adapter knows of a failure is not heard', FAILURES, 'if (cause) return cause', ''),
  one(
    'a login that needs a tap is tried again',
    'session/code.ts',
    "if (cause instanceof LoginError) return to.failed(cause, 'final', false)",
    "if (cause instanceof LoginError) return to.failed(cause, 'network', false)",
  ),
  one(
    'a login that needs a tap counts for the cooldown',
    'session/code.ts',
    "return to.failed(cause, 'final', false)",
    "return to.failed(cause, 'final', true)",
  ),
  one(
    'a check that failed for another reason ends the session',
    'session/check.ts',
    "done(fromCache || cause ? 'unanswered' : phase)",
    "done(fromCache ? 'unanswered' : phase)",
  ),
  one(
    'the object of another platform is taken for its own',
    'platforms/wechat.ts',
    'if (traits) traits.verify()',
    'if (traits) void traits',
  ),
  one(
    'an object of another shape is taken for one like wx',
    'platforms/wechat.ts',
    'else if (getLoginCode) throw',
    'else if (!platform) throw',
  ),
  one(
    'a platform that lacks a method is sent it all the same',
    OUTGOING,
    'if (traits) traits.suit(options, methodOverride)',
    'if (traits) options.method = options.method',
  ),
]
