/** When requests are due. */
export interface Timetable {
  /** Fills the whole array with the times of the next ones, none before the last; `Infinity` after the last. */
  fill(into: Float64Array): void
  /** How many are expected by a time in milliseconds: of a trace, how many there are. */
  expected(time: number): number
}
