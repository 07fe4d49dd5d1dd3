import { rpx, toCss } from '../../compile/wxss'

describe('lengths', () => {
  it.each([
    ['width: 20rpx', 'width: calc(20 * var(--rpx))'],
    ['margin: -.5rpx 1.25rpx', 'margin: calc(-.5 * var(--rpx)) calc(1.25 * var(--rpx))'],
    ['height: calc(100vh - 40rpx)', 'height: calc(calc(100 * var(--vh)) - calc(40 * var(--rpx)))'],
    ['width: 20px', 'width: 20px'],
    ['grid-area: a20rpx', 'grid-area: a20rpx'],
  ])('turns %s into %s', (wxss, css) => expect(rpx(wxss)).toBe(css))
})

describe('the classes of an isolated component', () => {
  it.each([
    ['.a .b > view.c:hover { top: 1rpx }', '.s--a .s--b > view.s--c:hover { top: calc(1 * var(--rpx)) }'],
    [':host { color: red }', '[wx-host="s"] { color: red }'],
    [':host(.on) .a {}', '[wx-host="s"].on .s--a {}'],
    ['@media (min-width: 1.5em) { .a {} }', '@media (min-width: 1.5em) { .s--a {} }'],
    ['/* .x { */ .a {}', '/* .x { */ .s--a {}'],
    ['.a::before { content: "} .x {" }', '.s--a::before { content: "} .x {" }'],
    ['.a { background: url(./b.png) }', '.s--a { background: url(./b.png) }'],
    [
      '.a { animation: .3s x } @keyframes x { 12.5% { top: 0 } }',
      '.s--a { animation: .3s x } @keyframes x { 12.5% { top: 0 } }',
    ],
  ])('are told apart: %s', (wxss, css) => expect(toCss(wxss, 's')).toBe(css))

  it('are left alone in sheets that are not isolated', () => expect(toCss('.a {}')).toBe('.a {}'))
})
