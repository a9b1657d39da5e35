import { type Signal, signal } from '@preact/signals'
import { findOut } from './find-out.ts'
import { firstGuess, yours } from './guess.ts'
import type { Case, Found, Guess, Lesson } from './lesson.ts'
import { markDone } from './progress.ts'
import { inWorkers } from './runners.ts'
import { ShowPlayer } from './show-player.ts'

/** Asked; watched; told. */
export type Phase = 'ask' | 'watch' | 'told'

/** What is to be known of one lesson while somebody reads it. */
export class LessonState {
  readonly lesson: Lesson
  readonly phase = signal<Phase>('ask')
  readonly guess: Signal<Guess>
  /** All cases run while the question is read: then the truth does not keep anybody waiting. */
  readonly found = signal<Found | undefined>(undefined)
  readonly fault = signal<string | undefined>(undefined)
  readonly player: ShowPlayer
  private left = false

  constructor(lesson: Lesson, calm: boolean) {
    this.lesson = lesson
    this.guess = signal(firstGuess(lesson.ask))
    this.player = new ShowPlayer(lesson.show, calm)
    void this.run(lesson.cases)
  }

  /** The guess is made. */
  watch(): void {
    this.phase.value = 'watch'
    this.player.begin()
    const guess = this.guess.value
    if (guess.kind === 'deal') void this.run([yours(this.lesson, guess.order)])
  }

  tell(): void {
    this.phase.value = 'told'
    markDone(this.lesson.slug)
  }

  again(): void {
    this.phase.value = 'ask'
    this.player.pause()
    if (this.found.value !== undefined) {
      const { yours: _, ...rest } = this.found.value
      this.found.value = rest
    }
  }

  /** Whether all is known that is to be told. */
  get ready(): boolean {
    const found = this.found.value
    if (found === undefined) return false
    const { ask, cases } = this.lesson
    const wanted = cases.map(({ id }) => id)
    if (ask.kind === 'deal') wanted.push('yours') // It may be done before the others.
    return wanted.every((id) => found[id] !== undefined)
  }

  leave(): void {
    this.left = true
    this.player.stop()
  }

  private async run(cases: readonly Case[]): Promise<void> {
    const { measure, reps } = this.lesson
    try {
      const found = await findOut(cases, measure, reps, inWorkers)
      if (!this.left) this.found.value = { ...this.found.value, ...found }
    } catch (error) {
      if (!this.left) this.fault.value = error instanceof Error ? error.message : String(error)
    }
  }
}
