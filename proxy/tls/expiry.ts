import { type Certificates, doubts, fileOf } from './certificates.ts'

/** How often to look, in milliseconds. */
const PAUSE = 3_600_000

/**
 * Tells of certificates that expire while they are shown to clients, once when that is near and once when it has come: most often the file
 * was renewed, and nobody has had it read. What was true at the start has been told by then.
 */
export class Expiry {
  private readonly certificates: () => Certificates
  private readonly say: (doubt: string) => void
  private readonly told: Set<string>

  /** `now`: milliseconds since 1970. */
  constructor(certificates: () => Certificates, say: (doubt: string) => void, now: number) {
    this.certificates = certificates
    this.say = say
    this.told = new Set(this.doubts(now))
  }

  /** As long as the process lives, and not a moment longer. */
  watch(): void {
    setInterval(() => this.look(Date.now()), PAUSE).unref()
  }

  look(now: number): void {
    for (const doubt of this.doubts(now)) {
      if (this.told.has(doubt)) continue
      this.told.add(doubt)
      this.say(doubt)
    }
  }

  private doubts(now: number): string[] {
    return [...this.certificates()].flatMap(([files, each]) => doubts(each, fileOf(files), now))
  }
}
