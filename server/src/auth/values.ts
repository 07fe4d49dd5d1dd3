import type { TokenPlace } from './options.ts'

// What single values of options mean.

const UNITS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A header's or cookie's name, by HTTP's grammar. */
export const NAME = /^[!#$%&'*+.^_`|~\w-]{1,64}$/

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Whether so many ms have not passed yet. They have, if the clock was set back: nobody waits for it to catch up. */
export const isWithin = (ms: number, since: number, now: number): boolean => now >= since && now - since < ms

export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const [, count, unit] = (typeof value === 'string' && /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/.exec(value)) || []
  return unit === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1)
}

/** `7d` rather than 604800000. */
export function words(ms: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, length]) => ms > 0 && ms % length === 0) ?? [
    'ms',
    1,
  ]
  return `${ms / size}${unit}`
}

export function readPlace(value: unknown): TokenPlace | undefined {
  if (value === undefined || value === 'bearer') return 'bearer'
  if (!isObject(value)) return undefined
  const { header, cookie } = value
  if (typeof header === 'string' && NAME.test(header) && cookie === undefined) {
    return { header: header.toLowerCase() }
  }
  return typeof cookie === 'string' && NAME.test(cookie) && header === undefined ? { cookie } : undefined
}
