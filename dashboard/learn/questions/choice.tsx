import type { AskChoice } from '../lesson.ts'

interface ChoiceProps {
  readonly ask: AskChoice
  readonly option: number
  readonly onOption: (option: number) => void
}

/** One of a few. */
export function Choice({ ask, onOption, option }: ChoiceProps) {
  return (
    <fieldset class="choice">
      <legend class="unseen">{ask.prompt}</legend>
      {ask.options.map((each, at) => (
        <label key={each}>
          <input type="radio" name="choice" checked={option === at} onChange={() => onOption(at)} />
          <span>{each}</span>
        </label>
      ))}
    </fieldset>
  )
}
