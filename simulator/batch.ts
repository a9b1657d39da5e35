import type { Source } from './distributions.ts'

const SIZE = 256

/** Draws ahead, many at a time: what a source costs by the call is paid once for all of them. */
export class Batch {
  private readonly source: Source
  private readonly values = new Float64Array(SIZE)
  private at = SIZE

  constructor(source: Source) {
    this.source = source
  }

  next(): number {
    if (this.at === SIZE) {
      this.source.fill(this.values)
      this.at = 0
    }
    return this.values[this.at++]
  }
}
