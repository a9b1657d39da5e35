import fc from 'fast-check'
import { message } from './requests.ts'
import { mutations } from './mutations.ts'

/** At every byte, around every CR and LF, or at those places, in 65,536ths. */
export type Cut = 'whole' | 'bytes' | 'lines' | number[]

export const cuts: fc.Arbitrary<Cut> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Cut>('whole') },
  { weight: 1, arbitrary: fc.constant<Cut>('bytes') },
  { weight: 1, arbitrary: fc.constant<Cut>('lines') },
  { weight: 4, arbitrary: fc.array(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: 4 }) },
)

/**
 * What a client may send on one connection, as the pieces in which it sends it: a few messages, most of them right, some almost,
 * and now and then a byte that is wrong.
 */
export const streams: fc.Arbitrary<string[]> = fc
  .tuple(fc.array(message, { minLength: 1, maxLength: 4 }), mutations, cuts)
  .map(([messages, mutate, cut]) => split(mutate(messages.join('')), cut))

/** A text that is longer is not cut into bytes: it would take all the time there is. */
const MOST_BYTES = 700

export function split(text: string, cut: Cut): string[] {
  if (cut === 'whole' || (cut === 'bytes' && text.length > MOST_BYTES)) return [text]
  if (cut === 'bytes') return text.split('')
  if (cut === 'lines') return text.length > 20_000 ? [text] : text.split(/(?<=[\r\n])/)
  const places = cut.map((part) => Math.floor((part / 0x10000) * text.length)).sort((a, b) => a - b)
  return [...places, text.length].map((place, i) => text.slice(places[i - 1] ?? 0, place))
}
