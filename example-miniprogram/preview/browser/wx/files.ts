/** Temporary files by the path a page knows them under, as `chooseAvatar` and `downloadFile` give them out. */
class TemporaryFiles {
  readonly #files = new Map<string, { blob: Blob; url: string }>()

  /** Keeps a file and gives its path, which looks like those of WeChat DevTools. */
  add(blob: Blob, extension: string): string {
    const path = `http://tmp/${crypto.randomUUID().replaceAll('-', '')}.${extension}`
    this.#files.set(path, { blob, url: URL.createObjectURL(blob) })
    return path
  }

  get(path: string): Blob | undefined {
    return this.#files.get(path)?.blob
  }

  /** What an `<img>` can show for an address of the server. */
  picture = (url: string): string => url

  /** What an `<img>` can show for the `src` of an image: the file itself, or the server's picture. */
  url(path: string): string {
    const file = this.#files.get(path)
    if (file) return file.url
    return /^https?:/.test(path) ? this.picture(path) : path
  }
}

export const files = new TemporaryFiles()
