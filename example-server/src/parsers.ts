import type { FastifyInstance } from 'fastify'
import { badRequest } from './errors.ts'

/**
 * JSON bodies, read more strictly than by default: bytes that are not UTF-8 are refused instead of becoming
 * U+FFFD in somebody's name. An empty body counts as none, because wx.request labels even that as JSON.
 */
export function acceptJson(app: FastifyInstance): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const parse = app.getDefaultJsonParser('error', 'error')

  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined)
      return
    }
    let text: string
    try {
      text = utf8.decode(body)
    } catch {
      done(badRequest('The body is not valid UTF-8.'))
      return
    }
    Promise.resolve(parse(request, text, done)).catch(done)
  })
}
