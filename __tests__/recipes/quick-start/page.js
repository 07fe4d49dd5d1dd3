/* global Page */
// #region page-js
import { api } from '../../api'

Page({
  async onLoad() {
    this.setData({ orders: await api.get('/orders', { page: 1 }) })
  },
})
// #endregion
