// What the recipes need of Alipay, uni-app and Taro; tools/typings compiles against their own types, tools/newcomers builds with them.
declare const my: { request: CallableFunction; getAuthCode: CallableFunction }
declare const uni: { request: CallableFunction; login: CallableFunction }

declare module '@tarojs/taro' {
  const Taro: { request: CallableFunction; login: CallableFunction }
  export default Taro
}
