/** Why the mutants that survive do so: the line they are in, what of it is replaced and by what. */
const because = (why, ...mutants) =>
  mutants.map(([file, line, mutant]) => ({ file: `src/${file}`, line, mutant, why }))

export const SURVIVORS = [
  ...because('Only the name of a verdict: nothing compares with it, so any other string does as well.', [
    'call/replays.ts',
    "if (!isCurrent) return this.count < MOST_REPLAYS ? 'stale' : 'final'",
    '\'stale\' → ""',
  ]),
  ...because(
    'Saves work, and changes nothing that can be seen.',
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
  ),
  ...because('Without a session it does not matter whether it is news.', [
    'session/store.ts',
    'if (!isOk) return done(undefined, false)',
    'false → true',
  ]),
  ...because('Deletes the header `undefined`, which there is not.', [
    'transport/headers.ts',
    'if (same) delete headers[same]',
    'same → true',
  ]),
  ...because(
    'Cannot come up: what gets there is an absolute URL, which does not begin with a question mark.',
    [
      'transport/serialize.ts',
      "return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query",
      "url.indexOf('?') < 0 → url.indexOf('?') <= 0",
    ],
  ),
  ...because('What is no string does not look like a URL when it is made one.', [
    'transport/urls.ts',
    "if (typeof url !== 'string') return undefined",
    "typeof url !== 'string' → false",
  ]),
]
