import { expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { RewindableRng } from './rewindable-rng.ts'

function draw(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => rng.int(1000))
}

test('it shows what other dice of its seed show', () => {
  expect(draw(new RewindableRng(7), 10)).toEqual(draw(new Rng(7), 10))
  expect(draw(new RewindableRng(7).fork('x'), 10)).toEqual(draw(new Rng(7).fork('x'), 10))
})

test('set back, it and its forks show the same again from the mark on', () => {
  const rng = new RewindableRng(7)
  const fork = rng.fork('x')
  draw(rng, 3)
  draw(fork, 5)
  rng.mark()
  const [own, forked] = [draw(rng, 10), draw(fork, 10)]
  rng.rewind()
  expect([draw(rng, 10), draw(fork, 10)]).toEqual([own, forked])
})
