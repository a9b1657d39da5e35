import type { Downstream, DownstreamOwner } from '../http/downstream.ts'

/** Pieces of news that a reader may miss in a row before it is given up: half a minute's worth of snapshots. */
const PATIENCE = 30

/** What a stream needs of the one who writes it. */
export interface Newsroom {
  /** All that one needs to know who has missed something. */
  catchUp(): Uint8Array
  left(stream: EventStream): void
}

/**
 * One reader of the events. While its connection is full it gets nothing, so that nothing piles up here; when it reads on,
 * it is told how things stand.
 */
export class EventStream implements DownstreamOwner {
  private readonly request: Downstream
  private readonly newsroom: Newsroom
  private full = false
  private missed = 0

  constructor(request: Downstream, newsroom: Newsroom) {
    this.request = request
    this.newsroom = newsroom
  }

  write(piece: Uint8Array): void {
    if (!this.full) {
      this.full = !this.request.write(piece)
    } else if (++this.missed >= PATIENCE) {
      this.newsroom.left(this)
      this.request.cut()
    }
  }

  end(): void {
    this.request.end()
  }

  onDrain(): void {
    this.full = false
    if (this.missed === 0) return
    this.missed = 0
    this.write(this.newsroom.catchUp())
  }

  onDone(): void {}

  onLeft(): void {
    this.newsroom.left(this)
  }

  onBadBody(): void {
    this.newsroom.left(this)
    this.request.cut()
  }
}
