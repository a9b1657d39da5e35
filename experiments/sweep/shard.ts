import { InvalidArgumentError } from 'commander'

/** The `index`-th of `of` parts, counted from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

export const WHOLE: Shard = { index: 1, of: 1 }

/** `2/4`. */
export function readShard(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? []
  if (index === undefined)
    throw new InvalidArgumentError('It must be like 2/4: the second of four.')
  const shard = { index: Number(index), of: Number(of) }
  if (shard.of === 0) throw new InvalidArgumentError('There must be at least one part, like 1/1.')
  if (shard.index >= 1 && shard.index <= shard.of) return shard
  const [last] = [`${shard.of}/${shard.of}`]
  throw new InvalidArgumentError(`Of ${shard.of} parts there are 1/${shard.of} to ${last}.`)
}
