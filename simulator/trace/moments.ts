/** Count, mean and variance of numbers that pass by (Welford, "Note on a Method for Calculating Corrected Sums", Technometrics 4(3), 1962). */
export class Moments {
  count = 0
  mean = 0
  private squares = 0

  add(value: number): void {
    this.count++
    const off = value - this.mean
    this.mean += off / this.count
    this.squares += off * (value - this.mean)
  }

  /** Of all of them, not an estimate for others: divided by their number. */
  get variance(): number {
    return this.squares / this.count
  }

  /** The coefficient of variation: the standard deviation over the mean. */
  get cv(): number {
    return Math.sqrt(this.variance) / this.mean
  }
}
