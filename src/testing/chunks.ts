import type { FakeChunk, FakeReply } from './types'
import { isBuffer } from './serialize'
import { encodeUtf8 } from './utf8'

/** A piece of a body on its way: `after` so many ms since the one before. */
export interface Piece {
  readonly after: number
  readonly bytes: ArrayBuffer
}

type Data = string | ArrayBuffer | Uint8Array

/** The gap between two pieces for which a reply names none. */
const NEXT_MOMENT = 1

/** The pieces in which a reply says that its body travels; undefined when it says nothing of it. */
export function piecesOf({ chunks, cuts, data }: FakeReply, body: Data): Piece[] | undefined {
  if (chunks !== undefined) return chunks.map(pieceOf)
  return cuts === undefined || data === undefined ? undefined : cut(bytesOf(body), cuts).map(pieceOf)
}

function pieceOf(chunk: FakeChunk, index: number): Piece {
  const { after, data } = isTimed(chunk) ? chunk : { after: undefined, data: chunk }
  return { after: after ?? (index === 0 ? 0 : NEXT_MOMENT), bytes: bytesOf(data) }
}

function isTimed(chunk: FakeChunk): chunk is Exclude<FakeChunk, Data> {
  return typeof chunk === 'object' && 'data' in chunk
}

export function bytesOf(data: Data): ArrayBuffer {
  if (typeof data === 'string') return encodeUtf8(data)
  return isBuffer(data) ? data : data.slice().buffer
}

/** The body that the pieces make, for those who are given it whole. */
export function joined(pieces: readonly ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at)
    at += piece.byteLength
  }
  return whole.buffer
}

function cut(body: ArrayBuffer, cuts: readonly number[]): ArrayBuffer[] {
  const ends = [...cuts.filter((at) => at > 0 && at < body.byteLength), body.byteLength].sort((a, b) => a - b)
  return ends.map((end, index) => body.slice(ends[index - 1] ?? 0, end))
}
