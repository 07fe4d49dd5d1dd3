import { StreamError } from './errors'

/** For text that comes in pieces, cut anywhere. */
export type Push = (text: string) => void

/** Throws for what is longer than a line or an event may be: it would fill the memory without an end. A CR may be half of an end. */
export function checkLength(text: string, maxLength: number): void {
  if (text.length > maxLength + (text[maxLength] === '\r' ? 1 : 0))
    throw new StreamError(
      `sent a line of more than ${maxLength} characters: raise maxLength if that is right.`,
    )
}

/**
 * Text to lines. A CR that is the last of its piece ends a line at once, and an LF that opens the next piece belongs to it: an event
 * must not wait for the one after it.
 */
export function createLines(endsAtCr: boolean, maxLength: number, each: (line: string) => void): Push {
  let rest = ''
  let skipsLf = false

  return (text) => {
    const piece = skipsLf && text[0] === '\n' ? text.slice(1) : text
    if (text) skipsLf = endsAtCr && text[text.length - 1] === '\r'
    // Few servers write any, and a search for one character is five times as fast.
    const lines = piece.split(endsAtCr && piece.indexOf('\r') >= 0 ? /\r\n|\n|\r/ : '\n')
    // Only the new piece is looked through: a long line in many pieces would cost its square otherwise.
    lines[0] = rest + (lines[0] as string)
    rest = lines.pop() as string
    for (const line of lines) {
      checkLength(line, maxLength)
      each(line)
    }
    checkLength(rest, maxLength)
  }
}
