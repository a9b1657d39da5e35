import { didYouMean } from '../../../proxy/core/did-you-mean.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import type { Ours } from '../../../simulator/study/contender.ts'
import { oursOf } from '../../../simulator/study/ours.ts'

type Options = Record<string, unknown>

/**
 * A strategy as people write it: `power_of_two`, `power_of_two{choices: 3}`, `aperture{size: 4, over: {name: random}}`; as the command line reads
 * it. Or what is wrong with it, in words.
 */
export function readStrategy(text: string): Ours | { readonly fault: string } {
  const brace = text.indexOf('{')
  const name = (brace < 0 ? text : text.slice(0, brace)).trim()
  let options: Options = {}
  try {
    if (brace >= 0) options = new Reader(text.slice(brace)).whole()
  } catch (error) {
    return { fault: (error as Error).message }
  }
  const found = oursOf(name, options)
  if (found === undefined) return { fault: unknown(name) }
  return 'faults' in found ? { fault: found.faults.join('; ') } : found
}

function unknown(name: string): string {
  const names = STRATEGIES.flatMap((each) => [each.name, ...each.aliases])
  const meant = didYouMean(name, names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `there is no strategy ${JSON.stringify(name)}${hint}`
}

const WORD = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,:{}[\]"']+))/

/** So much of YAML's flow mappings as options need: names, numbers, words, and mappings in them. */
class Reader {
  private rest: string

  constructor(text: string) {
    this.rest = text
  }

  whole(): Options {
    const options = this.mapping(0)
    if (this.rest.trim() !== '') throw this.fault()
    return options
  }

  private mapping(depth: number): Options {
    if (depth > 8) throw this.fault()
    this.take('{')
    const found: Options = {}
    while (!this.next('}')) {
      const key = String(this.word())
      this.take(':')
      found[key] = this.next('{') ? this.mapping(depth + 1) : this.word()
      if (!this.next('}')) this.take(',')
    }
    this.take('}')
    return found
  }

  private word(): unknown {
    this.rest = this.rest.trimStart()
    const match = WORD.exec(this.rest)
    if (match === null) throw this.fault()
    this.rest = this.rest.slice(match[0].length)
    const [, double, single, bare] = match
    if (bare === undefined) return double === undefined ? single : JSON.parse(`"${double}"`)
    const word = bare.trim()
    if (word === 'true' || word === 'false') return word === 'true'
    return word !== '' && Number.isFinite(Number(word)) ? Number(word) : word
  }

  private next(character: string): boolean {
    this.rest = this.rest.trimStart()
    return this.rest.startsWith(character)
  }

  private take(character: string): void {
    if (!this.next(character)) throw this.fault()
    this.rest = this.rest.slice(1)
  }

  private fault(): Error {
    const where = this.rest.trim()
    const at = where === '' ? 'its end' : JSON.stringify(where.slice(0, 12))
    return new Error(`options must be like {choices: 3}: something is wrong at ${at}`)
  }
}
