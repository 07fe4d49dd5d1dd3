import { bytesOf, piecesOf } from './chunks'
import type { Step } from './play'
import { sizeOf } from './received'
import type { FakeRequest } from './request'
import type { FakeReply, Wire } from './types'

/** What hears of a body on its way. */
type Line = Pick<Wire, 'chunk' | 'progress'>

/** What a reply says of the way of its body, if anything. */
export function courseOf(
  { api }: FakeRequest,
  reply: FakeReply,
  body: string | ArrayBuffer,
  line: Line,
): Step[] | undefined {
  if (api === 'downloadFile') return progressOf(reply, line)
  if (api === 'uploadFile') return undefined
  return piecesOf(reply, body)?.map(({ after, bytes }) => ({ after, run: () => line.chunk(bytes) }))
}

/** The way of a body of which nothing is said: it comes in one. */
export function plainCourse({ api }: FakeRequest, body: string | ArrayBuffer, line: Line): Step[] {
  const size = sizeOf(body)
  const run = api === 'downloadFile' ? () => line.progress(size, size) : () => line.chunk(bytesOf(body))
  return [{ after: 0, run }]
}

export function progressOf({ progress }: FakeReply, line: Line): Step[] | undefined {
  return progress?.map(({ after, done, total }) => ({ after, run: () => line.progress(done, total) }))
}

/** An upload of which nothing is said: half of it, all of it. */
export function reportUpload({ api, upload }: FakeRequest, line: Line): void {
  if (api !== 'uploadFile') return
  const size = sizeOf(upload?.content)
  line.progress(Math.floor(size / 2), size)
  line.progress(size, size)
}
