import type { Chapter } from './list.ts'

/** What has been found about a question. */
export interface Answered {
  readonly answer: string
  /** What its chart shows. */
  readonly shows: string
}

/** The list of questions for the index: each with its answer and its chart. */
export function questions(
  chapters: readonly Chapter[],
  answers: Readonly<Record<string, Answered>>,
): string {
  return chapters
    .flatMap(({ experiments, title }) => [
      `## ${title}`,
      ...Object.entries(experiments).map(([name, { question }]) => {
        const { answer, shows } = answers[name]
        return `### [${question}](${name}/README.md)\n\n${answer}\n\n<img src="${name}/chart.svg" alt="${shows}">`
      }),
    ])
    .join('\n\n')
}
