import { InvalidArgumentError } from 'commander'

const MOST = 100_000
const LAST = 2 ** 32 - 1

/** `1..50`, `7`, or `1..10,99`. */
export function readSeeds(text: string): readonly number[] {
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const [, from, to = from] = /^ *(\d{1,10})(?:\.\.(\d{1,10}))? *$/.exec(part) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (!(first <= last && last <= LAST))
      throw new InvalidArgumentError(
        'They must be like 1..50, or 1,5,9, each from 0 to 4294967295.',
      )
    if (last - first >= MOST || seeds.length >= MOST)
      throw new InvalidArgumentError(`At most ${MOST} of them.`)
    for (let seed = first; seed <= last; seed++) seeds.push(seed)
  }
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) < i)
  if (twice === undefined) return seeds
  throw new InvalidArgumentError(`${twice} is there twice: one run would count as two.`)
}
