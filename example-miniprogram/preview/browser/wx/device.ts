import type { PhoneTheme, ThemeName } from '../frame/theme'
import { byId } from '../frame/element'
import { wxFunction } from './callbacks'

/** What a page may ask about the phone. */
export function device(theme: PhoneTheme) {
  const windowInfo = () => {
    const { width, height } = byId('pages').getBoundingClientRect()
    return {
      pixelRatio: devicePixelRatio,
      windowWidth: width,
      windowHeight: height,
      screenWidth: width,
      screenHeight: byId('phone').offsetHeight,
      statusBarHeight: 44,
    }
  }
  const baseInfo = () => ({
    SDKVersion: '3.10.0',
    version: '8.0.60',
    language: 'zh_CN',
    theme: theme.current,
  })
  const deviceInfo = () => ({ brand: 'devtools', model: 'preview', platform: 'devtools', system: 'browser' })
  const themeListeners = new Map<(result: { theme: ThemeName }) => void, () => void>()

  return {
    getWindowInfo: windowInfo,
    getAppBaseInfo: baseInfo,
    getDeviceInfo: deviceInfo,
    getSystemInfoSync: () => ({ ...windowInfo(), ...baseInfo(), ...deviceInfo() }),
    getAccountInfoSync: () => ({
      miniProgram: { appId: 'wx0000000000000000', envVersion: 'develop', version: '' },
    }),
    getMenuButtonBoundingClientRect: () => ({
      width: 87,
      height: 32,
      top: 50,
      right: 365,
      bottom: 82,
      left: 278,
    }),
    setClipboardData: wxFunction<{ data: string }>('setClipboardData', ({ data }) => copy(data)),
    vibrateShort: wxFunction('vibrateShort', () => undefined),
    onThemeChange(listener: (result: { theme: ThemeName }) => void): void {
      themeListeners.set(
        listener,
        theme.onChange((name) => listener({ theme: name })),
      )
    },
    offThemeChange(listener: (result: { theme: ThemeName }) => void): void {
      themeListeners.get(listener)?.()
      themeListeners.delete(listener)
    },
    restartMiniProgram: wxFunction('restartMiniProgram', () => {
      location.hash = ''
      location.reload()
    }),
    nextTick: (run: () => void) => queueMicrotask(run),
    canIUse: (): boolean => true,
  }
}

/** The clipboard is closed to pages that the browser does not trust; then the text goes where tests can read it. */
async function copy(data: string): Promise<void> {
  byId('phone').dataset.clipboard = data
  await navigator.clipboard.writeText(data).catch(() => undefined)
}
