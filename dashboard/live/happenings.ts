import type { Note } from '../../proxy/admin/notes.ts'
import type { StateEvent } from '../../proxy/core/snapshot.ts'
import { noteOf, sentenceOf } from '../shell/words.ts'

/** State is never told by colour alone. */
export const GLYPHS: Readonly<Record<string, string>> = {
  up: '●',
  full: '■',
  checking: '◌',
  draining: '◐',
  ejected: '▲',
  down: '✕',
  gone: '○',
  switched: '⇄',
  reloaded: '↻',
  weighed: '⚖',
}

/** A change of state, or something that somebody has changed: as the event line has it. */
export interface Happening {
  /** Tells it from others. */
  readonly key: string
  readonly time: number
  /** The new state, or the kind of change. */
  readonly sort: string
  /** Whom it is about, if it is one. */
  readonly server: string | undefined
  /** What happened; of a server, without its name. */
  readonly text: string
}

export function happeningOf(each: StateEvent | Note): Happening {
  const { time } = each
  if ('kind' in each) {
    const server = each.kind === 'weighed' ? each.server : undefined
    return {
      key: `${time} ${server} ${each.kind}`,
      time,
      sort: each.kind,
      server: undefined,
      text: noteOf(each),
    }
  }
  const { server, to } = each
  return { key: `${time} ${server} ${to}`, time, sort: to, server, text: sentenceOf(each) }
}

/** In a sentence. */
export function told({ server, text }: Happening): string {
  return server === undefined ? text : `${server} ${text}`
}
