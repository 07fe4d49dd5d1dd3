/**
 * What the stories tell of. This is the one place to switch it; for a single run `LAWS_FEATURES=rotate,data` (or `none`) does
 * the same.
 */
const STANDARD = {
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
  /** `login.refresh` answers in each way there is: law 14; S1, S2, S3, S4. */
  refreshAnswers: true,
  /** `autoLogin: false`: law 19; S10. */
  autoLogin: true,
  /** Servers that rotate, the old token dying at once or later: law 20; S5. */
  rotate: true,
  /** `login.code: false` and `login.exchange`: S7, S9. */
  loginKinds: true,
  /** `setSession()` at any moment: S7. */
  setSession: true,
  /** `ensureLogin({ data })`: S8. */
  data: true,
  /** One forbidden address, asked again and again: law 4; S19. */
  oneAddress: true,
  /** `isUnauthorized: false` for one request: R22. */
  plain401: true,
  /** The app changes its objects after the call: law 15; R1, R2. */
  mutation: true,
  /** Chunked answers, with cuts and refusals: law 16; R3, R4, R5. */
  chunks: true,
  /** Clocks that jump and phones that sleep: law 9; R7. */
  clocks: true,
  /** Two clients on one phone, which share its ten lanes. */
  twoClients: true,
  /** The app's functions abort and log out: law 9; R8. */
  appCode: true,
  /** Aborted by a signal: R24. */
  signal: true,
  /** Answers of the check and of the exchange that come out of a cache: law 5. */
  cachedAnswers: true,
  /** The platform's login gives an answer out of a cache, marked as such: law 5. */
  cachedLogins: true,
  /** The platform says of a user that it lets him in no more, with a number of its own: law 6. */
  blockedUsers: true,
  /** A call of the platform's throws: elsewhere that is a promise that rejects. */
  throwingCalls: true,
  /** What an upload is answered with has headers: law 20. */
  uploadHeads: true,
  /** An answer with an error status has headers: law 5. */
  refusalHeads: true,
}

/** What another platform has not: the environment of its project says so. */
declare const LAWS_WITHOUT: readonly string[] | undefined
const lacking = typeof LAWS_WITHOUT === 'undefined' ? [] : LAWS_WITHOUT

export type Feature = keyof typeof STANDARD

export const FEATURES: Readonly<Record<Feature, boolean>> = chosen(process.env['LAWS_FEATURES'])

function chosen(list: string | undefined): Record<Feature, boolean> {
  const names = Object.keys(STANDARD) as Feature[]
  for (const name of lacking)
    if (!names.includes(name as Feature)) throw new Error(`LAWS_WITHOUT: there is no "${name}"`)
  const wanted = (list === undefined ? names : list.split(',')).filter((name) => !lacking.includes(name))
  for (const name of wanted)
    if (name !== 'none' && !names.includes(name as Feature))
      throw new Error(`LAWS_FEATURES: there is no "${name}". There are: ${names.join(', ')}`)
  return Object.fromEntries(names.map((name) => [name, wanted.includes(name)])) as Record<Feature, boolean>
}
