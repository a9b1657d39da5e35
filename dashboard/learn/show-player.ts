import { signal } from '@preact/signals'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import type { FromRace, ToRace } from '../lab/race-messages.ts'
import type { RaceFrame } from '../race/frame.ts'
import type { Show } from './lesson.ts'

/** How long a worker may take for a picture, and for the way to the beginning, in milliseconds. */
const BUDGET = 12
const FULL_BUDGET = 200
/** What is read changes so often; and with reduced motion pictures do. */
const READ_EVERY = 250
const CALM_EVERY = 1000

/**
 * Plays what a lesson shows. Lanes of one scenario are one race; where scenarios differ there are several races, each in its worker, and all go
 * on together: their lanes are one picture.
 */
export class ShowPlayer {
  /** Every picture, for canvases; and some of them, for what is read. */
  readonly frames = signal<RaceFrame | undefined>(undefined)
  readonly read = signal<RaceFrame | undefined>(undefined)
  readonly playing = signal(false)
  readonly ended = signal(false)
  readonly fault = signal<string | undefined>(undefined)
  private readonly show: Show
  private readonly calm: boolean
  private readonly races: Worker[] = []
  /** For each lane which race it is in, and which lane of it. */
  private readonly seats: (readonly [race: number, lane: number])[] = []
  private readonly answers: (RaceFrame | undefined)[] = []
  private open = 0
  /** Nothing has happened yet: to show how it goes would tell the answer. */
  private target = 0
  private last = 0
  private readAt = 0
  private scheduled = 0

  constructor(show: Show, calm: boolean) {
    this.show = show
    this.calm = calm
    const scenarios = [...new Set(show.lanes.map(({ scenario }) => scenario))]
    const parts = scenarios.map((): Ours[] => [])
    for (const { label, scenario, strategy } of show.lanes) {
      const race = scenarios.indexOf(scenario)
      this.seats.push([race, parts[race].length])
      parts[race].push({ label, spec: strategy })
    }
    scenarios.forEach((scenario, i) => this.employ(scenario, parts[i], i))
    this.ask(FULL_BUDGET)
  }

  play(): void {
    if (this.ended.value) this.rewind()
    this.goOn()
  }

  /** From where there is something to be seen. */
  begin(): void {
    this.rewind()
    this.goOn()
  }

  private goOn(): void {
    this.playing.value = true
    this.last = performance.now()
    this.next()
  }

  pause(): void {
    this.playing.value = false
  }

  stop(): void {
    this.playing.value = false
    cancelAnimationFrame(this.scheduled)
    for (const worker of this.races) worker.terminate()
  }

  private rewind(): void {
    this.target = this.show.from
    this.ended.value = false
  }

  private employ(scenario: Scenario, contenders: readonly Ours[], place: number): void {
    const worker = new Worker(new URL('../lab/race-worker.ts', import.meta.url), { type: 'module' })
    // The answer to the start itself is a picture of nothing.
    let started = false
    worker.addEventListener('message', ({ data }: MessageEvent<FromRace>) => {
      if (data.kind === 'fault') this.break(data.message)
      if (data.kind !== 'frame') return
      if (started) this.hear(place, data.frame)
      started = true
    })
    worker.addEventListener('error', ({ message }) => this.break(message))
    this.races.push(worker)
    // What ends in the warm-up would not be told, and so not be seen.
    this.tell(worker, { kind: 'start', scenario: { ...scenario, warmup: 0 }, contenders })
  }

  private tell(worker: Worker, message: ToRace): void {
    worker.postMessage(message)
  }

  private ask(budget: number): void {
    this.open = this.races.length
    for (const worker of this.races) this.tell(worker, { kind: 'go', until: this.target, budget })
  }

  private hear(place: number, frame: RaceFrame): void {
    this.answers[place] = frame
    if (--this.open > 0) return
    const frames = this.answers as RaceFrame[]
    const time = Math.min(...frames.map((each) => each.time))
    // On the way to the beginning, or behind: nothing is to be seen yet.
    if (time < this.target - 1e-6 && frames.some((each) => !each.over && each.time < this.target)) {
      this.ask(FULL_BUDGET)
      return
    }
    const lanes = this.seats.map(([race, lane]) => frames[race].lanes[lane])
    this.frames.value = { time, over: frames.every(({ over }) => over), lanes }
    const now = performance.now()
    if (time >= this.show.until) {
      this.playing.value = false
      this.ended.value = true
    }
    if (!this.playing.value || now - this.readAt >= READ_EVERY) {
      this.readAt = now
      this.read.value = this.frames.value
    }
    this.next()
  }

  private next(): void {
    if (!this.playing.value || this.open > 0) return
    cancelAnimationFrame(this.scheduled)
    this.scheduled = requestAnimationFrame((now) => this.move(now))
  }

  private move(now: number): void {
    if (!this.playing.value || this.open > 0) return
    if (this.calm && now - this.last < CALM_EVERY) {
      this.next()
      return
    }
    // After a pause of the page time did not go on.
    const span = Math.min(this.calm ? CALM_EVERY : 100, Math.max(0, now - this.last))
    this.last = now
    this.target = Math.min(this.show.until, this.target + (span / 1000) * this.show.pace)
    this.ask(BUDGET)
  }

  private break(message: string): void {
    this.playing.value = false
    this.fault.value = message
  }
}
