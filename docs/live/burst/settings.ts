export interface Settings {
  requests: number
  /** ms there and back; each request takes 0.4 to 1.6 times as long. */
  latency: number
  /** Of 100 answers so many never come. */
  failures: number
  /** The server answers the first login with 503. */
  loginFails: boolean
}

export const DEFAULTS: Settings = { requests: 50, latency: 120, failures: 0, loginFails: false }

/** 0 to 1, the same for the same text: both sides meet the same luck, and every reader sees the same picture. */
export function luck(text: string): number {
  let hash = 2166136261
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 2246822519)
  hash ^= hash >>> 13
  return (hash >>> 0) / 4294967296
}
