import type { Answer } from './source.ts'

/** A whole answer, for those who check it. */
export class Reply {
  readonly status: number
  /** From when the request was due, in milliseconds. */
  readonly response: number
  private readonly answer: Answer

  constructor(answer: Answer) {
    this.answer = answer
    this.status = answer.status
    this.response = answer.response
  }

  get text(): string {
    return this.answer.body.toString()
  }

  /** Throws if it is none: a check that does so has failed. */
  get json(): unknown {
    return JSON.parse(this.text)
  }

  /** A field's value; several are joined by commas, and one that is not there is empty. Can be taken out of the reply, as the rest can. */
  readonly header = (name: string): string => {
    const value = this.answer.fields[name.toLowerCase()]
    return typeof value === 'string' ? value : (value?.join(', ') ?? '')
  }
}
