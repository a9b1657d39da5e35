import type { Listener } from './judging.ts'
import type { Target, ToldLaw } from './verdicts.ts'

/** One line on a terminal that says what is being tried; nothing at all anywhere else. */
export class Progress {
  private readonly stream: NodeJS.WriteStream
  private readonly targets: readonly Target[]
  private shown = false

  constructor(stream: NodeJS.WriteStream, targets: readonly Target[]) {
    this.stream = stream
    this.targets = targets
  }

  begin(target: Target): Listener {
    const { targets } = this
    const at = targets.length === 1 ? '' : `${targets.indexOf(target) + 1}/${targets.length} `
    this.show(`${at}${target.name}: loading`)
    return {
      onTrying: (law: ToldLaw, number: number, of: number) =>
        this.show(`${at}${target.name}: law ${number} of ${of}, ${law.id}`),
      onVerdict: () => {},
      // Whoever prints while he is judged is looking for something.
      onOutput: (text: string) => {
        this.end()
        this.stream.write(text)
      },
    }
  }

  end(): void {
    if (this.shown) this.stream.write('\r\u001B[K')
    this.shown = false
  }

  private show(text: string): void {
    if (!this.stream.isTTY) return
    this.shown = true
    this.stream.write(`\r\u001B[K${text.slice(0, (this.stream.columns || 80) - 1)}`)
  }
}
