/** Each browser is somebody else to the server, and stays the same person. */
export function previewUser(): string {
  const known = localStorage.getItem('preview:user')
  if (known !== null) return known
  const made = `preview-${crypto.randomUUID().slice(0, 8)}`
  localStorage.setItem('preview:user', made)
  return made
}

/** A code in the form that the example server's stand-in for WeChat takes: who, when, and something never used before. */
export function mintCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(12))
  const nonce = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${previewUser()}.${Date.now().toString(36)}.${nonce}`
}
