import Taro from '@tarojs/taro'

// What an app has before it takes the package: no session.
export const api = {
  ensureLogin: () => Promise.resolve(),
  get: <T>(path: string, data?: object) =>
    Taro.request<T>({ url: `https://api.example.com${path}`, data }).then((response) => response.data),
}
