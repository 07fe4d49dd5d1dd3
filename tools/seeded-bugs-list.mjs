/**
 * The classic bugs of login code. Each edit replaces one place of a file in src/; a place that is no longer there
 * is reported, so that the list keeps up with the source.
 */
const one = (name, file, from, to) => ({ name, edits: [{ file, from, to }] })

const SESSION = 'session/session.ts'
const LOGIN = 'session/login.ts'
const CHECK = 'session/check.ts'
const CALL = 'call.ts'

export const BUGS = [
  one(
    'a 401 is not compared with the current token',
    SESSION,
    "return known.is === 'known' && known.session.token === token",
    "return known.is === 'known'",
  ),
  one(
    'the login is over before its session is kept',
    SESSION,
    '({ session, origin }) => isWanted() && succeeded(mine, session, origin),',
    `({ session, origin }) => {
          if (!isWanted()) return
          login = undefined
          timers.after(1, () => succeeded(mine, session, origin))
        },`,
  ),
  {
    name: 'a code is used again after a failed exchange',
    edits: [
      {
        file: LOGIN,
        from: 'let ended = refresh && job.ended',
        to: 'let kept: string | undefined\n    let ended = refresh && job.ended',
      },
      {
        file: LOGIN,
        from: 'const code = await getCode()',
        to: 'const code = (kept = kept ?? (await getCode()))',
      },
    ],
  },
  one(
    'a login stores its session after a logout',
    SESSION,
    '({ session, origin }) => isWanted() && succeeded(mine, session, origin),',
    '({ session, origin }) => succeeded(mine, session, origin),',
  ),
  one(
    'wx.login has no time-out',
    LOGIN,
    'limit(timers, left(), () => askForCode(',
    'limit(timers, 1e12, () => askForCode(',
  ),
  one('waiters of a failed login are not rejected', SESSION, 'else waiter.fail(error)\n    }', '}'),
  one('a replay counts twice', CALL, 'this.replays++', 'this.replays += 2'),
  one('replays are not counted', CALL, 'this.replays++', ''),
  one('a 401 to an awaited token is not final', CALL, '(isCurrent && token === this.awaited)', 'false'),
  one(
    'an aborted request never gives its lane back',
    'transport/transport.ts',
    'this.timer = this.timers.after(ABORT_GRACE, () => this.finish())',
    '',
  ),
  one(
    'requests go out during a login',
    SESSION,
    "if (login || known.is === 'unread'",
    "if (known.is === 'unread'",
  ),
  one(
    'the session is not looked at again after the wait for a lane',
    CALL,
    'if (this.mayGo()) this.send()\n      else this.over()',
    'this.send()',
  ),
  one(
    'a final 401 evicts the token',
    SESSION,
    'if (isCurrent(token)) countRefusal()',
    "if (isCurrent(token)) {\n        known = { is: 'none' }\n        store.remove(token)\n      }",
  ),
  one(
    'a failed check deletes the session',
    SESSION,
    "if (check.state() === 'failed' && known.is === 'known' && !login) begin('check-failed', false)",
    "if (check.state() === 'failed' && known.is === 'known' && !login) {\n      known = { is: 'none' }\n      store.remove()\n    }",
  ),
  {
    name: 'the check is asked again and again',
    edits: [
      { file: CHECK, from: "if (state !== 'unasked') return", to: "if (state === 'asking') return" },
      {
        file: SESSION,
        from: "!login && check.state() === 'unasked'",
        to: "!login && check.state() !== 'asking'",
      },
    ],
  },
  one(
    'a check that hangs keeps everybody waiting',
    CHECK,
    'timers.after(CHECK_TIMEOUT,',
    'timers.after(1e12,',
  ),
  one(
    'what another copy has stored is not adopted',
    LOGIN,
    'if (other && job.mayAdopt(other))',
    'if (other && job === undefined)',
  ),
  one('a forced login adopts', SESSION, '!mine.forced && ', ''),
  one('logins are never paused', 'session/cooldown.ts', 'if (failures >= TOLERATED)', 'if (failures >= 1e9)'),
  one(
    'a code from a cache is taken for a code',
    LOGIN,
    'if (code && !result.fromCache && !spent.has(code))',
    'if (code)',
  ),
  one('a logout misses those who queue for a lane', CALL, "this.wait('queued')", "this.phase = 'queued'"),
  one(
    'a logout misses those who wait for another try',
    CALL,
    "this.wait('between tries')",
    "this.phase = 'between tries'",
  ),
  one(
    'a 401 removes whatever is stored',
    'session/store.ts',
    'isOf(token, readSession(stored)) ? target.remove() : undefined,',
    'target.remove(),',
  ),
  one(
    'the token goes to any origin',
    'request.ts',
    'this.isHome = mayCarryToken(this.url, base, config)',
    'this.isHome = mayCarryToken(this.url, base, config) || true',
  ),
]
