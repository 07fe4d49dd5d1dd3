import { TextDecoder, TextEncoder } from 'node:util'

/** How many pieces a chunked answer has. */
export const PIECES = 3

/** One piece as the server sends it: with which status, in answer to which attempt, and the how manieth. */
export interface Piece {
  readonly status: number
  readonly attempt: number
  readonly index: number
  /** The status did not come before it, and the token had been accepted: then it cannot be held (law 16). */
  readonly isOpen: boolean
}

export const encode = (piece: Piece): ArrayBuffer => new TextEncoder().encode(JSON.stringify(piece)).buffer

export const decode = (data: ArrayBuffer): string => new TextDecoder().decode(data)

/** What the app hears of a chunked answer (law 16). */
export class Stream {
  readonly heard: Piece[] = []
  /** Attempts that the server has answered so far. */
  attempts = 0

  get isOpen(): boolean {
    return this.heard.length > 0
  }

  get isWhole(): boolean {
    return this.heard.length === PIECES
  }

  /** Takes in a piece; says what is wrong with it, if anything. */
  hear(data: ArrayBuffer): string | undefined {
    const piece = JSON.parse(decode(data)) as Piece
    const { attempt, index, status, isOpen } = piece
    const before = this.heard[this.heard.length - 1]
    const expected = this.heard.length
    this.heard.push(piece)
    if (before && before.attempt !== attempt)
      return `hears attempt ${attempt} after a piece of attempt ${before.attempt}`
    if (index !== expected) return `hears piece ${index} where piece ${expected} was due`
    if (status >= 400 && !isOpen) return `hears a piece of an answer with status ${status}`
    return undefined
  }
}
