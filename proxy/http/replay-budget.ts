/** How much of the bodies on one connection is kept to be sent again, in bytes. */
const MOST_KEPT = 1024 * 1024

/** A connection with many requests at a time keeps no more of them than this together; the others are not sent twice. */
export class ReplayBudget {
  private kept = 0

  /** False: there is no room. */
  take(bytes: number): boolean {
    if (this.kept + bytes > MOST_KEPT) return false
    this.kept += bytes
    return true
  }

  giveBack(bytes: number): void {
    this.kept -= bytes
  }
}
