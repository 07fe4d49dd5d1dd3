const baseURL = 'https://api.example.com'

// What an app has before it takes the package: no session.
export const api = {
  ensureLogin: () => Promise.resolve(),
  get: <T>(path: string, data?: UniApp.RequestOptions['data']) =>
    uni.request({ url: baseURL + path, data }).then((response) => response.data as T),
  uploadFile: <T>({ url, filePath, name }: { url: string; filePath: string; name: string }) =>
    uni.uploadFile({ url: baseURL + url, filePath, name }).then(({ data }) => ({
      data: JSON.parse(data) as T,
    })),
}
