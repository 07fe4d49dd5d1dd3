/**
 * What the stories tell of, and by which edition of the laws they are judged. This is the one place to switch
 * either; for a single run `LAWS_EDITION=2` and `LAWS_FEATURES=rotate,data` (or `all`, `none`) do the same.
 */
export const EDITION: 1 | 2 = process.env['LAWS_EDITION'] === '1' ? 1 : 2

const STANDARD = {
  // Both editions.
  /** A stored session that has ended: `expiresAt: 1`. */
  endedSession: true,
  /** The store fails in one operation, and does the others. */
  halfStores: true,
  /** Two copies on a store that answers late. */
  slowTogether: true,
  /** A list of base URLs, and hosts that go down. */
  bases: true,
  /** The phone changes from one network to another. */
  networkChange: true,
  /** Middleware that changes the request. */
  middleware: true,

  // The second edition. Each line names the laws and cases that the core of the first does not keep.
  /** `login.refresh` answers in each way there is: law 14; S1, S2, S3, S4. */
  refreshAnswers: EDITION === 2,
  /** `autoLogin: false`: law 19; S10. */
  autoLogin: EDITION === 2,
  /** Servers that rotate, the old token dying at once or later: law 20; S5. */
  rotate: EDITION === 2,
  /** `login.code: false` and `login.exchange`: S7, S9. */
  loginKinds: EDITION === 2,
  /** `setSession()` at any moment: S7. */
  setSession: EDITION === 2,
  /** `ensureLogin({ data })`: S8. */
  data: EDITION === 2,
  /** One forbidden address, asked again and again: law 4; S19. */
  oneAddress: EDITION === 2,
  /** `isUnauthorized: false` for one request: R22. */
  plain401: EDITION === 2,
  /** The app changes its objects after the call: law 15; R1, R2. */
  mutation: EDITION === 2,
  /** Chunked answers, with cuts and refusals: law 16; R3, R4, R5. */
  chunks: EDITION === 2,
  /** Clocks that jump and phones that sleep: law 9; R7. */
  clocks: EDITION === 2,
  /** Two clients on one phone, which share its ten lanes. */
  twoClients: EDITION === 2,
  /** The app's functions abort and log out: law 9; R8. */
  appCode: EDITION === 2,
  /** Aborted by a signal: R24. */
  signal: EDITION === 2,
  /** Answers of the check and of the exchange that come out of a cache: law 5. */
  cachedAnswers: EDITION === 2,
}

export type Feature = keyof typeof STANDARD

export const FEATURES: Readonly<Record<Feature, boolean>> = chosen(process.env['LAWS_FEATURES'])

function chosen(list: string | undefined): Record<Feature, boolean> {
  if (list === undefined) return STANDARD
  const names = Object.keys(STANDARD) as Feature[]
  const wanted = list === 'all' ? names : list.split(',')
  for (const name of wanted)
    if (name !== 'none' && !names.includes(name as Feature))
      throw new Error(`LAWS_FEATURES: there is no "${name}". There are: ${names.join(', ')}`)
  return Object.fromEntries(names.map((name) => [name, wanted.includes(name)])) as Record<Feature, boolean>
}
