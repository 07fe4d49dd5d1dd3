import { decodeUtf8 } from './utf8'

/** The three calls that share WeChat's lanes. */
export type NetworkApi = 'request' | 'uploadFile' | 'downloadFile'

/** A request as the back end sees it. */
export class FakeRequest {
  /** Header fields under the names the caller gave them. `content-type` is always there. */
  readonly header: Readonly<Record<string, string>>
  /** The body: what `wx.request` was given as a string or `ArrayBuffer`, or what WeChat made of an object. */
  readonly data: string | ArrayBuffer | undefined
  /** Fields of an upload. */
  readonly upload: FakeUpload | undefined
  /** WeChat's own time limit in ms. */
  readonly timeout: number

  constructor(
    /** Counts from 1 for each fake. */
    readonly id: number,
    readonly api: NetworkApi,
    readonly method: string,
    /** The whole URL, query included. */
    readonly url: string,
    parts: {
      header: Record<string, string>
      data: string | ArrayBuffer | undefined
      upload: FakeUpload | undefined
      timeout: number
    },
    /** Everything else the caller passed (`enableChunked`, `redirect`, …). */
    readonly options: Readonly<Record<string, unknown>>,
  ) {
    this.header = parts.header
    this.data = parts.data
    this.upload = parts.upload
    this.timeout = parts.timeout
  }

  /** `https://api.test` of `https://api.test/orders?page=2`. */
  get origin(): string {
    return this.url.slice(0, this.pathStart)
  }

  /** `/orders` of `https://api.test/orders?page=2`. */
  get path(): string {
    const rest = this.url.slice(this.pathStart)
    const end = rest.search(/[?#]/)
    return (end < 0 ? rest : rest.slice(0, end)) || '/'
  }

  /** The query, decoded; a key that occurs more than once has its last value here, see `queryAll`. */
  get query(): Record<string, string> {
    const query: Record<string, string> = {}
    for (const [key, value] of this.queryAll) query[key] = value
    return query
  }

  /** The query as decoded pairs, in order. */
  get queryAll(): [key: string, value: string][] {
    const [address = ''] = this.url.split('#')
    const start = address.indexOf('?')
    return start < 0 ? [] : pairs(address.slice(start + 1))
  }

  /** The body as text. */
  get text(): string {
    if (this.data === undefined) return ''
    return typeof this.data === 'string' ? this.data : decodeUtf8(this.data)
  }

  /** The body parsed as JSON, or `undefined` when it is none. */
  get json(): unknown {
    try {
      return JSON.parse(this.text) as unknown
    } catch {
      return undefined
    }
  }

  /** The body parsed as `application/x-www-form-urlencoded`. */
  get form(): Record<string, string> {
    const form: Record<string, string> = {}
    for (const [key, value] of pairs(this.text)) form[key] = value
    return form
  }

  /** A header field by its name in any case. */
  headerOf(name: string): string | undefined {
    const exact = this.header[name]
    if (exact !== undefined) return exact
    const wanted = name.toLowerCase()
    for (const key of Object.keys(this.header)) {
      if (key.toLowerCase() === wanted) return this.header[key]
    }
    return undefined
  }

  private get pathStart(): number {
    const host = this.url.indexOf('://') + 3
    const end = this.url.slice(host).search(/[/?#]/)
    return end < 0 ? this.url.length : host + end
  }
}

/** What `wx.uploadFile` sends besides the header. */
export interface FakeUpload {
  readonly filePath: string
  /** The field name under which the file travels. */
  readonly name: string
  readonly formData: Readonly<Record<string, unknown>>
  /** The file, when the test has put one under this path in `fake.files`. */
  readonly content: string | ArrayBuffer | undefined
}

function pairs(text: string): [string, string][] {
  if (text === '') return []
  return text.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}

/** What a cache knows an answer by. */
export function addressOf({ method, url }: FakeRequest): string {
  return `${method} ${url}`
}
