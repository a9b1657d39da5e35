import { relative } from 'node:path'

/** A file as somebody would name it from where he stands: by its whole path where that is elsewhere. */
export function shownFrom(file: string): string {
  const near = relative('', file)
  return near.startsWith('..') ? file : near
}
