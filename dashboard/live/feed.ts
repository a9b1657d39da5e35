import { signal } from '@preact/signals'
import type { Hello } from '../../proxy/admin/hello.ts'
import type { Snapshot, StateEvent } from '../../proxy/core/snapshot.ts'
import { History } from './history.ts'

/** Nothing for that long, in milliseconds, and the numbers are old. */
const PATIENCE = 3500
const MOST_EVENTS = 200

export type News = 'waiting' | 'live' | 'stale'

/**
 * What a proxy tells by Server-Sent Events, kept for the page. Comes back by itself; while it cannot, the news are stale and `heardAt` says since
 * when.
 */
export class Feed {
  readonly history = new History()
  readonly news = signal<News>('waiting')
  /** Counts snapshots and events: whoever reads it is drawn anew with each. */
  readonly version = signal(0)
  readonly events: StateEvent[] = []
  /** Of the last change of state, for those who hear the page. */
  readonly spoken = signal<StateEvent | undefined>(undefined)
  /** Unix time, in milliseconds, of the last news; 0 before the first. */
  heardAt = 0
  /** Unix time, in milliseconds, from which the proxy counts; 0 before it said so. */
  startedAt = 0
  proxyVersion = ''
  private readonly url: string
  private staleTimer: ReturnType<typeof setTimeout> | undefined
  private retryDelay = 1000

  /** `url`: relative to the page, so that it works below any prefix. */
  constructor(url: string) {
    this.url = url
  }

  connect(): void {
    const source = new EventSource(this.url)
    const on = (name: string, heard: (data: never) => void): void =>
      source.addEventListener(name, (message: MessageEvent<string>) => {
        heard(JSON.parse(message.data) as never)
      })
    on('hello', (hello: Hello) => this.onHello(hello))
    on('snapshot', (snapshot: Snapshot) => this.onSnapshot(snapshot))
    on('state', (event: StateEvent) => this.onState(event))
    source.addEventListener('error', () => {
      this.goStale()
      // The browser itself comes back after a lost connection, but not after an answer that was no stream.
      if (source.readyState !== EventSource.CLOSED) return
      setTimeout(() => this.connect(), this.retryDelay)
      this.retryDelay = Math.min(this.retryDelay * 2, 15_000)
    })
  }

  private onHello({ events, startedAt, version }: Hello): void {
    const started = Date.parse(startedAt)
    if (started !== this.startedAt) this.history.clear()
    this.startedAt = started
    this.proxyVersion = version
    this.events.splice(0, Infinity, ...events)
    this.retryDelay = 1000
    this.version.value++
  }

  private onSnapshot(snapshot: Snapshot): void {
    this.history.add(snapshot)
    this.heardAt = Date.now()
    clearTimeout(this.staleTimer)
    this.staleTimer = setTimeout(() => this.goStale(), PATIENCE)
    this.news.value = 'live'
    this.version.value++
  }

  private onState(event: StateEvent): void {
    this.events.push(event)
    if (this.events.length > MOST_EVENTS) this.events.shift()
    const server = this.history.latest?.servers.find(({ id }) => id === event.server)
    if (server !== undefined && event.to !== 'gone') {
      server.state = event.to // The figures follow with the next snapshot; the state does not wait for it.
      server.reason = event.reason
    }
    this.spoken.value = event
    this.version.value++
  }

  private goStale(): void {
    this.news.value = this.heardAt === 0 ? 'waiting' : 'stale'
  }
}
