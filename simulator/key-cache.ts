/** Keeps the keys asked for last: what a server that caches has at hand. Least recently used goes first. */
export class KeyCache {
  hits = 0
  misses = 0
  private readonly entries: number
  /** In order of use: a `Map` keeps the order in which keys were set. */
  private readonly keys = new Set<number>()

  constructor(entries: number) {
    this.entries = entries
  }

  /** Says whether it was there; it is now. */
  ask(key: number): boolean {
    const hit = this.keys.delete(key)
    this.keys.add(key)
    if (hit) {
      this.hits++
      return true
    }
    this.misses++
    if (this.keys.size > this.entries) {
      for (const oldest of this.keys) {
        this.keys.delete(oldest)
        break
      }
    }
    return false
  }

  clear(): void {
    this.keys.clear()
  }
}
