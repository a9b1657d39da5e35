import { signal } from '@preact/signals'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import type { Decided } from '../race/explainer.ts'
import type { Difference } from '../race/first-difference.ts'
import type { RaceFrame } from '../race/frame.ts'
import type { Change } from '../race/race.ts'
import type { FromRace, ToRace } from './race-messages.ts'

/** How long the worker may take for an answer, in milliseconds: in time for the next picture, or as much as it likes. */
const BUDGET = 12
const FULL_BUDGET = 60
/** What is read changes so often; milliseconds. */
const READ_EVERY = 200

/** Drives the race in its worker on a clock of screen time, and shows what comes back. */
export class RacePlayer {
  /** Every frame, for canvases; and some of them, for what is read. */
  readonly frames = signal<RaceFrame | undefined>(undefined)
  readonly shown = signal<RaceFrame | undefined>(undefined)
  readonly playing = signal(false)
  /** Virtual time for each millisecond of screen time; `Infinity`: as fast as possible. */
  readonly speed = signal(1)
  readonly fault = signal<string | undefined>(undefined)
  readonly decided = signal<readonly (Decided | undefined)[] | undefined>(undefined)
  readonly difference = signal<Difference | 'none' | undefined>(undefined)
  /** Real milliseconds of the present run, as long as it went at full speed. */
  readonly took = signal<number | undefined>(undefined)
  /** Something happened on the way, at this time. */
  onAmended: (event: EventSpec) => void = () => {}
  private worker: Worker | undefined
  private waiting = false
  private target = 0
  private shownAt = 0
  private askedAt = 0
  private scheduled = 0
  private startedAt = 0
  private queued: ToRace[] = []
  /** What is under way is an answer about the race before this one. */
  private stale = false

  /** Begins anew with that; goes on playing if it was. */
  start(scenario: Scenario, contenders: readonly Ours[]): void {
    this.worker ??= this.employ()
    this.fault.value = undefined
    this.decided.value = undefined
    this.difference.value = undefined
    this.took.value = undefined
    this.target = 0
    this.shownAt = 0
    this.startedAt = performance.now()
    this.queued = []
    this.stale = this.waiting
    this.send({ kind: 'start', scenario, contenders })
    if (this.playing.value) this.next()
  }

  play(): void {
    if (this.frames.value?.over === true) this.go(0)
    this.playing.value = true
    this.decided.value = undefined
    this.askedAt = performance.now()
    if (this.target === 0) this.startedAt = this.askedAt
    this.next()
  }

  pause(): void {
    this.playing.value = false
    this.shown.value = this.frames.value
  }

  toggle(): void {
    if (this.playing.value) this.pause()
    else this.play()
  }

  /** To that virtual time; back in time it is run again, which gives the same. */
  go(time: number): void {
    this.target = time
    this.decided.value = undefined
    this.took.value = undefined
    this.shownAt = 0
    this.send({ kind: 'go', until: time, budget: 10_000 })
  }

  step(): void {
    this.pause()
    this.shownAt = 0
    this.send({ kind: 'step' })
  }

  differ(lanes: readonly [number, number]): void {
    this.pause()
    this.shownAt = 0
    this.difference.value = undefined
    this.send({ kind: 'differ', lanes })
  }

  amend(change: Change): void {
    this.send({ kind: 'amend', change })
  }

  private employ(): Worker {
    const worker = new Worker(new URL('./race-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<FromRace>) => this.hear(data))
    worker.addEventListener('error', ({ message }) => this.break(message))
    document.addEventListener('visibilitychange', () => this.next())
    return worker
  }

  /** One question at a time: a slow worker gets no pile of them. */
  private send(message: ToRace): void {
    if (this.waiting) {
      this.queued.push(message)
      return
    }
    this.waiting = true
    this.worker!.postMessage(message)
  }

  private hear(data: FromRace): void {
    if (this.stale) {
      if (data.kind !== 'frame' && data.kind !== 'fault') return
      this.stale = false
      this.waiting = false
      this.send(this.queued.shift()!)
      return
    }
    switch (data.kind) {
      case 'amended':
        this.onAmended(data.event)
        return
      case 'decided':
        this.decided.value = data.lanes
        return
      case 'differs':
        this.difference.value = data.difference ?? 'none'
        return
      case 'fault':
        this.waiting = false
        this.break(data.message)
        return
      case 'frame':
        this.waiting = false
        this.show(data.frame)
    }
    const queued = this.queued.shift()
    if (queued !== undefined) this.send(queued)
    else this.next()
  }

  private show(frame: RaceFrame): void {
    const now = performance.now()
    if (!this.playing.value || this.target > frame.time) this.target = frame.time
    this.frames.value = frame
    if (frame.over) {
      if (this.playing.value && this.speed.value === Infinity)
        this.took.value = now - this.startedAt
      this.playing.value = false
    }
    if (now - this.shownAt < READ_EVERY && this.playing.value) return
    this.shownAt = now
    this.shown.value = frame
  }

  private next(): void {
    if (!this.playing.value || this.waiting || this.scheduled !== 0 || document.hidden) return
    if (this.speed.value === Infinity) {
      this.send({ kind: 'go', until: Infinity, budget: FULL_BUDGET })
      return
    }
    this.scheduled = requestAnimationFrame((now) => {
      this.scheduled = 0
      if (!this.playing.value || this.waiting) return
      // After a pause of the page time did not go on.
      const span = Math.min(100, Math.max(0, now - this.askedAt))
      this.askedAt = now
      this.target += span * this.speed.value
      this.send({ kind: 'go', until: this.target, budget: BUDGET })
    })
  }

  private break(message: string): void {
    this.playing.value = false
    this.queued = []
    this.fault.value = message
  }
}
