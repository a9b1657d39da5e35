import type { Hedging } from '../core/hedging.ts'

/** Who may get a second attempt beside its first. */
export interface Hedged {
  /** Its first attempt takes long. */
  hedge(): void
}

/** Rings for one request, unless it is cancelled before. */
export interface Alarm {
  readonly due: number
  readonly hedged: Hedged
  before: Alarm | undefined
  after: Alarm | undefined
}

/**
 * Rings when hedges are due. The proxy's tick is too coarse for that: a hedge after 20 ms must not wait for 100. So there is
 * a timer, but one for all requests, for the earliest alarm; most alarms are cancelled long before they ring.
 *
 * They are in order of time. As long as the delay does not change each new one is the last; when it shrinks a few are passed.
 */
export class Hedges {
  /** Another one holds for alarms that are set from then on. */
  rule: Hedging
  private readonly touch: () => number
  /** Somebody else moves time, and calls `ring`. */
  private readonly manual: boolean
  private first: Alarm | undefined
  private last: Alarm | undefined
  private timer: NodeJS.Timeout | undefined
  /** When it does; Infinity: it is not wound up. */
  private ringsAt = Infinity
  private closed = false

  constructor(rule: Hedging, touch: () => number, manual: boolean) {
    this.rule = rule
    this.touch = touch
    this.manual = manual
  }

  /** For one whose first attempt started then. Undefined: no hedge for now, since too little is known. */
  watch(hedged: Hedged, startedAt: number): Alarm | undefined {
    const due = this.rule.dueAt(startedAt)
    if (due === Infinity || this.closed) return undefined
    let before = this.last
    while (before !== undefined && before.due > due) before = before.before
    const after = before === undefined ? this.first : before.after
    const alarm: Alarm = { due, hedged, before, after }
    if (before === undefined) this.first = alarm
    else before.after = alarm
    if (after === undefined) this.last = alarm
    else after.before = alarm
    if (before === undefined) this.wind()
    return alarm
  }

  /** At most once, and not after it rang. */
  cancel({ after, before }: Alarm): void {
    if (before === undefined) this.first = after
    else before.after = after
    if (after === undefined) this.last = before
    else after.before = before
  }

  /** Rings all that are due. */
  ring(now: number): void {
    for (let alarm = this.first; alarm !== undefined && alarm.due <= now; alarm = this.first) {
      this.cancel(alarm)
      alarm.hedged.hedge()
    }
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  /** A timer that is too early finds nothing due, and is wound up again: that is cheaper than to stop it. */
  private wind(): void {
    const { first } = this
    if (this.manual || this.closed || first === undefined || this.ringsAt <= first.due) return
    clearTimeout(this.timer)
    this.ringsAt = first.due
    this.timer = setTimeout(() => this.fire(), Math.ceil(first.due - this.touch()))
  }

  private fire(): void {
    this.ringsAt = Infinity
    this.ring(this.touch())
    this.wind()
  }
}
