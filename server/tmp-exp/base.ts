export { setUp, fakeProvider, SECRET, OTHER_SECRET, DAY, HOUR, stateOf, createClock } from '../__tests__/auth/helpers.ts'
export const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms))
