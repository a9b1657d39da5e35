/** Repeats every experiment: what is checked in is what comes out, byte for byte, and what was expected holds or is explained. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Report, report } from '../../experiments/frame/files.ts'
import { questions } from '../../experiments/frame/index-page.ts'
import { CHAPTERS, EXPERIMENTS } from '../../experiments/frame/list.ts'
import { inStep } from '../../experiments/frame/page.ts'

const ROOT = fileURLToPath(new URL('../../experiments/', import.meta.url))

function read(path: string): string {
  return readFileSync(ROOT + path, 'utf8')
}

for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
  describe(name, () => {
    let repeated: Report
    test('is repeated byte for byte', () => {
      repeated = report(name, experiment, read(`${name}/README.md`))
      for (const [file, text] of Object.entries(repeated.files)) {
        expect(text, file).toBe(read(`${name}/${file}`))
      }
    })

    test('finds what was expected, or says why not', () => {
      expect(repeated.findings.length).toBeGreaterThan(0)
      for (const { holds, instead, says } of repeated.findings) {
        expect(instead === '', says).toBe(holds)
      }
    })

    test('asks one question, and answers it in one sentence', () => {
      expect(experiment.question).toMatch(/^[A-Z][^?]*\?$/)
      expect(repeated.answer).toMatch(/^[A-Z].*\.$/)
      expect(repeated.answer).not.toMatch(/[a-z)%][.?!] [A-Z]/)
    })

    test('has at least five replications', () => {
      expect(experiment.replications).toBeGreaterThanOrEqual(5)
    })
  })
}

describe('the index', () => {
  test('has every question there is', () => {
    const folders = globSync('*/scenario.ts', { cwd: ROOT }).map((path) => path.split('/')[0])
    expect(Object.keys(EXPERIMENTS).toSorted()).toEqual(folders.toSorted())
  })

  test('is in step with the answers', () => {
    const answers = Object.fromEntries(
      Object.keys(EXPERIMENTS).map((name) => {
        const { answer } = JSON.parse(read(`${name}/results.json`)) as { answer: string }
        const [, shows] = /<title>(.*)<\/title>/.exec(read(`${name}/chart.svg`))!
        return [name, { answer, shows }]
      }),
    )
    const page = read('README.md')
    expect(inStep(page, { questions: questions(CHAPTERS, answers) })).toBe(page)
  })

  test('links to what exists', () => {
    for (const [, path] of read('README.md').matchAll(/(?:\]\(|src=")([^)"]+)/g)) {
      expect(existsSync(ROOT + path), path).toBe(true)
    }
  })
})
