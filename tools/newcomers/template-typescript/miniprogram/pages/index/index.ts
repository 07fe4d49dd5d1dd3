const app = getApp<IAppOption>()

Page({
  data: {
    motto: 'Hello World',
  },
  onLoad() {
    console.log(app.globalData.userInfo)
  },
})
