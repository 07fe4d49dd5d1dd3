import type { Raw } from './adapt-failures'
import { headerOf, type Headers } from '../transport/headers'

/**
 * For platforms that have no text for a body: Douyin's page knows objects, arrays and buffers (tt.request page), and Baidu writes text as
 * JSON once more (reported: bigmeow/axios-miniprogram-adapter#3, chameleon-team/chameleon-api#6). Of what an answer is, both know two
 * words: json and string.
 */
export function withObject(options: Raw): void {
  const { data, header, dataType = 'json' } = options
  if (dataType !== 'json') options['dataType'] = 'string'
  if (typeof data !== 'string') return
  const type = String(headerOf(Object(header) as Headers, 'content-type'))
  options['data'] = (/x-www-form-urlencoded/i.test(type) ? formIn(data) : jsonIn(data)) || data
}

/** Where it would not be sent as the same, the text stays: a number may be too long, or in other digits. */
function jsonIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (value instanceof Object && withoutSpace(JSON.stringify(value)) === withoutSpace(text)) return value
  } catch {
    // It is none.
  }
  return undefined
}

const withoutSpace = (text: string): string => text.replace(/\s/g, '')

/** The values have to be text (tt.request page). A name that comes twice cannot be said by an object. */
function formIn(text: string): object | undefined {
  const form: Record<string, string> = {}
  const pairs = text.split('&')
  try {
    for (const pair of pairs) {
      const [name = '', ...value] = pair.replace(/\+/g, ' ').split('=').map(decodeURIComponent)
      if (name) form[name] = value.join('=')
    }
  } catch {
    // A percent sign that is none.
    return undefined
  }
  return Object.keys(form).length === pairs.length ? form : undefined
}
