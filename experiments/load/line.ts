/** First come, first served, in constant time: `Array.shift` moves all that is left. */
export class Line<T> {
  private items: (T | undefined)[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  get first(): T | undefined {
    return this.items[this.head]
  }

  push(item: T): void {
    this.items.push(item)
  }

  shift(): T | undefined {
    if (this.head === this.items.length) return undefined
    const item = this.items[this.head]
    this.items[this.head++] = undefined
    // Half of it is used up: what is left moves once, and paid for it has all that came before.
    if (this.head * 2 > this.items.length && this.head > 1024) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }
}
