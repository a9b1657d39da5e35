/**
 * What the simulator says names options of the command line, where most people hear it. On a page there are none: what to do there is said
 * instead. In exported files the words stay as they are, byte for byte those of the command line.
 */
export function pageWords(text: string): string {
  return text
    .replace('Give a longer --duration', 'Let it run for longer')
    .replace(
      'More with --max-reps, or a longer --duration.',
      'More replications help, or a longer run.',
    )
    .replace(
      '--spread of convert puts them',
      '“evenkeel trace convert --spread” on a terminal puts them',
    )
    .replace(
      /nobody can tell how it is written, say it with --log-format; it begins: (.*)$/,
      'nobody can tell from line 1 how it is written, which is $1. “evenkeel trace convert --log-format” on a terminal can be told',
    )
}
