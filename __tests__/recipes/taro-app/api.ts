export * from '../platforms/taro'
