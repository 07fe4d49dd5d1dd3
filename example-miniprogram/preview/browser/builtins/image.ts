import { files } from '../wx/files'
import type { Builtin } from './define'

/** WeChat's `image` is a box of its own size with the picture inside, fitted as `mode` says. */
export const image: Builtin = {
  properties: { src: String, mode: { type: String, value: 'scaleToFill' }, lazyLoad: Boolean },
  apply: {
    src(host, value: string, component) {
      const picture = host.querySelector('img') ?? document.createElement('img')
      picture.alt = ''
      picture.onload = () =>
        component.triggerEvent('load', { width: picture.naturalWidth, height: picture.naturalHeight })
      picture.onerror = () => component.triggerEvent('error', { errMsg: `GET ${value} failed` })
      picture.src = files.url(value)
      host.append(picture)
    },
  },
}
