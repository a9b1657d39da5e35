import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LESSONS } from '../../../dashboard/learn/lessons/index.ts'

test('the page for teachers lists the lessons in their order, with what is to be remembered of each', () => {
  const page = readFileSync(new URL('../../../docs/teachers.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (.+) \| (.+) \|$/gm)].slice(2)
  expect(rows.map(([, title, remember]) => [title, remember])).toEqual(
    LESSONS.map(({ remember, title }) => [title, remember]),
  )
})
