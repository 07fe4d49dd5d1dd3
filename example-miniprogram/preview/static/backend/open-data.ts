export interface Encrypted {
  encryptedData: string
  iv: string
}

/** AES-128-CBC as WeChat does it (signature guide). Browsers have it in secure contexts only: https, or localhost. */
export async function encryptWith(sessionKey: string, data: object): Promise<Encrypted> {
  const iv = crypto.getRandomValues(new Uint8Array(16))
  const plain = new TextEncoder().encode(JSON.stringify(data))
  const cipher = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, await keyOf(sessionKey), plain)
  return { encryptedData: base64(new Uint8Array(cipher)), iv: base64(iv) }
}

/** `undefined` where the key does not fit. */
export async function decryptWith(sessionKey: string, { encryptedData, iv }: Encrypted): Promise<unknown> {
  try {
    const key = await keyOf(sessionKey)
    const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv: bytes(iv) }, key, bytes(encryptedData))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)) as unknown
  } catch {
    return undefined
  }
}

/** The test kit's session_key is a name; its digest has the 16 bytes of WeChat's. */
async function keyOf(sessionKey: string): Promise<CryptoKey> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionKey))
  return await crypto.subtle.importKey('raw', digest.slice(0, 16), 'AES-CBC', false, ['encrypt', 'decrypt'])
}

export const base64 = (data: Uint8Array): string =>
  btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))
const bytes = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
