import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { isMapping, type Path, show } from './core/problems.ts'
import { ConfigError } from './errors.ts'

/** A YAML or JSON file (which is YAML, too) that remembers where everything stood. */
export class ConfigFile {
  readonly name: string
  readonly content: Record<string, unknown>
  /** Keys given twice: wrong, but the rest can be judged all the same. */
  readonly problems: readonly string[]
  private readonly document: Document
  private readonly lines = new LineCounter()

  /** Throws a `ConfigError` if the text is not YAML, or not a mapping. */
  constructor(name: string, text: string) {
    this.name = name
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false })
    const twice: string[] = []
    const broken: string[] = []
    for (const error of [...this.document.errors, ...this.document.warnings]) {
      const place = this.place(error.pos[0])
      if (error.code === 'DUPLICATE_KEY') {
        const [key] = /^("[^"]*"|'[^']*'|[^\s:,{}]*)/.exec(text.slice(error.pos[0])) ?? ['a key']
        twice.push(`${key} is given twice ${place}`)
      } else if (error.code === 'MULTIPLE_DOCS') {
        broken.push(`there must be one YAML document only ${place}`)
      } else {
        broken.push(`not valid YAML: ${error.message} ${place}`)
      }
    }
    if (broken.length > 0) throw new ConfigError(broken)
    this.problems = twice
    this.content = this.read()
  }

  /** How far into the text the value (or its key) is; if there is none, what should have held it. */
  offset(path: Path, atKey = false): number {
    const holder = this.document.getIn(path.slice(0, -1), true)
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
      : undefined
    const value = this.document.getIn(path, true)
    for (const node of atKey ? [pair?.key, value] : [value, pair?.key]) {
      if (isNode(node) && node.range) return node.range[0]
    }
    return path.length === 0 ? 0 : this.offset(path.slice(0, -1))
  }

  /** `(lb.yaml:14:13)` */
  place(offset: number): string {
    const { line, col } = this.lines.linePos(offset)
    return `(${this.name}:${line}:${col})`
  }

  private read(): Record<string, unknown> {
    let content: unknown
    try {
      content = this.document.toJS()
    } catch (error) {
      // Aliases that name nothing, or too many of them: only found now, and without a place.
      throw new ConfigError([`not valid YAML: ${(error as Error).message} (${this.name})`])
    }
    if (content === null || content === undefined) return {}
    if (isMapping(content)) return content
    throw new ConfigError([`the file must be a mapping, got ${show(content)} ${this.place(0)}`])
  }
}
