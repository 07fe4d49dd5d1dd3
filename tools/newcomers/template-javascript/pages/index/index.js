const app = getApp()

Page({
  data: {
    motto: 'Hello World',
  },
  onLoad() {
    console.log(app.globalData.userInfo)
  },
})
