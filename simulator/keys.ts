import { exp } from '../proxy/core/exponential.ts'
import { hash32 } from '../proxy/core/hash.ts'
import { log } from '../proxy/core/logarithm.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { above0, atLeast, between, listed, unknownType, whole } from './checks.ts'
import { GuideTable } from './guide-table.ts'

/** What requests are about, for strategies that go by key and for caches: plain data. */
export type KeySpec =
  | { type: 'uniform'; count: number }
  | {
      type: 'zipf'
      count: number
      /** The share of key i, counted from 0, is in proportion to 1 / (i + 1)^exponent. */
      exponent: number
      /** The share of key 0, whatever the exponent says; the others divide the rest in their proportions. */
      hottest?: number
    }
  /** One a request, from the first again after the last. Numbers are keys as texts are: 7 is '7'. */
  | { type: 'trace'; keys: readonly (string | number)[] }
  /** The same where the keys themselves are not known, only their affinity hashes. */
  | { type: 'hashes'; hashes: Int32Array }
  | SizeKeySpec

/**
 * Requests say how much work they are, in so many milliseconds, rounded down: that number is the affinity hash itself. For strategies that
 * sort by size. Caches know nothing of such keys.
 */
interface SizeKeySpec {
  type: 'size'
  unit: number
}

/** A stream of keys. A key is known by its index, from 0 up. */
export interface Keys {
  /** How many different keys there are. */
  readonly count: number
  /** The affinity hash of each key: what the proxy makes of a request whose field says `text(index)`. */
  readonly hashes: Int32Array
  /** How a request in the real world says it: '0' for key 0 and so on, or the text in the trace. */
  text(index: number): string
  /** How likely a request is to be about this key; in a trace, how many are. */
  share(index: number): number
  /** Fills the whole array with the indices of the next requests' keys. */
  fillIndices(into: Int32Array): void
  /** The same with hashes in place of indices. */
  fill(into: Int32Array): void
}

const MOST_KEYS = 10_000_000

/** Milliseconds to a unit of size; 0 of keys that are no sizes. */
export function sizeUnit(spec: KeySpec | undefined, path = 'keys'): number {
  return spec?.type === 'size' ? above0(spec.unit, `${path}.unit`) : 0
}

/** Throws a `RangeError` that names the path: `keys.count must be a whole number from 1 to 10000000, got 0`. */
export function createKeys(spec: KeySpec, rng: Rng, path = 'keys'): Keys {
  checkKeys(spec, path)
  if (spec.type === 'size') {
    throw new RangeError(`${path}: sizes come with the work, and are no stream of their own`)
  }
  if (spec.type === 'trace') return new TracedKeys(spec.keys.map(String), hashOf)
  if (spec.type === 'hashes') return new TracedKeys(spec.hashes, (hash) => hash)
  if (spec.type === 'uniform') return new DrawnKeys(new Even(spec.count), rng)
  return new DrawnKeys(new GuideTable(zipf(spec)), rng)
}

/** Throws what `createKeys` would throw, without making millions of keys. */
export function checkKeys(spec: KeySpec, path = 'keys'): void {
  switch (spec.type) {
    case 'trace':
      listed(spec.keys, `${path}.keys`)
      return
    case 'hashes':
      checkHashes(spec.hashes, `${path}.hashes`)
      return
    case 'size':
      above0(spec.unit, `${path}.unit`)
      return
    case 'uniform':
    case 'zipf':
      break
    default:
      throw unknownType(spec, path, 'uniform, zipf, trace, hashes, size')
  }
  const count = whole(spec.count, 1, MOST_KEYS, `${path}.count`)
  if (spec.type === 'uniform') return
  atLeast(spec.exponent, 0, `${path}.exponent`)
  if (spec.hottest === undefined) return
  between(spec.hottest, 0, 1, `${path}.hottest`)
  if (count === 1)
    throw new RangeError(`${path}.hottest needs ${path}.count to be at least 2, got 1`)
}

