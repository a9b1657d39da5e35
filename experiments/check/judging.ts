import { type End, Warden } from '../../proxy/strategy-warden.ts'
import type { Trial } from '../../test/laws/law.ts'
import { ALONE, CHECKED_LAWS, REPLAY, toldLaw } from './laws.ts'
import { totality } from '../../test/laws/universal/basics.ts'
import type { Judgement, Target, Told, ToldLaw, ToldVerdict } from './verdicts.ts'
import type { Errand } from './ward.ts'

const PROGRAM = new URL('ward.ts', import.meta.url)

/** How long a verb may take, in milliseconds of its process's own: some hundred thousand times as long as it should. */
const PATIENCE = 2000
/** How long all laws may take together, in milliseconds. */
const LIMIT = 15 * 60_000

export interface Listener {
  onTrying(law: ToldLaw, at: number, of: number): void
  onVerdict(verdict: ToldVerdict): void
  onOutput(text: string): void
}

/** Holds one strategy to the laws, in a process of its own, which is ended when the strategy does not come back. */
export class Judging {
  readonly judgement: Judgement
  private readonly listener: Listener
  private readonly trial: Trial
  private warden: Warden | undefined
  private pending: ToldLaw[] = []
  private trying: ToldLaw | undefined
  private excuse: string | undefined
  private total = 0
  private stopped = false

  constructor(target: Target, trial: Trial, listener: Listener) {
    this.judgement = { target, verdicts: [], untried: [], unclaimed: [], doubts: [] }
    this.trial = trial
    this.listener = listener
  }

  /** Resolves when all is known that will be. `laws`: their ids; undefined for all. */
  async run(laws: readonly string[] | undefined): Promise<Judgement> {
    const { judgement } = this
    const ids = laws ?? CHECKED_LAWS.map(({ id }) => id)
    await this.runTogether(ids.filter((id) => id !== ALONE))
    const last = CHECKED_LAWS.filter(({ id }) => id === ALONE && ids.includes(id))
    if (this.hopeless) judgement.untried.push(...last.map(toldLaw))
    else await this.runTogether(last.map(({ id }) => id))
    return judgement
  }

  /** In one process, and in another one if that has to be ended. */
  private async runTogether(laws: readonly string[]): Promise<void> {
    const { judgement } = this
    let ids = laws
    while (ids.length > 0) {
      const end = await this.once(ids)
      if (judgement.unusable !== undefined || end.how === 'done' || this.stopped) break
      const law = this.trying
      if (law === undefined) {
        judgement.unusable = `${judgement.target.name} ${unusable(end)}`
        break
      }
      // What it did is the law's finding. The laws that are left are tried in another process.
      this.took(this.verdictOn(law, end))
      if (this.hopeless) break
      ids = this.pending.map(({ id }) => id)
    }
    // It said that it was done, and left laws untried for no reason that we know: never a success.
    if (this.pending.length > 0 && !this.hopeless)
      judgement.unusable = `${judgement.target.name} could not be judged: it ended its process`
    judgement.untried.push(...this.pending)
    this.pending = []
  }

  /** Every other law would only say the same again. */
  private get hopeless(): boolean {
    const { unusable, verdicts } = this.judgement
    const basic = verdicts.some(({ law, result }) => law.basic && result === 'broken')
    return basic || unusable !== undefined || this.stopped
  }

  /** Of a law whose trial came to an end that nobody wanted. */
  private verdictOn(law: ToldLaw, end: End): ToldVerdict {
    const { excuse, judgement } = this
    const found = { finding: wordsOf(end), story: [], time: 0 }
    if (excuse !== undefined) return { law, result: 'excused', reason: excuse, time: 0 }
    if (end.how !== 'stuck' || law.id === totality.id) return { law, result: 'broken', ...found }
    // Whatever was asked: that it comes back is another law, and one that may have held so far.
    const before = judgement.verdicts.findIndex((each) => each.law.id === totality.id)
    if (before >= 0) judgement.verdicts.splice(before, 1)
    return { law: toldLaw(totality), result: 'broken', by: law.id, ...found }
  }

  stop(): void {
    this.stopped = true
    this.warden?.stop()
  }

  private once(laws: readonly string[]): Promise<End> {
    const { judgement, trial } = this
    this.trying = undefined
    const data: Errand = { target: judgement.target, trial, laws }
    const warden = new Warden({
      program: PROGRAM,
      data,
      // The law of silence asks for clean tables before it measures.
      flags: ['--expose-gc'],
      patience: PATIENCE,
      limit: LIMIT,
      onMessage: (message) => this.onTold(message as Partial<Told>),
      onOutput: (text) => this.listener.onOutput(text),
    })
    this.warden = warden
    return warden.ended
  }

  private onTold(told: Partial<Told>): void {
    if (told.type === 'laws') {
      this.pending = [...told.laws!]
      this.judgement.unclaimed = told.unclaimed!
      this.judgement.doubts = told.doubts!
      this.total = this.judgement.verdicts.length + this.pending.length
    } else if (told.type === 'trying') {
      this.trying = this.pending.find(({ id }) => id === told.law)
      this.excuse = told.excuse
      this.listener.onTrying(this.trying!, this.judgement.verdicts.length + 1, this.total)
    } else if (told.type === 'verdict') {
      this.took(told.verdict!)
    } else if (told.type === 'unusable') {
      this.judgement.unusable = told.problem!
    }
  }

  private took(verdict: ToldVerdict): void {
    this.pending = this.pending.filter(({ id }) => id !== verdict.law.id)
    if (verdict.law.id === REPLAY && verdict.result === 'broken') {
      this.judgement.untried.push(...this.pending.filter(({ repeats }) => repeats))
      this.pending = this.pending.filter(({ repeats }) => repeats !== true)
    }
    this.trying = undefined
    // A basic law can be found broken after it seemed to hold, by another one.
    const { verdicts } = this.judgement
    const before = verdicts.findIndex(({ law }) => law.id === verdict.law.id)
    if (before < 0) verdicts.push(verdict)
    else verdicts[before] = verdict
    this.listener.onVerdict(verdict)
  }
}

function wordsOf(end: End): string {
  if (end.how === 'stuck' && end.verb === '')
    return 'what goes on between its verbs does not come back, as if it had spoilt what it was shown'
  if (end.how === 'stuck') return `${end.verb} did not come back within ${PATIENCE / 1000} s`
  if (end.how === 'hungry') return `it takes more than ${end.most} MiB of memory`
  if (end.how === 'late') return `it is not done after ${LIMIT / 60_000} minutes`
  return end.how === 'crashed' ? end.problem : 'it ended without a word'
}

function unusable(end: End): string {
  if (end.how === 'stuck')
    return `does not come back from ${end.verb === 'constructor' ? 'its constructor' : 'being loaded'}`
  if (end.how === 'hungry') return `takes more than ${end.most} MiB of memory to be loaded`
  return `could not be judged: ${end.how === 'crashed' ? end.problem : 'it ended without a word'}`
}
