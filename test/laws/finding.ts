/** Rules so basic that they are watched all the time; anything else is found by one law only. */
export type Basic = 'membership' | 'totality' | 'hands-off'

/** Something that should not be: thrown by those who watch, made into a `LawBroken` with its story by `examine`. */
export class Finding extends Error {
  readonly about: Basic | undefined

  constructor(text: string, about?: Basic) {
    super(text)
    this.about = about
  }
}

export function found(text: string, about?: Basic): never {
  throw new Finding(text, about)
}
