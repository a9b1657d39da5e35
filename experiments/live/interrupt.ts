const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C and its kin: the first asks to end, the second means at once. */
export class Interrupt {
  /** Resolves at the first. */
  readonly first: Promise<void>
  private readonly asked = Promise.withResolvers<void>()
  private readonly onSecond: () => void
  private count = 0

  constructor(onSecond: () => void) {
    this.onSecond = onSecond
    this.first = this.asked.promise
    for (const signal of SIGNALS) process.on(signal, this.handle)
    // Whoever read our output has left (`evenkeel up | head`): nobody would see the rest.
    process.stdout.on('error', this.handle)
  }

  get happened(): boolean {
    return this.count > 0
  }

  /** Signals mean again what they mean without us. */
  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.handle)
  }

  private readonly handle = (cause: NodeJS.Signals | Error): void => {
    if (cause instanceof Error) return this.asked.resolve()
    this.count++
    this.asked.resolve()
    if (this.count > 1) this.onSecond()
  }
}
