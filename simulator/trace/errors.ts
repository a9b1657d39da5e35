/** Control characters, by their general category in Unicode. */
const CONTROLS = /\p{Cc}/gu

/** The file is no trace, or cannot be read as one. */
export class TraceFormatError extends Error {
  override readonly name: string = 'TraceFormatError'
}

/** Why one line cannot be read. */
export class LineError extends Error {
  override readonly name: string = 'LineError'
}

/** A line's time is none, or below 0. */
export class TimeError extends LineError {
  override readonly name: string = 'TimeError'
}

/** What goes into a message is somebody's data: short enough to read, and nothing that moves a terminal's cursor. */
export function clip(text: string, length = 60): string {
  const short = text.length <= length ? text : `${text.slice(0, length)}…`
  return short.replace(CONTROLS, '?')
}
