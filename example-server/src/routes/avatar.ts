import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { badRequest, refusal } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Tables } from '../tables/tables.ts'

/** bytes */
export const MAX_AVATAR = 2 * 1024 * 1024

/** Pictures are told by their first bytes; names and content types are whatever a client says. */
const PICTURES = [
  {
    extension: 'png',
    type: 'image/png',
    test: (b: Buffer) => b.subarray(0, 4).toString('latin1') === '\x89PNG',
  },
  {
    extension: 'jpg',
    type: 'image/jpeg',
    test: (b: Buffer) => b.subarray(0, 3).toString('hex') === 'ffd8ff',
  },
  {
    extension: 'gif',
    type: 'image/gif',
    test: (b: Buffer) => b.subarray(0, 4).toString('latin1') === 'GIF8',
  },
  {
    extension: 'webp',
    type: 'image/webp',
    test: (b: Buffer) => b.subarray(0, 4).toString() === 'RIFF' && b.subarray(8, 12).toString() === 'WEBP',
  },
]

/** `chooseAvatar` gives the mini-program a temporary file, so a picture comes by wx.uploadFile. */
export async function avatarUpload(
  scope: FastifyInstance,
  {
    users,
    userOf,
    uploadDir,
  }: { users: Tables['users']; userOf: (request: object) => string; uploadDir: string },
): Promise<void> {
  await mkdir(uploadDir, { recursive: true })

  const Avatar = named(
    scope,
    'Avatar',
    Type.Object({ avatar: Type.String({ description: 'path of the picture' }), size: Type.Integer() }),
  )
  scope.withTypeProvider<TypeBoxTypeProvider>().post(
    '/avatar',
    {
      schema: {
        summary: 'Upload a picture (multipart, at most 2 MB)',
        response: { 200: Avatar },
      },
    },
    async (request) => {
      const bytes = await readFile(request)
      const picture = PICTURES.find(({ test }) => test(bytes))
      if (!picture) {
        throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'An avatar is a PNG, JPEG, GIF or WebP picture.')
      }
      // Named by content: the same picture is one file, and a name can be neither guessed nor made up.
      const name = `${createHash('sha256').update(bytes).digest('hex')}.${picture.extension}`
      // Moved into place when it is whole: somebody may be looking at it, or the process die half-way.
      const part = join(uploadDir, `${randomUUID()}.part`)
      await writeFile(part, bytes)
      await rename(part, join(uploadDir, name))
      await users.update(userOf(request), { avatar: `/avatars/${name}` })
      return { avatar: `/avatars/${name}`, size: bytes.length }
    },
  )
}

/** Serves the pictures; without a session, since an `<image>` cannot send one. */
export function avatarFiles(app: FastifyInstance, { uploadDir }: { uploadDir: string }): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/avatars/:name',
    {
      schema: {
        summary: 'A picture, cacheable for ever',
        params: Type.Object({ name: Type.String({ pattern: '^[0-9a-f]{64}\\.(png|jpg|gif|webp)$' }) }),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const file = join(uploadDir, name)
      const size = await stat(file).then(
        (found) => found.size,
        () => undefined,
      )
      if (size === undefined) throw refusal(404, 'NOT_FOUND', 'There is no such picture.')
      const type =
        PICTURES.find(({ extension }) => name.endsWith(extension))?.type ?? 'application/octet-stream'
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('content-length', String(size))
      return reply.type(type).send(createReadStream(file))
    },
  )
}

async function readFile(request: FastifyRequest): Promise<Buffer> {
  if (!request.isMultipart()) {
    throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the picture as multipart/form-data.')
  }
  // What says beforehand that it is too big is refused before it is read; the rest is cut off while reading.
  if (Number(request.headers['content-length']) > MAX_AVATAR + 16 * 1024) {
    throw refusal(413, 'PAYLOAD_TOO_LARGE', 'An avatar has at most 2 MB.')
  }
  try {
    const part = await request.file()
    if (!part) throw badRequest('The form has no file.')
    return await part.toBuffer()
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error
    // The parser's own complaints (a form cut short, a broken boundary) come as bare errors.
    throw badRequest('The multipart form is malformed.')
  }
}
