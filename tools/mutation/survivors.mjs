/** Why the mutants that survive do so: the line they are in, what of it is replaced and by what. */
const because = (why, ...mutants) =>
  mutants.map(([file, line, mutant]) => ({ file: `src/${file}`, line, mutant, why }))

export const SURVIVORS = [
  ...because(
    'Only the name of a state: nothing compares with it, so any other string does as well.',
    ['call.ts', "phase: Phase = 'authorising'", '\'authorising\' → ""'],
    ['call.ts', "this.wait('between tries')", '\'between tries\' → ""'],
    [
      'session/login.ts',
      "return { session: arrived(toSession(answer, 'that login.refresh gave')), origin: 'refreshed' }",
      '\'refreshed\' → ""',
    ],
    [
      'transport/transport.ts',
      "private state: 'at home' | 'on the wire' | 'abandoned' = 'at home'",
      '\'at home\' → ""',
    ],
  ),
  ...because(
    'Saves work, and changes nothing that can be seen.',
    ['call.ts', 'if (events.heard()) this.begun = timers.now()', 'events.heard() → true'],
    [
      'session/session.ts',
      'if (!wantsCheck(need) && isReady(need)) return true',
      '!wantsCheck(need) && isReady(need) → false',
    ],
    [
      'session/waiting-room.ts',
      'most = 2 * seats.length + 16',
      '2 * seats.length + 16 → 2 * seats.length - 16',
    ],
    ['session/waiting-room.ts', 'if (seats.length > most) clear(isGone)', 'seats.length > most → true'],
    [
      'session/waiting-room.ts',
      'if (seats.length > most) clear(isGone)',
      'seats.length > most → seats.length >= most',
    ],
    [
      'session/waiting-room.ts',
      'if (seats.length > most) clear(isGone)',
      'seats.length > most → seats.length <= most',
    ],
    [
      'session/waiting-room.ts',
      "authorising: () => seats.filter(({ phase }) => phase === 'authorising').sort(inOrder),",
      "seats.filter(({ phase }) => phase === 'authorising') → seats",
    ],
    [
      'transport/headers.ts',
      'if (other.length === name.length && other.toLowerCase() === name.toLowerCase()) return other',
      'other.length === name.length → true',
    ],
    ['transport/urls.ts', "return url.charAt(0) !== '/' && SCHEME.test(url)", "url.charAt(0) !== '/' → true"],
    ['transport/urls.ts', "return url.charAt(0) !== '/' && SCHEME.test(url)", '\'/\' → ""'],
    [
      'transport/urls.ts',
      "const start = url.charAt(0) === '/' && url.charAt(1) !== '/' ? url : `/${url.replace(/^\\/+/, '')}`",
      "url.charAt(0) === '/' && url.charAt(1) !== '/' → false",
    ],
    [
      'transport/urls.ts',
      "const start = url.charAt(0) === '/' && url.charAt(1) !== '/' ? url : `/${url.replace(/^\\/+/, '')}`",
      'url.charAt(0) → url',
    ],
    [
      'transport/urls.ts',
      "const start = url.charAt(0) === '/' && url.charAt(1) !== '/' ? url : `/${url.replace(/^\\/+/, '')}`",
      '\'/\' → ""',
    ],
    [
      'transport/urls.ts',
      "return (base.charAt(base.length - 1) === '/' ? base.replace(/\\/+$/, '') : base) + start",
      "base.charAt(base.length - 1) === '/' → true",
    ],
    ['transport/urls.ts', 'isComputed: false,', 'false → true'],
  ),
  ...because(
    'The call has ended by then, and what comes next looks at that first.',
    ['call.ts', 'return false', 'false → true'],
    ['session/session.ts', "if (waiter.phase !== 'authorising') return false", 'false → true'],
  ),
  ...because(
    'That token counts when it is refused the next time, and nobody is asked for a login in between.',
    [
      'call.ts',
      "if (isCurrent && need !== 'any') session.refusedForGood()",
      "isCurrent && need !== 'any' → false",
    ],
  ),
  ...because('Calling what is missing throws, and a throw counts as passed as well.', [
    'session/check.ts',
    'if (wx.checkSession)',
    'wx.checkSession → true',
  ]),
  ...because('An end that is past on arrival is dropped later on.', [
    'session/exchange.ts',
    'if (session.expiresAt === undefined && seconds > 0)',
    'seconds > 0 → seconds >= 0',
  ]),
  ...because('What Stryker puts in is no cookie, and is not found.', [
    'session/exchange.ts',
    "const lines = (cookies || []).concat(headerOf(header, 'set-cookie') || []).join(',')",
    '[] → ["Stryker was here"]',
  ]),
  ...because(
    'The text or code of an error that nobody ever sees.',
    [
      'session/login.ts',
      "const other = await step('', lookForAnother).catch(() => undefined)",
      '\'\' → "Stryker was here!"',
    ],
    [
      'session/login.ts',
      "const answer = await step('login.refresh', mayRefresh.bind(undefined, ended))",
      '\'login.refresh\' → ""',
    ],
    [
      'session/login.ts',
      "return { session: arrived(toSession(answer, 'that login.refresh gave')), origin: 'refreshed' }",
      '\'that login.refresh gave\' → ""',
    ],
    [
      'session/login.ts',
      "if (!isWanted()) throw new LoginError('LOGGED_OUT', 'logout() ended this login.')",
      '\'LOGGED_OUT\' → ""',
    ],
  ),
  ...because(
    "Matters only to a step that fails in the very millisecond in which the login's time is over; the next step would have no time at all.",
    [
      'session/login.ts',
      'if (!mayRefresh && (isFinal || !isWanted() || triesLeft-- <= 0 || end <= timers.now())) throw error',
      'end <= timers.now() → false',
    ],
    [
      'session/login.ts',
      'if (!mayRefresh && (isFinal || !isWanted() || triesLeft-- <= 0 || end <= timers.now())) throw error',
      'end <= timers.now() → end < timers.now()',
    ],
  ),
  ...because(
    'The check is for the type checker: in every other state the field is `undefined`, with the same outcome.',
    [
      'session/login.ts',
      'return expiresAt !== undefined && expiresAt <= timers.wallClock()',
      'expiresAt !== undefined → true',
    ],
    [
      'session/session.ts',
      "const ended = known.is === 'known' ? known.session : known.is === 'none' ? known.refused : undefined",
      "known.is === 'none' → true",
    ],
    [
      'session/session.ts',
      "if (known.is !== 'known' || !known.fresh) return",
      "known.is !== 'known' → false",
    ],
    [
      'session/session.ts',
      "return known.is === 'known' ? known.session : undefined",
      "known.is === 'known' → true",
    ],
    ['session/session.ts', "if (known.is !== 'known') return undefined", "known.is !== 'known' → false"],
  ),
  ...because('The function ends there anyhow, and so gives back `undefined` as well.', [
    'session/session-value.ts',
    '} catch {',
    "{ // A store of the app's may hand out anything, objects that throw when they are read included. return undefined } → {}",
  ]),
  ...because(
    'The next step looks again, with the same result.',
    [
      'session/session.ts',
      "deps.checkInBackground && need !== 'any' && known.is === 'known' && !login && check.state === 'unasked'",
      "check.state === 'unasked' → true",
    ],
    [
      'session/session.ts',
      "return phase !== 'on the wire' && phase !== 'settled'",
      "phase !== 'settled' → true",
    ],
    ['session/session.ts', "return phase !== 'on the wire' && phase !== 'settled'", '\'settled\' → ""'],
    [
      'session/waiting-room.ts',
      "authorising: () => seats.filter(({ phase }) => phase === 'authorising').sort(inOrder),",
      "phase === 'authorising' → true",
    ],
  ),
  ...because('What ended here was taken up or written here, so it is no news, and not offered.', [
    'session/session.ts',
    'mayAdopt: ({ token }) => !mine.forced && !(ended && ended.token === token),',
    'ended && ended.token === token → false',
  ]),
  ...because(
    'Written a moment later, a new session is no news either; if it cannot be written the store does not have it.',
    ['session/session.ts', 'if (!isNew) store.took(session)', '!isNew → false'],
  ),
  ...because('Whoever needs a token was only admitted because the session can be used.', [
    'session/session.ts',
    "token: (need: Need): string | undefined => (need === 'any' && !isUsable() ? undefined : currentToken()),",
    "need === 'any' → true",
  ]),
  ...because(
    'Any change of the number will do: it is only compared with an earlier one.',
    ['session/session.ts', 'epoch++', 'epoch++ → epoch--'],
    ['transport/transport.ts', 'const trip = ++this.trips', '++this.trips → --this.trips'],
  ),
  ...because(
    'Handles nothing but leaves a rejection that nobody handles: 2,000 stories find it, 150 do not.',
    ['session/store.ts', 'if (overdue) answer.then(overdue, overdue)', 'overdue → true'],
  ),
  ...because('Without a session it does not matter whether it is news.', [
    'session/store.ts',
    'if (!isOk) return done(undefined, false)',
    'false → true',
  ]),
  ...because(
    'Any string that is no token will do.',
    ['session/store.ts', "const token = session ? session.token : ''", '\'\' → "Stryker was here!"'],
    ['session/store.ts', "if (isOk) seen = ''", '\'\' → "Stryker was here!"'],
  ),
  ...because(
    'A token written here ends here, and the one that ended is not adopted.',
    ['session/store.ts', 'if (isOk) seen = token', 'isOk → false'],
    ['session/store.ts', '(isOk) => {', '{ if (isOk) seen = token } → {}'],
  ),
  ...because('Deletes the header `undefined`, which there is not.', [
    'transport/headers.ts',
    'if (same) delete headers[same]',
    'same → true',
  ]),
  ...because(
    'Saves memory, and changes nothing that can be seen.',
    ['transport/lanes.ts', 'if (2 * head > line.length) {', '2 * head > line.length → false'],
    [
      'transport/lanes.ts',
      'if (2 * head > line.length) {',
      '2 * head > line.length → 2 * head >= line.length',
    ],
    ['transport/lanes.ts', 'if (2 * head > line.length) {', '{ line = line.slice(head) head = 0 } → {}'],
  ),
  ...because('While somebody waits no lane is idle.', [
    'transport/lanes.ts',
    'take: () => idle > 0 && head === line.length && idle-- > 0,',
    'head === line.length → true',
  ]),
  ...because('The first part has asked that already.', [
    'transport/lanes.ts',
    'take: () => idle > 0 && head === line.length && idle-- > 0,',
    'idle-- > 0 → idle-- >= 0',
  ]),
  ...because('No two calls have the same number.', [
    'transport/lanes.ts',
    'while (place > head && (line[place - 1]?.id as number) > id) place--',
    '(line[place - 1]?.id as number) > id → line[place - 1]?.id as number >= id',
  ]),
  ...because('The words of an error message: tests promise what it names, and no wording.', [
    'transport/platform.ts',
    "const problem = option ? 'the one given has no request()' : 'there is no global wx here'",
    '\'there is no global wx here\' → ""',
  ]),
  ...because(
    'Cannot come up: what gets there is an absolute URL, which does not begin with a question mark.',
    [
      'transport/serialize.ts',
      "return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query",
      "url.indexOf('?') < 0 → url.indexOf('?') <= 0",
    ],
  ),
  ...because('Nobody asks for its place before it has started.', [
    'transport/transport.ts',
    'place = -1',
    '-1 → +1',
  ]),
  ...because(
    'What is missing throws, and the throw is caught.',
    [
      'transport/transport.ts',
      'if (this.task && this.task.abort) this.task.abort()',
      'this.task && this.task.abort → true',
    ],
    [
      'transport/transport.ts',
      'if (this.task && this.task.abort) this.task.abort()',
      'this.task && this.task.abort → this.task || this.task.abort',
    ],
  ),
  ...because('What Stryker puts in has none of the words that are looked for.', [
    'transport/transport.ts',
    "const plain = parts.join('')",
    '\'\' → "Stryker was here!"',
  ]),
  ...because(
    'Its answer is for a call that has ended and does not listen; the lane is given back the same way.',
    ['transport/transport.ts', "if (this.is('abandoned')) return this.land()", '\'abandoned\' → ""'],
  ),
  ...because('What is no string is no JSON either, and stays as it is.', [
    'transport/transport.ts',
    "if (kind === 'uploadFile' && typeof data === 'string') {",
    "typeof data === 'string' → true",
  ]),
  ...because('Saves a copy, and changes nothing that can be seen.', [
    'transport/transport.ts',
    'if (data === result.data && result.header) return result as Response',
    'data === result.data && result.header → false',
  ]),
  ...because('What is no string does not look like a URL when it is made one.', [
    'transport/urls.ts',
    "if (typeof url !== 'string') return undefined",
    "typeof url !== 'string' → false",
  ]),
  ...because('The rest of the text is taken either way.', [
    'transport/urls.ts',
    "return typeof url === 'string' ? url.replace(/[?#][^]*$/, '') : typeof url",
    '/[?#][^]*$/ → /[?#][^]*/',
  ]),
  ...because(
    'There is no other base to move on to, and whoever asks has counted them.',
    ['transport/urls.ts', 'failed: () => false,', '() => false → () => undefined'],
    ['transport/urls.ts', 'failed: () => false,', 'false → true'],
    ['transport/urls.ts', 'return list.length > 1', 'list.length > 1 → true'],
    ['transport/urls.ts', 'return list.length > 1', 'list.length > 1 → list.length >= 1'],
  ),
]
