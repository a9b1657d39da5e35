/**
 * So many requests may wait on connections that have sent more than a few, all of them together in a thread. One packet of 64 KiB can
 * hold 2400 of the smallest requests, and node:http makes all of them at once: 1.7 KiB each, 4 MiB a connection, for as long as its
 * client likes. This is some 50 MiB for all.
 */
const MOST = 30_000

/** Requests that wait for the answer to another one on their connection, beyond the few that clients in good faith send. */
export class Crowd {
  private waiting = 0

  get tooLarge(): boolean {
    return this.waiting > MOST
  }

  enter(): void {
    this.waiting++
  }

  leave(count = 1): void {
    this.waiting -= count
  }
}
