import { styleText } from 'node:util'
import type { Tone } from '../../simulator/study/tone.ts'

/** Gives a text its look. Drawing functions get one, so that they stay pure and their golden texts readable. */
export type Paint = (tone: Tone, text: string) => string

const STYLES = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
} as const

export const plain: Paint = (_tone, text) => text

export const colourful: Paint = (tone, text) =>
  tone === 'plain' || text === '' ? text : styleText(STYLES[tone], text, { validateStream: false })

/**
 * Colours for a stream that can show them, unless `NO_COLOR` (https://no-color.org) says no. Colour is never the only
 * carrier of a meaning: there is always a glyph or a word.
 */
export function paintFor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Paint {
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  return stream.isTTY && !refused ? colourful : plain
}
