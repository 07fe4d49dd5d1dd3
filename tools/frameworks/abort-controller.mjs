// #region abort-controller
/** As much of an AbortController as query libraries need: phones have none. */
export function AbortController() {
  const listeners = []
  const signal = {
    aborted: false,
    addEventListener: (_, listener) => void listeners.push(listener),
    removeEventListener: (_, listener) => void listeners.splice(listeners.indexOf(listener) >>> 0, 1),
  }
  this.signal = signal
  this.abort = () => {
    signal.aborted = true
    for (const listener of listeners.splice(0)) listener()
  }
}
// #endregion
