import { TraceFormatError } from './errors.ts'

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z_][\w.]*)|"([^"]+)"|([-+*/()]))/iy

/** Nobody writes that many; and each is a call on the stack. */
const DEEPEST = 100

type Term = (values: ArrayLike<number>) => number

/**
 * Arithmetic over the columns of a trace, such as `1*ContextTokens + 20*GeneratedTokens`: numbers, names, `+ - * /` and
 * parentheses. A name with other characters stands in double quotes. Nothing is ever evaluated as code.
 */
export class Expression {
  /** Each name once, in order of appearance. */
  readonly names: readonly string[]
  private readonly term: Term

  /** Throws a `TraceFormatError` that says where the text goes wrong. */
  constructor(text: string) {
    const parser = new Parser(text)
    this.term = parser.whole()
    this.names = parser.names
  }

  /** What it comes to, with the value of each name at that name's place. */
  value(values: ArrayLike<number>): number {
    return this.term(values)
  }
}

class Parser {
  readonly names: string[] = []
  private readonly text: string
  /** Where the current token begins, with the space in front of it, and where it ends. */
  private at = 0
  private end = 0
  private token: RegExpExecArray | null = null
  private depth = 0

  constructor(text: string) {
    this.text = text
    this.next()
  }

  whole(): Term {
    const term = this.sum()
    if (this.text.slice(this.at).trim() !== '') throw this.fault('an operator')
    return term
  }

  private sum(): Term {
    let left = this.product()
    for (;;) {
      const sign = this.token?.[4]
      if (sign !== '+' && sign !== '-') return left
      this.next()
      const [a, b] = [left, this.product()]
      left = sign === '+' ? (values) => a(values) + b(values) : (values) => a(values) - b(values)
    }
  }

  private product(): Term {
    let left = this.factor()
    for (;;) {
      const sign = this.token?.[4]
      if (sign !== '*' && sign !== '/') return left
      this.next()
      const [a, b] = [left, this.factor()]
      left = sign === '*' ? (values) => a(values) * b(values) : (values) => a(values) / b(values)
    }
  }

  private factor(): Term {
    if (++this.depth > DEEPEST) throw new TraceFormatError('the expression is nested too deeply')
    const term = this.innermost()
    this.depth--
    return term
  }

  private innermost(): Term {
    const { token } = this
    if (token === null) throw this.fault()
    const [, number, bare, quoted, sign] = token
    const name = bare ?? quoted
    if (sign !== undefined && sign !== '-' && sign !== '(') throw this.fault()
    this.next()
    if (number !== undefined) {
      const value = Number(number)
      return () => value
    }
    if (name !== undefined) {
      const known = this.names.indexOf(name)
      const place = known < 0 ? this.names.push(name) - 1 : known
      return (values) => values[place]
    }
    if (sign === '-') {
      const negated = this.factor()
      return (values) => -negated(values)
    }
    const inside = this.sum()
    if (this.token?.[4] !== ')') throw this.fault('a closing parenthesis')
    this.next()
    return inside
  }

  private next(): void {
    TOKEN.lastIndex = this.end
    this.token = TOKEN.exec(this.text)
    this.at = this.end
    if (this.token !== null) this.end = TOKEN.lastIndex
  }

  private fault(wanted = 'a number, a name or a parenthesis'): TraceFormatError {
    const rest = this.text.slice(this.at).trim()
    const place = rest === '' ? 'at its end' : `in front of "${rest}"`
    return new TraceFormatError(`the expression "${this.text}" needs ${wanted} ${place}`)
  }
}
