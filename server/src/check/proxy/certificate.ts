import { createPublicKey, hash, randomBytes, sign, type KeyObject } from 'node:crypto'
import { bits, integer, named, octets, oid, sequence, setOf, tagged, text, time, yes } from './der.ts'

/** The one name that our authority may speak for, whoever gets hold of its key. */
export const HOST = 'api.weixin.qq.com'
const AUTHORITY = 'miniprogram-session-server check (throw-away)'

interface Certified {
  subject: string
  /** whose certificate it is */
  key: KeyObject
  /** who signs it */
  signer: KeyObject
  from: number
  to: number
  extensions: Buffer[]
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const nameOf = (common: string): Buffer => sequence(setOf(sequence(oid('2.5.4.3'), text(common))))
const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' })
/** The last 65 bytes are the point on the curve. */
const idOf = (key: KeyObject): Buffer => hash('sha1', spkiOf(key).subarray(-65), 'buffer')
const critical = (id: string, value: Buffer): Buffer => sequence(oid(id), yes, octets(value))
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), octets(value))

/** RFC 5280, 4.1: version 3, signed with ECDSA on P-256. As PEM. */
function certify({ subject, key, signer, from, to, extensions }: Certified): string {
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(AUTHORITY),
    sequence(time(from), time(to)),
    nameOf(subject),
    spkiOf(key),
    tagged(
      3,
      sequence(
        ...extensions,
        // Python from 3.13 on takes nobody without these two.
        extension('2.5.29.14', octets(idOf(key))),
        extension('2.5.29.35', sequence(named(0, idOf(signer)))),
      ),
    ),
  )
  const signed = sequence(toBeSigned, ECDSA_SHA256, bits(sign('sha256', toBeSigned, signer)))
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** For this one name, and for no address of any machine. */
const constraints = sequence(
  tagged(0, sequence(named(2, Buffer.from(HOST)))),
  tagged(1, sequence(named(7, Buffer.alloc(8))), sequence(named(7, Buffer.alloc(32)))),
)

export const certifyAuthority = (key: KeyObject, from: number, to: number): string =>
  certify({
    subject: AUTHORITY,
    key,
    signer: key,
    from,
    to,
    extensions: [
      critical('2.5.29.19', sequence(yes, integer(Buffer.of(0)))),
      // Signs certificates and lists of revoked ones.
      critical('2.5.29.15', bits(Buffer.of(0x06), 1)),
      critical('2.5.29.30', constraints),
    ],
  })

export const certifyServer = (
  key: KeyObject,
  signer: KeyObject,
  { from, to, host = HOST }: { from: number; to: number; host?: string },
): string =>
  certify({
    subject: host,
    key,
    signer,
    from,
    to,
    extensions: [
      critical('2.5.29.15', bits(Buffer.of(0x80), 7)),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(named(2, Buffer.from(host)))),
    ],
  })
