import { signal } from '@preact/signals'
import type { Hello } from '../../proxy/admin/hello.ts'
import type { Note } from '../../proxy/admin/notes.ts'
import type { Past } from '../../proxy/core/compact-row.ts'
import type { Snapshot, StateEvent } from '../../proxy/core/snapshot.ts'
import { readEvents, Refused } from './event-reader.ts'
import { History } from './history.ts'

/** Nothing for that long, in milliseconds, and the numbers are old. */
const PATIENCE = 3500
const MOST_EVENTS = 200
/** Snapshots that come faster than that, in milliseconds, are drawn together: an eye does not follow more. */
const LEAST = 400

/** `barred`: the token is missing, or wrong. */
export type News = 'waiting' | 'live' | 'stale' | 'barred'

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
  /** What somebody has changed. */
  readonly notes: Note[] = []
  /** The last change, for those who hear the page. */
  readonly spoken = signal<StateEvent | Note | undefined>(undefined)
  /** Unix time, in milliseconds, of the last news; 0 before the first. */
  heardAt = 0
  /** Unix time, in milliseconds, from which the proxy counts; 0 before it said so. */
  startedAt = 0
  proxyVersion = ''
  private readonly base: string
  private headers: Readonly<Record<string, string>> = {}
  private staleTimer: ReturnType<typeof setTimeout> | undefined
  private retryDelay = 1000
  private connecting = false
  private drawnAt = -Infinity
  private drawing: ReturnType<typeof setTimeout> | undefined

  /** `base`: relative to the page, so that it works below any prefix. */
  constructor(base: string) {
    this.base = base
  }

  /** `headers`: what the proxy wants to be shown. */
  async connect(headers: Readonly<Record<string, string>> = {}): Promise<void> {
    this.headers = headers
    if (this.connecting) return
    this.connecting = true
    try {
      for (;;) {
        try {
          await readEvents(`${this.base}events`, this.headers, (event, data) =>
            this.hear(event, JSON.parse(data)),
          )
        } catch (error) {
          if (error instanceof Refused && error.status === 401) {
            this.news.value = 'barred'
            return
          }
        }
        this.goStale()
        await new Promise((resolve) => setTimeout(resolve, this.retryDelay))
        this.retryDelay = Math.min(this.retryDelay * 2, 15_000)
      }
    } finally {
      this.connecting = false
    }
  }

  private hear(event: string, data: unknown): void {
    if (event === 'hello') this.onHello(data as Hello)
    else if (event === 'snapshot') this.onSnapshot(data as Snapshot)
    else if (event === 'state') this.onState(data as StateEvent)
    else if (event === 'switched' || event === 'reloaded' || event === 'weighed') {
      this.onNote(data as Note)
    }
  }

  private onHello({ events, notes, startedAt, version }: Hello): void {
    const started = Date.parse(startedAt)
    if (started !== this.startedAt) this.history.clear()
    this.startedAt = started
    this.proxyVersion = version
    this.events.splice(0, Infinity, ...events)
    this.notes.splice(0, Infinity, ...notes)
    this.retryDelay = 1000
    this.version.value++
    void this.lookBack()
  }

  /** What the page has not seen: before it was opened, or while it could not listen. Without it the page goes on from here. */
  private async lookBack(): Promise<void> {
    try {
      const answer = await fetch(`${this.base}history`, {
        headers: this.headers,
        cache: 'no-store',
      })
      if (!answer.ok) return
      const { rows, startedAt } = (await answer.json()) as Past
      if (Date.parse(startedAt) !== this.startedAt) return
      this.history.recall(rows)
      this.version.value++
    } catch {
      // The stream says that something is wrong.
    }
  }

  private onSnapshot(snapshot: Snapshot): void {
    this.history.add(snapshot)
    this.heardAt = Date.now()
    clearTimeout(this.staleTimer)
    this.staleTimer = setTimeout(() => this.goStale(), PATIENCE)
    this.news.value = 'live'
    this.draw()
  }

  private draw(): void {
    const early = LEAST - (performance.now() - this.drawnAt)
    if (early <= 0) {
      this.drawnAt = performance.now()
      this.version.value++
    } else {
      this.drawing ??= setTimeout(() => {
        this.drawing = undefined
        this.draw()
      }, early)
    }
  }

  private onState(event: StateEvent): void {
    keep(this.events, event)
    this.history.setState(event)
    this.spoken.value = event
    this.version.value++
  }

  private onNote(note: Note): void {
    keep(this.notes, note)
    this.spoken.value = note
    this.version.value++
  }

  private goStale(): void {
    this.news.value = this.heardAt === 0 ? 'waiting' : 'stale'
  }
}

function keep<T>(all: T[], one: T): void {
  all.push(one)
  if (all.length > MOST_EVENTS) all.shift()
}
