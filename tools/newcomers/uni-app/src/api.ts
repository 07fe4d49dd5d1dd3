// What an app has before it takes the package: no session.
export const api = {
  ensureLogin: () => Promise.resolve(),
  get: <T>(path: string, data?: UniApp.RequestOptions['data']) =>
    uni.request({ url: `https://api.example.com${path}`, data }).then((response) => response.data as T),
}
