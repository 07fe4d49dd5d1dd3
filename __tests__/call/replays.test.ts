import { Replays, type Refusal, type Verdict } from '../../src/call/replays'
import { heldOf } from '../session/held'

const A = heldOf('a')

/** A refusal of the current token, to a request that has not been out before, and the call's history. */
interface Case extends Partial<Omit<Refusal, 'held'>> {
  count?: number
  rotations?: number
  /** Its token is the one of a login with a code that this call waited for. */
  isOfOwnLogin?: boolean
}

function judge({ count = 0, rotations = 0, isOfOwnLogin = false, ...given }: Case): Verdict {
  const replays = new Replays()
  Object.assign(replays, { count, rotations })
  if (isOfOwnLogin) replays.awaited = A
  const usual = {
    wasAccepted: false,
    isPast: false,
    isCurrent: true,
    wasRotated: false,
    isGuest: false,
    wasFinal: false,
  }
  return replays.judge({ held: A, ...usual, ...given })
}

const past = { isCurrent: false } as const
const rotated = { isCurrent: false, wasRotated: true } as const
const guest = { isGuest: true } as const

test.each<[string, Case, Verdict]>([
  // Law 2.
  ['the current token is refused: it has ended', {}, 'ended'],
  ['a token that has been replaced is refused: again with the one there is', past, 'stale'],
  // Law 4: two replays at most.
  ['the current one, after one replay', { count: 1 }, 'ended'],
  ['the current one, after two', { count: 2 }, 'final here'],
  ['one that has been replaced, after one', { ...past, count: 1 }, 'stale'],
  ['one that has been replaced, after two', { ...past, count: 2 }, 'final'],
  // Law 4: the token of a login with a code that the call waited for.
  ['the token of its own login, which nobody had accepted', { isOfOwnLogin: true }, 'final here'],
  ['the token of its own login, after a replay', { isOfOwnLogin: true, count: 1 }, 'final here'],
  [
    'the token of its own login, accepted elsewhere when it was sent',
    { isOfOwnLogin: true, wasAccepted: true },
    'ended',
  ],
  [
    'the token of its own login, accepted, after two replays',
    { isOfOwnLogin: true, wasAccepted: true, count: 2 },
    'final here',
  ],
  ['the token of its own login, replaced since', { isOfOwnLogin: true, ...past }, 'stale'],
  // Law 4: what is remembered.
  ['an address that was final a short while ago', { wasFinal: true }, 'final here'],
  [
    'one that was, for a token that was accepted elsewhere',
    { wasFinal: true, wasAccepted: true },
    'final here',
  ],
  // Law 7.
  ['a call from before a logout', { isPast: true }, 'final'],
  ['a call from before a logout, whose token has been replaced', { isPast: true, ...past }, 'final'],
  ['a call from before a logout, rotated', { isPast: true, ...rotated }, 'final'],
  ['a guest from before a logout', { isPast: true, ...guest }, 'final'],
  // Law 20: those that follow a rotation are not counted, and end after ten.
  ['a token that was rotated', rotated, 'rotated'],
  ['a token that was rotated, after two replays', { ...rotated, count: 2 }, 'rotated'],
  ['after nine rotations', { ...rotated, rotations: 9 }, 'rotated'],
  ['after ten', { ...rotated, rotations: 10 }, 'final'],
  ['a guest whose token was rotated', { ...rotated, ...guest }, 'rotated'],
  ['a guest whose token was rotated, out again already', { ...rotated, ...guest, count: 1 }, 'rotated'],
  // Law 18.
  ['a guest, for the first time', guest, 'as guest'],
  ['a guest whose token has been replaced', { ...guest, ...past }, 'as guest'],
  ['a guest whose token was accepted elsewhere', { ...guest, wasAccepted: true }, 'as guest'],
  ['a guest at an address that was final', { ...guest, wasFinal: true }, 'as guest'],
  ['a guest, out again already', { ...guest, count: 1 }, 'final'],
  ['a guest with another token, out again already', { ...guest, ...past, count: 1 }, 'final'],
])('%s', (_what, given, verdict) => {
  expect(judge(given)).toBe(verdict)
})

test('asking changes nothing: the same refusal is judged the same again', () => {
  const replays = new Replays()
  const refusal = {
    held: A,
    wasAccepted: false,
    isPast: false,
    isCurrent: true,
    wasRotated: false,
    isGuest: true,
    wasFinal: false,
  }
  const verdicts = [1, 2, 3].map(() => replays.judge(refusal))
  expect(new Set(verdicts)).toEqual(new Set(['as guest']))
  expect([replays.count, replays.rotations]).toEqual([0, 0])
})

test('the login that counts is the last one that was waited for', () => {
  const replays = new Replays()
  replays.awaited = heldOf('b')
  const refusal = {
    held: A,
    wasAccepted: false,
    isPast: false,
    isCurrent: true,
    wasRotated: false,
    isGuest: false,
    wasFinal: false,
  }
  expect(replays.judge(refusal)).toBe('ended')
})

test('the same token, gained by another session, is not that of its login', () => {
  const replays = new Replays()
  replays.awaited = heldOf('a')
  const refusal = {
    held: heldOf('a'),
    wasAccepted: false,
    isPast: false,
    isCurrent: true,
    wasRotated: false,
    isGuest: false,
    wasFinal: false,
  }
  expect(replays.judge(refusal)).toBe('ended')
})
