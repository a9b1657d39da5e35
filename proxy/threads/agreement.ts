import type { Member } from './member.ts'
import type { Preparation, ToWorker } from './messages.ts'

/** How long a thread may take to get ready, in milliseconds. A file of the user's has been tried before, so it takes some hundredths of a second. */
const PATIENCE = 10_000

interface Round {
  readonly preparation: Preparation
  readonly waiting: Set<Member>
  readonly over: (problem?: string) => void
}

/**
 * Has all threads do the same, or none: two-phase commit. Each gets ready, which may fail; when all are, they are told to go ahead, which
 * cannot. (Jim Gray, "Notes on Data Base Operating Systems", 1978.) There is one coordinator, which the threads do not outlive, so
 * nobody is ever left waiting for its decision.
 *
 * One that dies meanwhile is not waited for. One that takes its place is told the same as the others.
 */
export class Agreement {
  private readonly tell: (message: ToWorker) => void
  private round: Round | undefined

  constructor(tell: (message: ToWorker) => void) {
    this.tell = tell
  }

  /** Resolves when all are ready; `commit` or `cancel` comes next. Rejects if one cannot: then all have been told to forget it. */
  async prepare(preparation: Preparation, members: readonly Member[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    this.round = { preparation, waiting: new Set(), over: resolve }
    for (const member of members) this.joined(member)
    const timer = setTimeout(resolve, PATIENCE, `a thread was not ready after ${PATIENCE / 1000} s`)
    if (members.length === 0) resolve(undefined)
    const problem = await promise
    clearTimeout(timer)
    if (problem === undefined) return
    this.end('cancel')
    throw new RangeError(problem)
  }

  commit(): void {
    this.end('commit')
  }

  cancel(): void {
    this.end('cancel')
  }

  /** A thread is there that does not know of it yet. */
  joined(member: Member): void {
    if (this.round === undefined) return
    this.round.waiting.add(member)
    member.post({ type: 'prepare', ...this.round.preparation })
  }

  answered(member: Member, turn: number, problem: string | undefined): void {
    const { round } = this
    if (round === undefined || round.preparation.turn !== turn) return
    if (problem !== undefined) round.over(problem)
    else this.left(member)
  }

  /** Nobody waits for one that is gone. */
  left(member: Member): void {
    const { round } = this
    if (round === undefined) return
    round.waiting.delete(member)
    if (round.waiting.size === 0) round.over()
  }

  private end(type: 'commit' | 'cancel'): void {
    const { round } = this
    if (round === undefined) return
    this.round = undefined
    this.tell({ type, turn: round.preparation.turn })
  }
}
