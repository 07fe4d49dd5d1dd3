/** Why the mutants that survive do so: the line they are in, what of it is replaced and by what. */
const because = (why, ...mutants) =>
  mutants.map(([file, line, mutant]) => ({ file: `src/${file}`, line, mutant, why }))

export const SURVIVORS = [
  ...because(
    'What Stryker puts in is no cookie, and is not found.',
    [
      'session/exchange.ts',
      'function cookie({ cookies = [], header }: Response, name: string): string | undefined {',
      '[] → ["Stryker was here"]',
    ],
    [
      'session/exchange.ts',
      "const lines = cookies.concat(headerOf(header, 'set-cookie') || []).join(',')",
      '[] → ["Stryker was here"]',
    ],
  ),
  ...because('The function ends there anyhow, and so gives back `undefined` as well.', [
    'session/session-value.ts',
    '} catch {',
    "{ // A store of the app's may hand out anything, objects that throw when they are read included. return undefined } → {}",
  ]),
  ...because(
    'Only the name of a state: nothing compares with it, so any other string does as well.',
    ['call.ts', "phase: Phase = 'authorising'", '\'authorising\' → ""'],
    ['call.ts', "this.wait('between tries')", '\'between tries\' → ""'],
    [
      'session/login.ts',
      "return { session: arrived(toSession(answer)), origin: 'refreshed' }",
      '\'refreshed\' → ""',
    ],
  ),
  ...because(
    'Saves work, and changes nothing that can be seen.',
    ['call.ts', 'if (events.heard()) this.begun = timers.now()', 'events.heard() → true'],
    [
      'session/waiting-room.ts',
      'if (seats.length > most) clear(isGone)',
      'seats.length > most → seats.length >= most',
    ],
  ),
  ...because(
    'The next step looks again, with the same result.',
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
  ...because(
    'The text or code of an error that nobody ever sees.',
    [
      'session/login.ts',
      "const answer = await step('login.refresh', mayRefresh.bind(undefined, ended))",
      '\'login.refresh\' → ""',
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
      "return known.is === 'known' ? known.session : undefined",
      "known.is === 'known' → true",
    ],
    ['session/session.ts', "if (known.is !== 'known') return undefined", "known.is !== 'known' → false"],
  ),
  ...because('Any change of the number will do: it is only compared with an earlier one.', [
    'session/session.ts',
    'epoch++',
    'epoch++ → epoch--',
  ]),
  ...because('Saves work, and changes nothing that can be seen.', [
    'transport/headers.ts',
    'if (other.length === name.length && other.toLowerCase() === name.toLowerCase()) return other',
    'other.length === name.length → true',
  ]),
  ...because(
    'It would throw, which is caught there, and means the same.',
    [
      'transport/platform.ts',
      'const category = wx.getApiCategory?.() ?? launch?.apiCategory',
      'launch?.apiCategory → launch.apiCategory',
    ],
    [
      'transport/platform.ts',
      "return category === undefined ? launch?.scene === 1154 : category === 'browseOnly'",
      'launch?.scene → launch.scene',
    ],
  ),
  ...because(
    'Cannot come up: what gets there is an absolute URL, which does not begin with a question mark.',
    [
      'transport/serialize.ts',
      "return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query",
      "url.indexOf('?') < 0 → url.indexOf('?') <= 0",
    ],
  ),
]
