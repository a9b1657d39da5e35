import { buildDashboard } from '../../dashboard/build.ts'

/** Before all tests: the pages as they are now. */
export default async function setup(): Promise<void> {
  await buildDashboard()
}