/**
 * Zipf's law: George Kingsley Zipf, "Human Behavior and the Principle of Least Effort", 1949; for pages of the web with exponents of .64 to
 * .83 Breslau, Cao, Fan, Phillips and Shenker, "Web Caching and Zipf-like Distributions", INFOCOM 1999.
 */
function zipf({ count, exponent, hottest }: Extract<KeySpec, { type: 'zipf' }>): Float64Array {
  const weights = new Float64Array(count)
  for (let i = 0; i < weights.length; i++) weights[i] = exp(-exponent * log(i + 1))
  if (hottest === undefined) return weights
  let others = 0
  for (let i = weights.length - 1; i > 0; i--) others += weights[i]
  for (let i = 1; i < weights.length; i++) weights[i] *= (1 - hottest) / others
  weights[0] = hottest
  return weights
}

/** The affinity hash of a text, as the proxy works it out, at a size that the engine never boxes. */
function hashOf(text: string): number {
  return hash32(text) | 0
}

interface Choice {
  readonly count: number
  /** Replaces each number, from 0 to below 1, by an index: never a smaller one for a greater number. */
  find(values: Float64Array): void
  share(index: number): number
}

/** All are equally likely. */
class Even implements Choice {
  readonly count: number

  constructor(things: number) {
    this.count = things
  }

  find(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) values[i] = Math.floor(values[i] * this.count)
  }

  share(): number {
    return 1 / this.count
  }
}

/** One random number a key. */
class DrawnKeys implements Keys {
  readonly count: number
  readonly hashes: Int32Array
  private readonly choice: Choice
  private readonly rng: Rng
  private drawn = new Float64Array(0)

  constructor(choice: Choice, rng: Rng) {
    this.count = choice.count
    this.hashes = new Int32Array(this.count)
    for (let i = 0; i < this.count; i++) this.hashes[i] = hashOf(`${i}`)
    this.choice = choice
    this.rng = rng
  }

  text(index: number): string {
    return `${index}`
  }

  share(index: number): number {
    return this.choice.share(index)
  }

  fillIndices(into: Int32Array): void {
    if (this.drawn.length !== into.length) this.drawn = new Float64Array(into.length)
    const { drawn } = this
    this.rng.fillFloats(drawn)
    this.choice.find(drawn)
    for (let i = 0; i < into.length; i++) into[i] = drawn[i]
  }

  fill(into: Int32Array): void {
    const { hashes } = this
    this.fillIndices(into)
    for (let i = 0; i < into.length; i++) into[i] = hashes[into[i]]
  }
}

class TracedKeys<Key extends string | number> implements Keys {
  readonly count: number
  readonly hashes: Int32Array
  private readonly keys: readonly Key[]
  private readonly sequence: Int32Array
  private next = 0

  /** `trace`: the key of each request. `hash`: the affinity hash of a key. */
  constructor(trace: ArrayLike<Key>, hash: (key: Key) => number) {
    const indices = new Map<Key, number>()
    this.sequence = new Int32Array(trace.length)
    for (let i = 0; i < trace.length; i++) {
      const index = indices.get(trace[i]) ?? indices.size
      indices.set(trace[i], index)
      this.sequence[i] = index
    }
    this.keys = [...indices.keys()]
    this.count = this.keys.length
    this.hashes = Int32Array.from(this.keys, hash)
  }

  text(index: number): string {
    return `${this.keys[index]}`
  }

  share(index: number): number {
    return this.sequence.filter((key) => key === index).length / this.sequence.length
  }

  fillIndices(into: Int32Array): void {
    const { sequence } = this
    for (let i = 0; i < into.length; i++) {
      into[i] = sequence[this.next]
      if (++this.next === sequence.length) this.next = 0
    }
  }

  fill(into: Int32Array): void {
    const { hashes } = this
    this.fillIndices(into)
    for (let i = 0; i < into.length; i++) into[i] = hashes[into[i]]
  }
}

function checkHashes(hashes: Int32Array, path: string): void {
  if (hashes instanceof Int32Array && hashes.length > 0) return
  throw new RangeError(`${path} must be an array of 32-bit integers with at least one entry`)
}
