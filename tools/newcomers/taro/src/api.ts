import Taro from '@tarojs/taro'

const baseURL = 'https://api.example.com'

// What an app has before it takes the package: no session.
export const api = {
  ensureLogin: () => Promise.resolve(),
  get: <T>(path: string, data?: object) =>
    Taro.request<T>({ url: baseURL + path, data }).then((response) => response.data),
  uploadFile: <T>({ url, filePath, name }: { url: string; filePath: string; name: string }) =>
    Taro.uploadFile({ url: baseURL + url, filePath, name }).then(({ data }) => ({
      data: JSON.parse(data) as T,
    })),
}
