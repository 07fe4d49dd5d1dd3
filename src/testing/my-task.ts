import type { Behind, Raw } from './native'

/** The head comes as `headers` of a request and a download, as `header` of an upload; progress has the names of writing (my typings). */
export function myTask(native: unknown, name: 'header' | 'headers'): unknown {
  if (!native || typeof (native as { then?: unknown }).then === 'function') return native
  const of = native as Behind
  return {
    abort: () => of.abort(),
    onHeadersReceived: (listener: (head: Raw) => void) =>
      of.onHeadersReceived(({ header }: Raw) => listener({ [name]: header })),
    offHeadersReceived: () => of.offHeadersReceived(),
    onProgressUpdate: (listener: (progress: Raw) => void) =>
      of.onProgressUpdate((heard: Raw) =>
        listener({
          progress: heard['progress'],
          totalBytesWritten: heard['totalBytesSent'] ?? heard['totalBytesWritten'],
          totalBytesExpectedToWrite: heard['totalBytesExpectedToSend'] ?? heard['totalBytesExpectedToWrite'],
        }),
      ),
    offProgressUpdate: () => of.offProgressUpdate(),
  }
}
