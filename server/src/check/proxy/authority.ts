import { spawnSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { certifyAuthority, certifyServer } from './certificate.ts'

/** Whom the back end under test is to trust: for two days, and for api.weixin.qq.com alone. */
export interface Authority {
  /** the certificate, as PEM */
  file: string
  /** the same for Java, where its `keytool` could make it */
  trustStore: string | undefined
  /** what the proxy shows for api.weixin.qq.com */
  server: { key: string; cert: string }
}

const HOUR = 3_600_000
const LIFE = 48 * HOUR
/** What is kept serves a day's work, so that a back end need not be started anew for each run. */
const LEAST_LEFT = 12 * HOUR
export const TRUST_STORE_PASSWORD = 'changeit'

/** Of this user alone: who can write here could make the back end under test trust somebody else. */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'miniprogram-session-server')

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

export function openAuthority(folder: string, now = Date.now()): Authority {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [file, keyFile, trustStore] = ['ca.pem', 'ca-key.pem', 'ca.p12'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const kept = readKept(file, keyFile, now)
  const key = kept ?? newKey()
  if (!kept) {
    rmSync(trustStore, { force: true })
    write(keyFile, pem(key))
    write(file, certifyAuthority(key, now - HOUR, now + LIFE))
  }
  const server = newKey()
  const cert = certifyServer(server, key, { from: now - HOUR, to: now + LEAST_LEFT })
  return { file, trustStore: makeTrustStore(file, trustStore), server: { key: pem(server), cert } }
}

function readKept(file: string, keyFile: string, now: number): KeyObject | undefined {
  try {
    const certificate = new X509Certificate(readFileSync(file))
    const key = createPrivateKey(readFileSync(keyFile))
    const isGood = certificate.checkPrivateKey(key) && Date.parse(certificate.validTo) - now > LEAST_LEFT
    return isGood ? key : undefined
  } catch {
    return undefined
  }
}

/** Moved into place: another check may be reading it. */
function write(file: string, content: string): void {
  const part = `${file}.${process.pid}`
  writeFileSync(part, content, { mode: 0o600 })
  renameSync(part, file)
}

/** Java reads no PEM here. Without Java there is nobody to miss it. */
function makeTrustStore(file: string, trustStore: string): string | undefined {
  const store = ['-keystore', trustStore, '-storetype', 'PKCS12', '-storepass', TRUST_STORE_PASSWORD]
  const run = (...words: string[]) =>
    spawnSync('keytool', [...words, ...store], { stdio: 'ignore' }).status === 0
  const isThere = () => {
    try {
      return readFileSync(trustStore).length > 0
    } catch {
      return false
    }
  }
  if (isThere() || run('-importcert', '-noprompt', '-alias', 'check', '-file', file)) return trustStore
  return undefined
}
