/** What cannot be done as asked: an answer, thrown. */
export class Refusal extends Error {
  readonly status: number
  /** One of a few fixed words. */
  readonly word: string
  readonly problems: readonly string[]
  readonly fields: Readonly<Record<string, string>>

  constructor(
    status: number,
    word: string,
    problems: readonly string[] = [],
    fields: Readonly<Record<string, string>> = {},
  ) {
    super(word)
    this.status = status
    this.word = word
    this.problems = problems
    this.fields = fields
  }
}
