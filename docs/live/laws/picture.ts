/** A stretch of a row, in ms since the start. Without an end it goes on. */
export interface Span {
  kind: 'waiting' | 'queued' | 'sent' | 'refused' | 'lost' | 'again' | 'login' | 'check' | 'heard'
  from: number
  to?: number
  text: string
}

/** What a promise that resolved came to. */
export const DONE = '✓'

/** Something that takes no time: a call of the app's, a chunk that is heard, what a promise came to. */
export interface Mark {
  at: number
  text: string
  isBad?: boolean
}

export interface Row {
  label: string
  spans: Span[]
  marks: Mark[]
}

export interface Scene {
  rows: Row[]
  /** ms across. */
  end: number
}
