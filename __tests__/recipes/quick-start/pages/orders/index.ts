interface Order {
  id: number
}

// #region page
import { api } from '../../api'

Page({
  async onLoad() {
    this.setData({ orders: await api.get<Order[]>('/orders', { page: 1 }) })
  },
})
// #endregion
