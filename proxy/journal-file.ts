import { closeSync, openSync, writeSync } from 'node:fs'
import type { Journal, JournalEntry } from './core/journal.ts'
import type { Settings, StrategySettings } from './settings.ts'

/** Written at once, in characters: some thousand decisions. */
const PIECE = 256 * 1024

/** The first line of a journal. */
export interface JournalHead {
  readonly journal: 1
  readonly strategy: StrategySettings
  /** Of the proxy's dice; null where they were drawn. */
  readonly seed: number | null
  /** What is to be added to the clock of the entries to get the machine's monotonic clock (`process.hrtime`), in milliseconds. */
  readonly origin: number
}

/** A journal in a file, one JSON line an entry. What is not yet written is when the process ends, unless it is killed. */
export class JournalFile implements Journal {
  private readonly file: number
  private text: string

  /** Throws the operating system's error if the file cannot be made. */
  constructor(name: string, { seed, strategy }: Pick<Settings, 'seed' | 'strategy'>) {
    this.file = openSync(name, 'w')
    const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now()
    const head: JournalHead = { journal: 1, strategy, seed: seed ?? null, origin }
    this.text = `${JSON.stringify(head)}\n`
    process.once('exit', () => this.close())
  }

  write(entry: JournalEntry): void {
    this.text += `${JSON.stringify(entry)}\n`
    if (this.text.length >= PIECE) this.flush()
  }

  private flush(): void {
    writeSync(this.file, this.text)
    this.text = ''
  }

  private close(): void {
    this.flush()
    closeSync(this.file)
  }
}
